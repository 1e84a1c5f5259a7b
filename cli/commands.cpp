#include "cli/commands.hpp"

#include <algorithm>

#include "cli/completion.hpp"
#include "cli/convert.hpp"
#include "cli/doctor.hpp"
#include "cli/info.hpp"
#include "cli/merge.hpp"
#include "cli/scan/options.hpp"
#include "cli/scan/scan.hpp"
#include "cli/test/options.hpp"
#include "cli/test/test.hpp"

namespace gyr {

namespace {

template <class Options, std::span<const CommandOption<Options>> (*table)()>
std::vector<CommandRow> rows_of() {
  return untyped<Options>(table(), nullptr);
}

std::vector<CommandRow> no_rows() { return {}; }

constexpr Command all[] = {
    {"doctor", "whether this host can be captured", run_doctor, no_rows},
    {"info", "what traces hold", run_info, rows_of<InfoOptions, info_option_table>},
    {"convert", "compress otherwise, cut, filter", run_convert,
     rows_of<ConvertOptions, convert_options>},
    {"merge", "join traces by time", run_merge, rows_of<MergeOptions, merge_options>},
    {"scan", "Falco rules over traces", run_scan, rows_of<ScanOptions, scan_options>},
    {"test", "cases of Falco rules", run_test, rows_of<TestOptions, test_options>},
    {"completion", "print what a shell needs to complete gyr's words", run_completion, no_rows},
};

}  // namespace

std::span<const Command> commands() { return all; }

const Command* find_command(std::string_view name) {
  const auto found = std::ranges::find(all, name, &Command::name);
  return found == std::end(all) ? nullptr : &*found;
}

}  // namespace gyr
