// Ids of threads and processes of several hosts, side by side.
//
// Purpose: each host has a process 1. Where their traces are put into one, the ids of all hosts but
// the first are raised by a multiple of ten million (no Linux host has more than 4,194,304), so
// that 20001234 is process 1234 of the third host: for people to read, and for every reader of
// traces to tell apart.
//
// Contract: ids of 0 and below mean the same on every host and stay. Ids inside a pid namespace
// (vtid, vpid) stay where they differ from the others. Event blocks are copied and changed in the
// copy, which `apply` returns and `raw` then points into; it is valid until the next call.
//
// Example:
//   HostIds third(2);
//   third.apply(record);                 // tid 1234 -> 20001234
//   Bytes block = third.apply(reader.block(), raw);
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "capture/raw_event.hpp"
#include "capture/records.hpp"

namespace gyr {

class HostIds {
 public:
  static constexpr int64_t per_host = 10'000'000;

  /// `host`: 0 for the first, whose ids stay.
  explicit HostIds(int64_t host) : shift_(host * per_host) {}
  static int64_t host_of(int64_t id) { return id > 0 ? id / per_host : 0; }

  void apply(ThreadRecord& record) const;
  void apply(FdRecord& record) const;
  Bytes apply(Bytes block, RawEvent& raw);
  int64_t shifted(int64_t id) const { return id > 0 ? id + shift_ : id; }

 private:
  void shift_params(RawEvent& raw, std::byte* data) const;

  int64_t shift_;
  std::vector<std::byte> copy_;
};

/// Gives records with the ids of a host to another sink.
class HostRecords final : public RecordSink {
 public:
  HostRecords(const HostIds& ids, RecordSink& to) : ids_(ids), to_(to) {}

  void section() override { to_.section(); }
  void machine(const MachineInfo& machine) override { to_.machine(machine); }
  void interfaces_begin() override { to_.interfaces_begin(); }
  void interface(const InterfaceRecord& record) override { to_.interface(record); }
  void users_begin() override { to_.users_begin(); }
  void user(const UserRecord& record) override { to_.user(record); }
  void thread(const ThreadRecord& record) override {
    ThreadRecord shifted = record;
    ids_.apply(shifted);
    to_.thread(shifted);
  }
  void fd(int64_t tid, const FdRecord& record) override {
    FdRecord shifted = record;
    ids_.apply(shifted);
    to_.fd(ids_.shifted(tid), shifted);
  }
  void records_end() override { to_.records_end(); }

 private:
  const HostIds& ids_;
  RecordSink& to_;
};

}  // namespace gyr
