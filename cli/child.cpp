#include "cli/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "cli/interrupt.hpp"

namespace gyr {

namespace {

struct Identity {
  std::string name;
  uid_t uid;
  gid_t gid;
};

Result<std::optional<Identity>> identity_of(const std::string& user) {
  std::string name = user;
  const char* sudo_user = std::getenv("SUDO_USER");
  if (name.empty() && ::geteuid() == 0 && sudo_user != nullptr) name = sudo_user;
  if (name.empty()) return std::nullopt;
  const passwd* entry = ::getpwnam(name.c_str());
  if (entry == nullptr) return fail(fmt::format("there is no user '{}'", name));
  return Identity{name, entry->pw_uid, entry->pw_gid};
}

/// In the child: becomes the user; false when it may not.
bool become(const Identity& identity) {
  return ::initgroups(identity.name.c_str(), identity.gid) == 0 && ::setgid(identity.gid) == 0 &&
         ::setuid(identity.uid) == 0;
}

/// In the child: waits for a byte, then is the command. What goes wrong is written as an errno.
[[noreturn]] void run_child(std::vector<char*>& arguments, const std::optional<Identity>& identity,
                            int go, int failure) {
  char byte = 0;
  ssize_t got = 0;
  do got = ::read(go, &byte, 1);
  while (got < 0 && errno == EINTR);
  if (got != 1) ::_exit(127);
  release_interrupts();
  if (!identity || become(*identity)) ::execvp(arguments[0], arguments.data());
  const int error = errno;
  [[maybe_unused]] const ssize_t told = ::write(failure, &error, sizeof(error));
  ::_exit(127);
}

}  // namespace

Result<std::unique_ptr<Child>> Child::start(const std::vector<std::string>& command,
                                            const std::string& user) {
  const auto identity = identity_of(user);
  if (!identity) return fail(identity.error());
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  int go[2], failure[2];
  if (::pipe2(go, O_CLOEXEC) != 0 || ::pipe2(failure, O_CLOEXEC) != 0)
    return fail(fmt::format("cannot start a process: {}", std::strerror(errno)));
  const pid_t pid = ::fork();
  if (pid < 0) return fail(fmt::format("cannot start a process: {}", std::strerror(errno)));
  if (pid == 0) {
    ::close(go[1]);
    run_child(arguments, *identity, go[0], failure[1]);
  }
  ::close(go[0]);
  ::close(failure[1]);
  return std::make_unique<Child>(pid, UniqueFd(go[1]), UniqueFd(failure[0]));
}

Result<void> Child::release() {
  const char byte = 1;
  [[maybe_unused]] const ssize_t told = ::write(go_.get(), &byte, 1);
  int error = 0;
  ssize_t got = 0;
  do got = ::read(failure_.get(), &error, sizeof(error));
  while (got < 0 && errno == EINTR);
  if (got != sizeof(error)) return {};  // it runs: its end of the pipe was closed
  wait();
  return fail(std::strerror(error));
}

int Child::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  waited_ = true;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

Child::~Child() {
  go_ = UniqueFd();
  if (!waited_) wait();
}

}  // namespace gyr
