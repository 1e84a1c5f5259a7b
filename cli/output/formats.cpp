#include "cli/output/formats.hpp"

#include "filter/format.hpp"

namespace gyr {

namespace {

// What a trace tells of a container's place in Kubernetes is in its labels; of Mesos it has
// nothing.
constexpr StockFormat formats[] = {
    {"c", "container",
     "*%evt.num %evt.outputtime %evt.cpu %container.name (%container.id) %proc.name "
     "(%thread.tid:%thread.vtid) %evt.dir %evt.type %evt.info"},
    {"k", "kubernetes",
     "*%evt.num %evt.outputtime %evt.cpu %k8s.pod.name (%container.id) %proc.name "
     "(%thread.tid:%thread.vtid) %evt.dir %evt.type %evt.info"},
    {"m", "mesos",
     "*%evt.num %evt.outputtime %evt.cpu <NA> (%container.id) %proc.name "
     "(%thread.tid:%thread.vtid) %evt.dir %evt.type %evt.info"},
};

}  // namespace

std::span<const StockFormat> stock_formats() { return formats; }

std::string format_of(std::string_view argument) {
  for (const StockFormat& stock : formats)
    if (argument == stock.letter || argument == stock.name) return std::string(stock.format);
  return filter::unescape_format(argument);
}

}  // namespace gyr
