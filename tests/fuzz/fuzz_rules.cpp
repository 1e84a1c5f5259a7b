// A rule file.
//
// Checked beyond memory and undefined behaviour: every finding stands inside of the file and can be
// shown.
#include <algorithm>
#include <string>

#include "rules/compile.hpp"
#include "rules/loader.hpp"
#include "rules/review.hpp"
#include "tests/fuzz/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace gyr;
  using namespace gyr::fuzz;
  constexpr size_t longest = 1 << 14;  // lists in lists make texts grow
  rules::Loader loader;
  const std::string text(reinterpret_cast<const char*>(data), std::min(size, longest));
  loader.load(loader.files.add("rules.yaml", text));
  loader.check_plugins();
  const rules::RuleProgram compiled = rules::compile_rules(
      loader.definitions, {.wanted = {}, .warn_unused = true}, loader.findings);
  rules::review_rules(compiled, {.first_only = true}, loader.findings);
  for (const rules::Finding& finding : loader.findings.all()) {
    check(finding.place.file == 0 && finding.place.at <= text.size(), "a finding outside");
    render(finding, loader.files);
  }
  return 0;
}
