// Fills the state from a source's records.
//
// Contract: implements RecordSink. Threads may come in any order; fd lists after their threads.
// When the records of a section are complete, processes, parents and socket directions are set:
// an IPv4 connection whose source port is one that the machine listens on is turned so that its
// source is the client. A record with a negative pid makes a placeholder.
//
// Example:
//   StateImport import(state);
//   reader.next(event, import);
#pragma once

#include <set>
#include <unordered_map>
#include <utility>

#include "capture/records.hpp"
#include "decoder/state.hpp"

namespace gyr {

class StateImport final : public RecordSink {
 public:
  /// Without `with_users` the names of users and groups are left out.
  StateImport(State& state, bool with_users) : state_(state), with_users_(with_users) {}

  void section() override;
  void machine(const MachineInfo& machine) override;
  void interfaces_begin() override { state_.interfaces.clear(); }
  void interface(const InterfaceRecord& record) override;
  void users_begin() override;
  void user(const UserRecord& record) override;
  void thread(const ThreadRecord& record) override;
  void fd(int64_t tid, const FdRecord& record) override;
  void records_end() override;

 private:
  void turn_server_connections();

  State& state_;
  bool with_users_;
  std::unordered_map<int64_t, Ref<Process>> processes_;  // of this section, by pid
  // Descriptors of which the records say all, so that nothing has to be concluded.
  std::set<std::pair<const FdTable*, int64_t>> exact_;
};

}  // namespace gyr
