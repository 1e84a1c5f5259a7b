#include "cli/doctor.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "capture/live/source.hpp"
#include "cli/command_line.hpp"
#include "cli/run.hpp"
#include "decoder/decoder.hpp"
#include "decoder/import.hpp"
#include "schema_params.hpp"

namespace gyr {

namespace {

using Verdict = Finding::Verdict;
using Clock = std::chrono::steady_clock;

struct DoctorOptions {
  bool help = false;
};

constexpr CommandOption<DoctorOptions> rows[] = {
    {"-h,--help", "", "Print this help.", set_flag<&DoctorOptions::help>},
};

std::string doctor_help() {
  constexpr size_t doc_column = 22;
  return "gyr doctor: whether this host can be captured, and what is missing where not\n\n"
         "Usage: gyr doctor\n\n" +
         options_help<DoctorOptions>(rows, doc_column);
}

Finding finding_of_capabilities(const HostFacts& facts) {
  const auto missing = missing_capabilities(facts.capabilities);
  if (missing.empty())
    return {Verdict::good, "capabilities", "CAP_BPF, CAP_PERFMON and CAP_SYS_PTRACE are there"};
  const bool only_ptrace = missing.size() == 1 && missing[0] == "CAP_SYS_PTRACE";
  return {only_ptrace ? Verdict::note : Verdict::bad, "capabilities",
          fmt::format("{} missing{}", fmt::join(missing, ", "),
                      only_ptrace ? ": of other users' processes less is known" : "")};
}

/// A call that nobody else makes.
class TrialCall {
 public:
  TrialCall()
      : path_(fmt::format("/gyr-doctor-{}-{}", ::getpid(),
                          Clock::now().time_since_epoch().count())) {}

  /// The directory does not exist, so nothing happens to this process; false if it does.
  bool make() const { return ::chdir(path_.c_str()) != 0 && errno == ENOENT; }

  bool is(const Event& event) const {
    namespace call = schema::param::chdir_exit;
    return event.raw().type == schema::type::chdir_exit && event.get(call::path) == path_;
  }
  static bool has_result(const Event& event) {
    return event.get(schema::param::chdir_exit::res) == -ENOENT;
  }

 private:
  std::string path_;
};

/// The capture that is tried out: that of gyr without options, with all that it can capture.
class Trial {
 public:
  /// What is missing if it cannot be captured.
  Result<void> run(std::vector<Finding>& findings);

 private:
  Finding loaded() const;
  Finding rings() const;
  Result<Finding> watch_call();

  ProbeOptions options_{.with_self = true, .switches = true, .page_faults = true};
  std::unique_ptr<LiveSource> source_;
  State state_;
};

Finding Trial::loaded() const {
  const Probe& probe = source_->probe();
  return {Verdict::good, "probe",
          fmt::format("{} programs loaded in {:.0f} ms", probe.programs(), probe.load_ms())};
}

Finding Trial::rings() const {
  const uint32_t cpus = source_->probe().cpus();
  const size_t lifecycle = options_.lifecycle_bytes >> 20, each = options_.ring_bytes >> 20;
  return {
      Verdict::good, "rings",
      fmt::format("{} MiB for each of {} CPUs, {} MiB for the beginnings and ends of processes: "
                  "{} MiB",
                  each, cpus, lifecycle, each * cpus + lifecycle)};
}

Result<Finding> Trial::watch_call() {
  using namespace std::chrono_literals;
  constexpr auto patience = 3s;
  Decoder decoder(state_);
  const TrialCall call;
  const auto start = Clock::now();
  if (!call.make()) return fail("the system call to try it with had an unexpected result");
  while (Clock::now() - start < patience) {
    const LiveSource::Step step = source_->next();
    if (step == LiveSource::Step::end) break;
    if (step == LiveSource::Step::idle) continue;
    const Event* event = decoder.decode(source_->event());
    if (event == nullptr || !call.is(*event)) continue;
    if (!TrialCall::has_result(*event))
      return fail("a system call was captured with a wrong result");
    const std::chrono::duration<double, std::milli> taken = Clock::now() - start;
    return Finding{
        Verdict::good, "event",
        fmt::format("a chdir was captured, with its path and its result, {:.1f} ms later",
                    taken.count())};
  }
  return fail("the probe is loaded, but a system call of this process was not captured");
}

Result<void> Trial::run(std::vector<Finding>& findings) {
  auto source = LiveSource::open(options_);
  if (!source) return fail(std::move(source.error()));
  source_ = std::move(*source);
  findings.push_back(loaded());
  findings.push_back(finding_of_tracepoints(source_->probe().lacking()));
  findings.push_back(rings());
  StateImport records(state_, true);
  if (auto begun = source_->begin(records); !begun) return begun;
  findings.push_back(finding_of_proc(source_->snapshot()));
  auto seen = watch_call();
  source_->stop();
  if (!seen) return fail(std::move(seen.error()));
  findings.push_back(std::move(*seen));
  return {};
}

int examine() {
  const HostFacts facts = read_host_facts();
  std::vector<Finding> findings = findings_of_host(facts);
  const auto captured = Trial().run(findings);
  for (const Finding& finding : findings) fmt::print("{}", finding_line(finding));
  if (!captured) {
    fmt::print("{}", finding_line({Verdict::bad, "capture", captured.error().message}));
    return exit_user_error;
  }
  fmt::print("{}", finding_line({Verdict::good, "capture", "works on this host"}));
  return exit_done;
}

}  // namespace

std::vector<Finding> findings_of_host(const HostFacts& facts) {
  std::vector<Finding> findings;
  const auto add = [&](bool good, std::string_view about, std::string text) {
    findings.push_back({good ? Verdict::good : Verdict::bad, about, std::move(text)});
  };
  const auto version = kernel_version(facts.release);
  add(!version || *version >= oldest_kernel, "kernel",
      fmt::format("{} ({}.{} or later is needed)", facts.release, oldest_kernel.major,
                  oldest_kernel.minor));
  add(facts.btf, "BTF",
      facts.btf ? "/sys/kernel/btf/vmlinux is there" : "/sys/kernel/btf/vmlinux is not there");
  findings.push_back(finding_of_capabilities(facts));
  add(facts.lockdown != "confidentiality", "lockdown", facts.lockdown);
  if (facts.user_namespace)
    findings.push_back({Verdict::note, "confinement", "this process is in a user namespace"});
  if (facts.seccomp_filter)
    findings.push_back({Verdict::note, "confinement", "this process has a seccomp filter"});
  findings.push_back({facts.runs_32_bit ? Verdict::good : Verdict::note, "32-bit calls",
                      facts.runs_32_bit ? "are captured" : "the kernel runs no 32-bit programs"});
  return findings;
}

Finding finding_of_tracepoints(const std::vector<std::string>& lacking) {
  if (lacking.empty()) return {Verdict::good, "tracepoints", "the kernel has all of them"};
  return {
      Verdict::note, "tracepoints",
      fmt::format("the kernel lacks {}: such events are not captured", fmt::join(lacking, ", "))};
}

Finding finding_of_proc(const ProcCounts& counts) {
  const std::string text = fmt::format("{} processes, {} threads, {} descriptors", counts.processes,
                                       counts.threads, counts.fds);
  if (counts.incomplete == 0) return {Verdict::good, "/proc", text};
  return {Verdict::note, "/proc",
          fmt::format("{}; not read in full: {} of the processes", text, counts.incomplete)};
}

std::string finding_line(const Finding& finding) {
  constexpr std::string_view words[] = {"ok", "note", "no"};
  return fmt::format("{:<5} {:<13} {}\n", words[static_cast<size_t>(finding.verdict)],
                     finding.about, finding.text);
}

int run_doctor(std::vector<std::string> arguments) {
  DoctorOptions options;
  auto words = parse_command<DoctorOptions>(rows, options, std::move(arguments), "gyr doctor");
  if (words && !words->empty())
    words = fail(fmt::format("'{}' is too much: gyr doctor takes no arguments", (*words)[0]));
  if (!words) {
    report(words.error().message);
    return exit_user_error;
  }
  if (options.help) {
    fmt::print("{}", doctor_help());
    return exit_done;
  }
  return examine();
}

}  // namespace gyr
