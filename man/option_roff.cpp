// Prints the parts of gyr(8) and gyr-test(8) that come from tables of the command line, those that
// the parser uses.
//
//   option_roff PART     options, info_options, info_keys, convert_options, merge_options,
//                        test_options or state
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "cli/convert.hpp"
#include "cli/info.hpp"
#include "cli/merge.hpp"
#include "cli/options.hpp"
#include "cli/scan/config/keys.hpp"
#include "cli/scan/options.hpp"
#include "cli/test/options.hpp"
#include "decoder/state.hpp"
#include "man/roff.hpp"
#include "rules/loader.hpp"

namespace {

using namespace gyr;

/// "-n, --numevents" in bold, from "-n,--numevents".
std::string in_bold(std::string_view names) {
  std::string text;
  while (!names.empty()) {
    const size_t end = std::min(names.find(','), names.size());
    if (!text.empty()) text += ", ";
    text += roff::bold(names.substr(0, end));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return text;
}

void print_item(const std::string& title, std::string_view doc) {
  fmt::print(".TP\n{}\n{}\n", title, roff::escaped(doc));
}

template <class Row>
void print_rows(std::span<const Row> rows) {
  for (const Row& row : rows) {
    std::string title = in_bold(row.names);
    if (!row.argument.empty()) title += fmt::format(" {}", roff::italic(row.argument));
    print_item(title, row.doc);
  }
}

void print_info_keys() {
  for (const InfoKeyRow& row : info_json_keys()) print_item(roff::bold(row.key), row.doc);
}

/// By groups, which are sections.
void print_config_keys() {
  std::string_view group;
  for (const ConfigKey& key : config_keys()) {
    const std::string_view own = key.name.substr(0, key.name.find('.') + 1);
    if (own != group && !own.empty())
      fmt::print(".SS {}\n", roff::escaped(own.substr(0, own.size() - 1)));
    group = own;
    print_item(fmt::format("{} ({}; {})", roff::bold(key.name), roff::escaped(key.type),
                           roff::escaped(key.preset)),
               key.doc);
  }
}

/// The bounds of the state.
void print_state() {
  constexpr size_t mib = size_t{1} << 20;
  print_item(
      roff::bold("threads"),
      fmt::format("At {} threads, or with more than {} MiB of names, arguments and environments, a "
                  "new thread takes the place of the one that had no event for the longest time.",
                  ThreadTable::default_limit, ThreadTable::text_limit / mib));
  print_item(roff::bold("descriptors"),
             fmt::format("Those from 0 to {} are kept in pages of 64, which a process shares with "
                         "its parent until one of them changes; all processes together may have {} "
                         "pages. Of other numbers a process may have {}. What does not fit is not "
                         "remembered; it prints as a bare number.",
                         FdTable::max_paged_fd, FdUsage::max_pages, FdTable::max_unpaged));
  print_item(roff::bold("users, groups"),
             fmt::format("{} names each, of {} bytes.", NameTable::max_names, NameTable::max_name));
  print_item(roff::bold("containers"),
             fmt::format("What the trace says of {} containers, up to {} MiB together.",
                         ContainerTable::max_containers, ContainerTable::max_bytes / mib));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view part = argc == 2 ? argv[1] : "";
  if (part == "options") {
    print_rows(option_table());
  } else if (part == "info_options") {
    print_rows(info_option_table());
  } else if (part == "info_keys") {
    print_info_keys();
  } else if (part == "convert_options") {
    print_rows(convert_options());
  } else if (part == "merge_options") {
    print_rows(merge_options());
  } else if (part == "test_options") {
    print_rows(test_options());
  } else if (part == "config_keys") {
    print_config_keys();
  } else if (part == "scan_options") {
    print_rows(scan_options());
  } else if (part == "engine_version") {
    fmt::print("{}\n", rules::engine_version);
  } else if (part == "state") {
    print_state();
  } else {
    fmt::print(stderr, "usage: option_roff PART\n");
    return 1;
  }
  return 0;
}
