#include "cli/scan/scan.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstring>
#include <thread>

#include "base/unique_fd.hpp"
#include "base/utf8.hpp"
#include "cli/interrupt.hpp"
#include "cli/run.hpp"
#include "cli/scan/channels/channels.hpp"
#include "cli/scan/explain_rule.hpp"
#include "cli/scan/live.hpp"
#include "cli/scan/output.hpp"
#include "cli/scan/rule_files.hpp"
#include "cli/scan/traces.hpp"
#include "rules/review.hpp"

namespace gyr {

namespace {

void list_rules(const rules::RuleProgram& compiled, bool verbose) {
  for (const rules::CompiledRule& rule : compiled.rules) {
    fmt::print("{:<14} {}\n", rules::priority_name(rule.priority), printable(rule.name));
    if (verbose) fmt::print("               {}\n", printable(rule.condition));
  }
}

std::vector<std::string> static_names(const ScanConfig& config) {
  std::vector<std::string> names;
  for (const auto& [name, value] : config.static_fields) names.push_back(name);
  return names;
}

rules::RuleProgram compile(const rules::Loader& loader, const ScanOptions& options,
                           rules::Findings& findings) {
  return rules::compile_rules(
      loader.definitions,
      {.wanted = [&](const rules::Rule& rule) { return is_selected(rule, options); },
       .additions = options.config.append_output,
       .static_fields = static_names(options.config),
       .warn_unused = true},
      findings);
}

std::vector<std::string> all_traces(const ScanOptions& options) {
  std::vector<std::string> traces;
  for (const std::string& path : options.traces)
    for (std::string& trace : files_of(path, {".scap", ".scap.gz", ".scap.zst"}))
      traces.push_back(std::move(trace));
  return traces;
}

Result<UniqueFd> open_output(const std::string& path) {
  const int fd = path.empty() || path == "-"
                     ? ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
                     : ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return fail(fmt::format("cannot write {}: {}", path, std::strerror(errno)));
  return UniqueFd(fd);
}

void show_profile(const rules::Profile& profile) {
  Writer to(STDERR_FILENO, false);
  append_profile(to.line(), profile);
}

/// The output that was asked for and the channels, as one.
class AllOutputs {
 public:
  void add(AlertOutput* output) {
    if (output != nullptr) outputs_.push_back(output);
  }
  rules::AlertParts parts() const {
    rules::AlertParts parts{.details = 0};
    for (const AlertOutput* output : outputs_) parts |= output->parts();
    return parts;
  }
  void alert(const rules::Alert& alert) {
    for (AlertOutput* output : outputs_) output->alert(alert);
  }
  void trace_ended(const ScannedTrace& trace) {
    for (AlertOutput* output : outputs_) output->trace_ended(trace);
  }
  void finish() {
    for (AlertOutput* output : outputs_) output->finish();
  }

 private:
  std::vector<AlertOutput*> outputs_;
};

int scan(const rules::Loader& loader, const rules::RuleProgram& compiled,
         const ScanOptions& options) {
  auto file = open_output(options.output);
  if (!file) {
    report(file.error().message);
    return exit_user_error;
  }
  catch_interrupts();
  Writer out(file->get(), options.is_live() || ::isatty(file->get()) == 1);
  const ScanContext context{options, compiled.rules};
  auto channels = Channels::open(options.config, compiled.rules, options.is_live());
  if (!channels) {
    report(channels.error().message);
    return exit_user_error;
  }
  const auto output = options.silent ? nullptr : make_output(options.format, out, context);
  AllOutputs outputs;
  outputs.add(output.get());
  outputs.add(channels->get());
  const std::vector<std::string> traces = all_traces(options);  // alerts and outputs name them
  uint64_t alerts = 0;
  const auto found = [&](const rules::Alert& alert) {
    ++alerts;
    outputs.alert(alert);
    return out.ok();
  };
  rules::SharedProfile profile;
  const auto ended = [&](const ScannedTrace& trace) {
    if (trace.error) report(std::string(trace.path), *trace.error);
    outputs.trace_ended(trace);
  };
  const auto make_detector = [&] {
    rules::Findings said_before;
    return std::make_unique<rules::Detector>(compile(loader, options, said_before), options.first,
                                             outputs.parts(), options.config.style,
                                             options.profile ? &profile : nullptr);
  };
  const unsigned jobs = options.jobs != 0 ? options.jobs : std::thread::hardware_concurrency();
  int status = exit_done;
  if (!options.is_live())
    status = scan_traces(traces, jobs, make_detector, found, ended);
  else if (status = scan_live(options.capture, *make_detector(), found);
           status != exit_done && options.capture.live.command.empty())
    outputs.trace_ended({"", 0, 0, 0, Error{"the capture has failed", std::nullopt}});
  outputs.finish();
  out.flush();
  if (!out.failure().empty()) {
    report("cannot write: " + out.failure());
    return exit_user_error;
  }
  if (options.profile) show_profile(profile.total());
  if (*channels != nullptr && !(*channels)->complete()) return exit_user_error;
  return status == exit_done && options.exit_code && alerts != 0 ? exit_matched : status;
}

/// As Falco's shipped configuration relies on, but not in silence.
void drop_missing(std::vector<std::string>& rule_files) {
  std::erase_if(rule_files, [](const std::string& path) {
    if (::access(path.c_str(), F_OK) == 0) return false;
    fmt::print(stderr, "warning: {}, one of rules_files, does not exist\n", path);
    return true;
  });
}

/// Reads the configuration; what is doubtful in it is shown.
Result<void> configure(ScanOptions& options) {
  ConfigReading reading = read_config(options.config_file, options.settings);
  for (const std::string& warning : reading.warnings) fmt::print(stderr, "{}\n", warning);
  for (const std::string& error : reading.errors) fmt::print(stderr, "{}\n", error);
  if (const size_t errors = reading.errors.size(); errors != 0)
    return fail(fmt::format("{} error{} in the configuration", errors, errors == 1 ? "" : "s"));
  if (options.rule_files.empty()) drop_missing(reading.config.rules_files);
  return use_config(options, std::move(reading.config));
}

}  // namespace

int run_scan(std::vector<std::string> arguments) {
  auto options = parse_scan(std::move(arguments));
  if (const auto status = ends_with_options("scan", options, scan_help)) return *status;
  if (options->list_config) {
    fmt::print("{}", list_config());
    return exit_done;
  }
  if (const auto done = configure(*options); !done) {
    report("scan: " + done.error().message);
    return exit_user_error;
  }
  rules::Loader loader;
  load_rule_files(loader, options->rule_files);
  const rules::RuleProgram compiled = compile(loader, *options, loader.findings);
  rules::review_rules(compiled, {.first_only = options->first}, loader.findings);
  if (!show_findings(loader, options->verbose || options->validate)) return exit_user_error;
  if (options->validate) {
    const size_t count = loader.definitions.rules.size();
    fmt::print("{} rule{} valid\n", count, count == 1 ? " is" : "s are");
    return exit_done;
  }
  if (compiled.rules.empty() && options->explain_rule.empty())
    report("scan: no rule is left: all are disabled or left out by what was asked for");
  if (options->list_rules) {
    list_rules(compiled, options->verbose);
    return exit_done;
  }
  if (!options->explain_rule.empty()) return explain_rule(loader.definitions, *options);
  return scan(loader, compiled, *options);
}

}  // namespace gyr
