// Gives records to two sinks, the first one first.
//
// Example:
//   RecordTee both(writer, import);
//   reader.next(both);
#pragma once

#include "capture/records.hpp"

namespace gyr {

class RecordTee final : public RecordSink {
 public:
  RecordTee(RecordSink& a, RecordSink& b) : a_(a), b_(b) {}
  void section() override { a_.section(), b_.section(); }
  void machine(const MachineInfo& m) override { a_.machine(m), b_.machine(m); }
  void interfaces_begin() override { a_.interfaces_begin(), b_.interfaces_begin(); }
  void interface(const InterfaceRecord& r) override { a_.interface(r), b_.interface(r); }
  void users_begin() override { a_.users_begin(), b_.users_begin(); }
  void user(const UserRecord& r) override { a_.user(r), b_.user(r); }
  void thread(const ThreadRecord& r) override { a_.thread(r), b_.thread(r); }
  void fd(int64_t tid, const FdRecord& r) override { a_.fd(tid, r), b_.fd(tid, r); }
  void records_end() override { a_.records_end(), b_.records_end(); }

 private:
  RecordSink& a_;
  RecordSink& b_;
};

}  // namespace gyr
