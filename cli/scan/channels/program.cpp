// program_output: lines to the standard input of a command.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cli/scan/channels/channel.hpp"

extern char** environ;

namespace gyr {

namespace {

/// Gives the process. It is a group of its own: Ctrl-C is for gyr, which still has alerts for it.
Result<pid_t> spawn_shell(const std::string& command, int input) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  sigset_t changed, none;  // what gyr ignores or blocks, the program need not know
  sigemptyset(&none);
  sigemptyset(&changed);
  for (const int signal : {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM}) sigaddset(&changed, signal);
  posix_spawnattr_setsigdefault(&attributes, &changed);
  posix_spawnattr_setsigmask(&attributes, &none);
  std::string words[] = {"sh", "-c", command};
  char* const arguments[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, "/bin/sh", &actions, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return fail(fmt::format("cannot run /bin/sh: {}", std::strerror(error)));
  return pid;
}

class ProgramChannel : public Channel {
 public:
  ProgramChannel(const ProgramChannelConfig& config, bool json)
      : Channel("program_output", is_json(config.format, json)), config_(config) {}
  ~ProgramChannel() override { give_up(); }

  Result<void> deliver(const ChannelAlert& alert, const Stop& stop) override {
    if (!input_)
      if (auto begun = begin(); !begun) return begun;
    if (auto done = write_all(input_.get(), alert.line + '\n', stop); !done) {
      const auto ended = end(stop);
      return !ended ? ended : done;
    }
    return config_.keep_alive ? Result<void>() : end(stop);
  }

  Result<void> close(const Stop& stop) override { return input_ ? end(stop) : Result<void>(); }

 private:
  Result<void> begin() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return fail(std::strerror(errno));
    const UniqueFd read_end(ends[0]);
    UniqueFd write_end(ends[1]);
    ::fcntl(write_end.get(), F_SETFL, O_NONBLOCK);
    const auto pid = spawn_shell(config_.program, read_end.get());
    if (!pid) return fail(pid.error());
    pid_ = *pid;
    input_ = std::move(write_end);
    return {};
  }

  /// Closes its input and waits for it; what it says by its status is the outcome.
  Result<void> end(const Stop& stop) {
    constexpr uint64_t longest_nap = 50;  // ms
    input_ = UniqueFd();
    int status = 0;
    for (uint64_t nap = 1; ::waitpid(pid_, &status, WNOHANG) == 0;
         nap = std::min(2 * nap, longest_nap))
      if (!stop.wait(nap)) {
        give_up();
        return fail("the program has not ended in time");
      }
    pid_ = -1;
    if (WIFSIGNALED(status))
      return fail(fmt::format("the program was killed by signal {}", WTERMSIG(status)));
    if (WEXITSTATUS(status) != 0)
      return fail(fmt::format("the program has ended with status {}", WEXITSTATUS(status)));
    return {};
  }

  void give_up() {
    if (pid_ > 0) ::kill(-pid_, SIGTERM);
    pid_ = -1;
  }

  ProgramChannelConfig config_;
  UniqueFd input_;
  pid_t pid_ = -1;
};

}  // namespace

Result<ChannelPtr> make_program_channel(const ProgramChannelConfig& config, bool json) {
  if (config.program.empty()) return fail("program_output.program is empty");
  return std::make_unique<ProgramChannel>(config, json);
}

}  // namespace gyr
