#include "cli/scan.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

#include "base/unique_fd.hpp"
#include "capture/file/reader.hpp"
#include "cli/interrupt.hpp"
#include "cli/output/writer.hpp"
#include "cli/run.hpp"
#include "decoder/decoder.hpp"
#include "decoder/import.hpp"
#include "rules/alert.hpp"
#include "rules/engine.hpp"
#include "rules/loader.hpp"

namespace gyr {

namespace {

constexpr int exit_matched = 3;

std::string scan_help() {
  constexpr size_t doc_column = 28;
  return "gyr scan: Falco rule files over traces\n\n"
         "Usage: gyr scan -r RULES... [options] TRACE...     a TRACE of - is standard input\n\n" +
         options_help<ScanOptions>(scan_options(), doc_column);
}

/// A directory stands for the files in it that end so, by name.
std::vector<std::string> files_of(const std::string& path,
                                  std::initializer_list<std::string_view> ends) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) return {path};
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(path, ignored)) {
    const std::string name = entry.path().string();
    if (std::ranges::any_of(ends, [&](std::string_view end) { return name.ends_with(end); }))
      files.push_back(name);
  }
  std::ranges::sort(files);
  return files;
}

void load_file(rules::Loader& loader, const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  if (!in) {
    const uint32_t file = loader.files.add(path, "");
    loader.findings.error(rules::Code::file_read, {file, 0}, "the file cannot be read");
    return;
  }
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
  loader.load(loader.files.add(path, std::move(text)));
}

/// Every file must be right with those before it alone, as in Falco.
void load_all(rules::Loader& loader, const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    for (const std::string& file : files_of(path, {".yaml", ".yml"})) {
      load_file(loader, file);
      rules::Findings so_far;
      rules::compile_rules(loader.definitions, {}, so_far);
      for (const rules::Finding& finding : so_far.all())
        if (rules::is_error(finding.code)) loader.findings.add(finding);
    }
  }
  loader.check_plugins();
}

void show_findings(rules::Loader& loader, bool all) {
  loader.findings.sort();
  for (const rules::Finding& finding : loader.findings.all()) {
    const bool matters = rules::is_error(finding.code) ||
                         finding.code == rules::Code::unknown_source ||
                         finding.code == rules::Code::no_evttype;
    if (all || matters) fmt::print(stderr, "{}\n", render(finding, loader.files));
  }
}

/// What is known of the alerts of one rule.
struct Group {
  uint64_t count = 0, first_ts = 0, last_ts = 0, first_num = 0;
  std::string trace, example, ancestry;
};

class Scan {
 public:
  Scan(rules::Engine& engine, const ScanOptions& options, int fd)
      : engine_(engine), options_(options), out_(fd, false) {
    settings_.as_falco = true;
    outputs_need_enter_ = rules::AlertWriter(engine.rules(), "").needs_enter();
  }

  int trace(const std::string& path);
  void finish();
  uint64_t alerts() const { return alerts_; }

 private:
  void alert(const rules::CompiledRule& rule, const filter::Moment& moment);
  void count(const rules::CompiledRule& rule, const filter::Moment& moment);

  rules::Engine& engine_;
  const ScanOptions& options_;
  Writer out_;
  filter::Settings settings_;
  std::unique_ptr<rules::AlertWriter> writer_;
  std::map<const rules::CompiledRule*, Group> groups_;
  std::string path_;
  uint64_t alerts_ = 0;
  bool outputs_need_enter_;
};

int Scan::trace(const std::string& path) {
  path_ = path;
  EventTypes wanted = engine_.types() | state_event_types();
  for (size_t id = 0; id + 1 < wanted.size(); id += 2)
    if (wanted[id + 1]) wanted.set(id);
  auto opened = TraceReader::open(path, wanted);
  if (!opened) {
    report(path, opened.error());
    return exit_user_error;
  }
  TraceReader& reader = **opened;
  State state;
  Decoder decoder(state);
  writer_.reset();
  if (engine_.needs_enter() || outputs_need_enter_) decoder.keep_enter_events();
  StateImport records(state, true);
  filter::Stream stream;
  uint64_t passed_over = 0;
  while (out_.ok() && !interrupted() && reader.next(records) == TraceReader::Step::event) {
    decoder.pass_over(reader.passed_over() - passed_over);
    passed_over = reader.passed_over();
    const Event* event = decoder.decode(reader.event());
    stream.first_ts = decoder.first_ts();
    if (event == nullptr || (reader.event().flags & state_only) != 0) continue;
    const filter::Moment moment{*event, state, settings_, stream};
    engine_.match(moment, [&](const rules::CompiledRule& rule) { alert(rule, moment); });
  }
  out_.flush();
  if (!reader.error() || interrupted()) return exit_done;
  report(path, *reader.error());
  return exit_user_error;
}

void Scan::alert(const rules::CompiledRule& rule, const filter::Moment& moment) {
  ++alerts_;
  if (writer_ == nullptr)
    writer_ = std::make_unique<rules::AlertWriter>(engine_.rules(), moment.state.machine.hostname);
  if (options_.format == AlertFormat::report) return count(rule, moment);
  if (options_.format == AlertFormat::json)
    writer_->append_json(out_.line(), rule, moment);
  else
    writer_->append_text(out_.line(), rule, moment);
  out_.line().append('\n');
  out_.commit();
}

/// The default view shows the first alert of each rule, and how many there were.
void Scan::count(const rules::CompiledRule& rule, const filter::Moment& moment) {
  Group& group = groups_[&rule];
  group.last_ts = moment.event.raw().ts;
  if (group.count++ != 0) return;
  group.first_ts = group.last_ts;
  group.first_num = moment.event.num();
  group.trace = path_;
  Text text;
  writer_->append_message(text, rule, moment);
  std::string escaped;
  for (const char c : text.view())
    escaped += static_cast<unsigned char>(c) < ' ' || c == 0x7f ? '.' : c;
  group.example = escaped;
  constexpr int most = 8;
  const Thread* thread = moment.event.thread();
  for (int depth = 0; thread != nullptr && depth < most; ++depth) {
    std::string name = thread->comm;
    std::ranges::replace_if(
        name, [](char c) { return static_cast<unsigned char>(c) < ' '; }, '.');
    group.ancestry =
        fmt::format("{} ({}){}{}", name, thread->pid, depth == 0 ? "" : " > ", group.ancestry);
    thread = moment.state.threads.find(thread->ptid);
  }
}

void Scan::finish() {
  for (const auto& [rule, group] : groups_) {
    Text& to = out_.line();
    to.append(fmt::format("{}  {}  {} time{}\n", rules::priority_name(rule->priority), rule->name,
                          group.count, group.count == 1 ? "" : "s"));
    to.append("  first ");
    rules::append_utc(to, group.first_ts);
    to.append("  last ");
    rules::append_utc(to, group.last_ts);
    to.append(fmt::format("\n  {}\n  by {}\n", group.example, group.ancestry));
    to.append(fmt::format("  look closer: gyr -r '{}' 'evt.num>={}' -n 20\n\n", group.trace,
                          group.first_num));
    out_.commit();
  }
  if (options_.format == AlertFormat::report)
    out_.line().append(fmt::format("{} alert{} of {} rule{}\n", alerts_, alerts_ == 1 ? "" : "s",
                                   groups_.size(), groups_.size() == 1 ? "" : "s"));
  out_.flush();
}

void list_rules(const rules::RuleProgram& compiled, bool verbose) {
  for (const rules::CompiledRule& rule : compiled.rules) {
    fmt::print("{:<14} {}\n", rules::priority_name(rule.priority), rule.name);
    if (verbose) fmt::print("               {}\n", rule.condition);
  }
}

int scan_traces(rules::RuleProgram compiled, const ScanOptions& options) {
  UniqueFd file;
  if (!options.output.empty() && options.output != "-") {
    file = UniqueFd(::open(options.output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (file.get() < 0) {
      report(fmt::format("cannot write {}", options.output));
      return exit_user_error;
    }
  }
  catch_interrupts();
  rules::Engine engine(std::move(compiled), options.first);
  Scan scan(engine, options, file.get() >= 0 ? file.get() : STDOUT_FILENO);
  int status = exit_done;
  for (const std::string& path : options.traces)
    for (const std::string& trace : files_of(path, {".scap", ".scap.gz", ".scap.zst"}))
      if (!interrupted()) status = std::max(status, scan.trace(trace));
  scan.finish();
  return status == exit_done && options.exit_code && scan.alerts() != 0 ? exit_matched : status;
}

}  // namespace

int run_scan(std::vector<std::string> arguments) {
  auto options = parse_scan(std::move(arguments));
  if (!options) {
    report("scan: " + options.error().message);
    return exit_user_error;
  }
  if (options->help) {
    fmt::print("{}", scan_help());
    return exit_done;
  }
  rules::Loader loader;
  load_all(loader, options->rule_files);
  rules::RuleProgram compiled = rules::compile_rules(
      loader.definitions,
      {.wanted = [&](const rules::Rule& rule) { return is_selected(rule, *options); },
       .suggested_output = true,
       .warn_unused = true},
      loader.findings);
  show_findings(loader, options->verbose || options->validate);
  if (const size_t errors = loader.findings.errors(); errors != 0) {
    report(fmt::format("{} error{} in the rule files", errors, errors == 1 ? "" : "s"));
    return exit_user_error;
  }
  if (options->validate) {
    fmt::print("{} rules are valid\n", loader.definitions.rules.size());
    return exit_done;
  }
  if (options->list_rules) {
    list_rules(compiled, options->verbose);
    return exit_done;
  }
  return scan_traces(std::move(compiled), *options);
}

}  // namespace gyr
