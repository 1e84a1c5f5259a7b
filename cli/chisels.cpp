#include "cli/chisels.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "chisels/arguments.hpp"
#include "chisels/listing.hpp"
#include "cli/output/formats.hpp"
#include "cli/output/writer.hpp"
#include "cli/run.hpp"

namespace gyr {

namespace {

// In the words that are joined; they stand in no name.
constexpr char between = '\n';  // the name and its arguments
const std::string today_mark = "\t";

int print_text(const std::string& text) {
  std::signal(SIGPIPE, SIG_IGN);
  Writer out(STDOUT_FILENO, false);
  out.line().append(text);
  out.flush();
  if (out.failure().empty()) return exit_done;
  report("cannot write: " + out.failure());
  return exit_user_error;
}

/// What a chisel prints and what gyr prints for it go through the same buffer. Who reads a pipe
/// sees every line at once.
void prepare_output() {
  struct stat info {};
  const bool is_file = ::fstat(STDOUT_FILENO, &info) == 0 && S_ISREG(info.st_mode);
  std::setvbuf(stdout, nullptr, is_file ? _IOFBF : _IOLBF, 64 * 1024);
}

}  // namespace

Result<std::vector<std::string>> join_chisel_words(std::vector<std::string> arguments) {
  std::vector<std::string> joined;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--") {
      joined.insert(joined.end(), arguments.begin() + static_cast<ptrdiff_t>(i), arguments.end());
      return joined;
    }
    std::string name;
    if (word == "-cl" || word == "--list-chisels") {
      joined.emplace_back("--list-chisels");
      continue;
    }
    const bool apart = word == "-c" || word == "--chisel";
    if (apart && i + 1 == arguments.size()) return fail("-c: which chisel? gyr -cl lists them");
    if (apart)
      name = arguments[++i];
    else if (word.starts_with("-c") && word.size() > 2)
      name = word.substr(2);
    else if (word.starts_with("--chisel="))
      name = word.substr(word.find('=') + 1);
    if (name.empty()) {
      joined.push_back(word);
      continue;
    }
    if (name == "l") {
      joined.emplace_back("--list-chisels");
      continue;
    }
    const auto description = chisels::describe(name);
    if (!description) return fail("-c: " + description.error().message);
    joined.emplace_back("--chisel");
    joined.push_back((description->for_today ? today_mark : "") + name);
    const auto rest = std::span(arguments).subspan(i + 1);
    if (chisels::takes_word(*description, rest)) {
      if (rest.empty())
        return fail(
            fmt::format("-c: chisel {} needs arguments; gyr -i {} describes them", name, name));
      joined.back() += between + arguments[++i];
    }
  }
  return joined;
}

Result<void> add_chisel(Options& options, const std::string& word) {
  const size_t end = std::min(word.find(between), word.size());
  chisels::ChiselRequest request{word.substr(0, end), {}, false};
  if (request.name.starts_with(today_mark)) {
    request.for_today = true;
    request.name.erase(0, 1);
  }
  if (end != word.size()) {
    auto values = chisels::split_arguments(request.name, std::string_view(word).substr(end + 1));
    if (!values) return fail(std::move(values.error()));
    request.values = std::move(*values);
  }
  options.chisels.push_back(std::move(request));
  return {};
}

int run_list_chisels(const Options& options) {
  const std::string text = chisels::list_text(chisels::describe_all(), options.filter_words);
  if (text.empty()) {
    report(options.filter_words.empty()
               ? "no chisels are found"
               : fmt::format("no chisel has '{}'", fmt::join(options.filter_words, " ")));
    return exit_user_error;
  }
  return print_text(text + "\nUse gyr -i NAME to learn more of one of them\n");
}

int run_describe_chisel(const Options& options) {
  const auto chisel = chisels::describe(options.described_chisel);
  if (!chisel) {
    report(chisel.error().message);
    return exit_user_error;
  }
  return print_text(chisels::description_text(*chisel));
}

Result<std::unique_ptr<ChiselRun>> ChiselRun::open(const Options& options,
                                                   filter::Settings& settings) {
  prepare_output();
  settings.render.buffer_limit = 0;  // chisels get buffers whole
  auto run = std::make_unique<ChiselRun>();
  run->host = {.live = options.traces.empty(),
               .terminal = ::isatty(STDOUT_FILENO) == 1,
               .container_data = options.format && std::ranges::any_of(stock_formats(),
                                                                       [&](const StockFormat& f) {
                                                                         return f.format ==
                                                                                *options.format;
                                                                       }),
               .json = options.json && settings.render.buffers == BufferMode::dots,
               .buffers_chosen = options.json || settings.render.buffers != BufferMode::dots,
               .filter = fmt::format("{}", fmt::join(options.filter_words, " ")),
               .source_name = options.traces.empty() ? "" : options.traces.front(),
               .default_format = std::string(default_format),
               .settings = &settings};
  auto set = chisels::ChiselSet::open(options.chisels, run->host);
  if (!set) return fail(std::move(set.error()));
  run->set = std::move(*set);
  return run;
}

void ChiselRun::check(Result<void> done) {
  if (done) return;
  std::fflush(stdout);
  if (!failed_) report(done.error().message);
  failed_ = true;
}

void ChiselRun::start(const State& state) {
  if (started_) return;
  started_ = true;
  check(set->start(state));
}

void ChiselRun::tick(uint64_t ts, const State& state) {
  start(state);
  if (!failed_) check(set->tick(ts));
}

void ChiselRun::trace_ends(const State& state, uint64_t last_ts) {
  start(state);
  host.last_ts = std::max(host.last_ts, last_ts);
  check(set->finish());  // after an error too: what was gathered until then is worth seeing
  started_ = false;
  std::fflush(stdout);
}

bool ChiselRun::output_closed() { return ::ferror_unlocked(stdout) != 0; }

int run_again(const std::vector<std::string>& arguments) {
  std::vector<char*> words = {const_cast<char*>("gyr")};
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  ::execv("/proc/self/exe", words.data());
  report(fmt::format("cannot run again: {}", std::strerror(errno)));
  return exit_internal;
}

}  // namespace gyr
