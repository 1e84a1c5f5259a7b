// From records to the metadata blocks of a trace: the inverse of metadata.hpp.
//
// Purpose: a trace that begins in the middle (a rotated file, a cut) starts with what is known at
// that point, so that it can be read alone.
//
// Contract: a RecordSink that appends whole blocks to `out`, in the versions that sysdig 0.29 and
// all later readers know. Fds come after their thread, those of a thread in one run. Texts that
// are longer than readers accept are cut. What only gyr knows (whether a socket is the server's,
// its name, when a thread began) stands behind the known fields of an entry, where other readers
// pass over it. `records_end` completes the last block. Layout: gyr-scap(5), "Metadata blocks".
//
// Example:
//   std::vector<std::byte> blocks;
//   SnapshotWriter writer(blocks);
//   export_state(state, writer);
#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "capture/records.hpp"

namespace gyr {

class SnapshotWriter final : public RecordSink {
 public:
  explicit SnapshotWriter(std::vector<std::byte>& out) : out_(out) {}

  void section() override;
  void machine(const MachineInfo& machine) override;
  void interfaces_begin() override;
  void interface(const InterfaceRecord& record) override;
  void users_begin() override;
  void user(const UserRecord& record) override;
  void thread(const ThreadRecord& record) override;
  void fd(int64_t tid, const FdRecord& record) override;
  void records_end() override { end_block(); }

 private:
  static constexpr size_t none = SIZE_MAX;

  template <class T>
  void put(T value);
  void put_bytes(Bytes bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  void put_str16(std::string_view text, size_t limit);
  void put_blob16(Bytes strings);
  void put_address(const IpAddress& address, bool ipv6);
  void put_fd_payload(const FdRecord& record);
  void begin_block(uint32_t type);
  void continue_block(uint32_t type);
  void end_block();
  size_t begin_entry();
  void end_entry(size_t start, bool counts_itself);

  std::vector<std::byte>& out_;
  size_t block_start_ = none;  // of the open block
  uint32_t block_type_ = 0;
  int64_t fds_of_ = -1;  // thread whose fd list is open
};

}  // namespace gyr
