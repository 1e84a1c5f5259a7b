// A tree with a /proc of the test's making, and a sink that keeps what a scan gives.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "capture/records.hpp"

namespace gyr::test {

/// A directory of files and links, gone with the object.
class ProcTree {
 public:
  ProcTree() {
    std::string name = (std::filesystem::temp_directory_path() / "gyr-proc-XXXXXX").string();
    root_ = mkdtemp(name.data());
  }
  ProcTree(const ProcTree&) = delete;
  ProcTree& operator=(const ProcTree&) = delete;
  ~ProcTree() { std::filesystem::remove_all(root_); }

  const std::string& root() const { return root_; }

  void file(const std::string& path, std::string_view content) {
    const std::filesystem::path at = root_ + "/" + path;
    std::filesystem::create_directories(at.parent_path());
    std::ofstream(at, std::ios::binary) << content;
  }
  void link(const std::string& path, const std::string& text) {
    const std::filesystem::path at = root_ + "/" + path;
    std::filesystem::create_directories(at.parent_path());
    std::filesystem::create_symlink(text, at);
  }
  void directory(const std::string& path) {
    std::filesystem::create_directories(root_ + "/" + path);
  }

 private:
  std::string root_;
};

/// The text of /proc/PID/stat with the given fields, others zero.
inline std::string stat_text(int64_t pid, const std::string& comm, char state, int64_t ppid,
                             int threads, const std::string& flags = "4194304") {
  return std::to_string(pid) + " (" + comm + ") " + state + " " + std::to_string(ppid) +
         " 40 30 34816 0 " + flags + " 11 0 22 0 0 0 0 0 20 0 " + std::to_string(threads) +
         " 0 250 0 0 0\n";
}

/// Keeps all records; texts are copied into `texts`, by thread and field.
struct KeptRecords final : RecordSink {
  struct Fd {
    FdRecord record;
    std::string name, own_name;
  };
  std::vector<int64_t> order;  // tids; descriptors as -1 - fd
  std::map<int64_t, ThreadRecord> threads;
  std::map<int64_t, std::map<std::string, std::string>> texts;
  std::map<int64_t, std::map<int64_t, Fd>> fds;
  std::map<uint32_t, std::string> users, groups;
  std::vector<std::string> interfaces;
  MachineInfo machine_info;
  std::string hostname;

  void machine(const MachineInfo& machine) override {
    machine_info = machine;
    hostname = machine.hostname;
  }
  void interface(const InterfaceRecord& record) override { interfaces.emplace_back(record.name); }
  void user(const UserRecord& record) override {
    if (record.is_group)
      groups[record.gid] = record.name;
    else
      users[record.uid] = std::string(record.name) + " " + std::string(record.home) + " " +
                          std::string(record.shell);
  }
  void thread(const ThreadRecord& t) override {
    order.push_back(t.tid);
    threads[t.tid] = t;
    texts[t.tid] = {
        {"comm", std::string(t.comm)},        {"exe", std::string(t.exe)},
        {"exepath", std::string(t.exepath)},  {"cwd", std::string(t.cwd)},
        {"root", std::string(t.root)},        {"args", std::string(as_text(t.args))},
        {"env", std::string(as_text(t.env))}, {"cgroups", std::string(as_text(t.cgroups))}};
  }
  void fd(int64_t tid, const FdRecord& record) override {
    order.push_back(-1 - record.fd);
    fds[tid][record.fd] = {record, std::string(record.name),
                           record.own ? std::string(record.own->name) : std::string()};
  }
};

}  // namespace gyr::test
