#include "cli/scan/html/nearby.hpp"

#include <filesystem>

#include "cli/interrupt.hpp"
#include "cli/output/printer.hpp"
#include "filter/replay.hpp"

namespace gyr {

namespace {

/// The default line, but for the number and the time.
constexpr std::string_view line_format =
    "*%evt.cpu %proc.name (%thread.tid) %evt.dir %evt.type %evt.info";

/// What gyr -r prints.
bool is_printed(const Event* event) {
  return event != nullptr && !event->is_hidden() && !event->is_leading() &&
         event->info().category != schema::Category::internal;
}

}  // namespace

bool can_read_again(const std::string& trace) {
  std::error_code ignored;
  return trace != "-" && std::filesystem::is_regular_file(trace, ignored);
}

Result<void> read_nearby(const std::string& trace, const std::vector<uint64_t>& nums,
                         uint64_t reach, const std::function<void(NearbyEvent)>& found) {
  auto opened = TraceReader::open(trace);
  if (!opened) return fail(opened.error());
  TraceReader& reader = **opened;
  Options options;
  options.format = line_format;
  auto printer = Printer::make(options);
  filter::Replay replay(reader);
  const filter::Settings settings;
  Text line;

  auto next = nums.begin();  // the first one that is not too far behind
  while (next != nums.end() && !interrupted() && replay.next()) {
    const Event* event = replay.decode();
    const uint64_t num = replay.events();
    while (next != nums.end() && num > *next + reach) ++next;
    if (next == nums.end() || num + reach < *next || !is_printed(event)) continue;
    line.clear();
    printer->append(line, replay.moment(*event, settings));
    line.truncate(line.size() - 1);  // the newline
    found({event->num(), event->raw().ts, event->raw().tid, std::string(line.view())});
  }
  if (reader.error()) return fail(*reader.error());
  return {};
}

}  // namespace gyr
