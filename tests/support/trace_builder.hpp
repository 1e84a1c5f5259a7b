// Writes traces for tests: every kind of block, in every version, well-formed or deliberately not.
//
// Purpose: a test says what happened (processes, descriptors, events with typed parameters) and
// gets the bytes of a .scap trace. Only the layout is the builder's; it checks nothing, so that
// broken traces can be made as easily.
//
// Contract: bytes are kept in a std::string, which concatenates with +. The builder appends blocks
// in the order of the calls. Events take their thread, CPU and block form from the last `by`,
// `cpu` and `form`; each is `step` later than the one before, unless `at` sets the time. Lists are
// written at the version given, fields that a version does not have are left out.
//
// Example:
//   namespace type = schema::type;
//   TraceBuilder trace;
//   trace.section().machine({.cpus = 2, .hostname = "host"})
//       .processes({{.tid = 7, .pid = 7, .ptid = 1, .comm = "cat", .exe = "cat", .cwd = "/root"}})
//       .fds(7, {named_fd(0, FdType::file_v2, "/dev/tty")})
//       .by(7)
//       .event(type::openat_2_enter, {i64(-100), text("/etc/passwd"), u32(1), u32(0)})
//       .event(type::openat_2_exit,
//              {i64(3), i64(-100), text("/etc/passwd"), u32(1), u32(0), u32(5), u64(42)});
//   const MemoryFile file(gzip(trace.bytes()));
//   auto reader = TraceReader::open(file.path());
#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"
#include "capture/file/blocks.hpp"
#include "capture/records.hpp"
#include "schema/schema.hpp"

namespace gyr::test {

// ---- values ----

/// The bytes of one parameter.
using Param = std::string;
using Params = std::vector<Param>;

/// The bytes of a number as the format stores it (little-endian).
template <class T>
Param number(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}
inline Param u8(uint8_t value) { return number(value); }
inline Param u16(uint16_t value) { return number(value); }
inline Param u32(uint32_t value) { return number(value); }
inline Param u64(uint64_t value) { return number(value); }
inline Param i16(int16_t value) { return number(value); }
inline Param i32(int32_t value) { return number(value); }
inline Param i64(int64_t value) { return number(value); }
/// With the NUL that ends texts in events.
inline Param text(std::string_view value) { return std::string(value) + '\0'; }
/// As it is: data buffers. (Not called data, which would find std::data for a std::string.)
inline Param blob(std::string_view value) { return std::string(value); }
/// Several texts, each with its NUL: arguments, environments, control groups.
Param texts(std::initializer_list<std::string_view> values);
/// Length 0.
inline Param empty() { return {}; }
/// A value that brings its type along.
inline Param dyn(uint8_t variant, Param value) { return u8(variant) + value; }
inline Param str16(std::string_view value) {
  return u16(static_cast<uint16_t>(value.size())) + std::string(value);
}

/// Dotted or colon notation; `ip("10.0.0.1")` fills the first four bytes.
IpAddress ip(const char* address);

/// An IP address with a port; IPv6 when it is written with colons.
struct End {
  const char* address;
  uint16_t port;
};
Param socket_address(End end);
Param unix_address(std::string_view path);
Param tuple(End source, End destination);
Param unix_tuple(uint64_t source, uint64_t destination, std::string_view path);
/// {fd, events} pairs of poll.
Param fd_list(std::initializer_list<std::pair<int64_t, int16_t>> entries);

// ---- descriptors of fd lists ----

FdRecord named_fd(int64_t fd, FdType type, std::string_view name);
FdRecord ip_fd(int64_t fd, L4Protocol l4, End source, End destination);
FdRecord ip_server_fd(int64_t fd, L4Protocol l4, End address);
FdRecord unix_fd(int64_t fd, uint64_t source, uint64_t destination, std::string_view path);

// ---- traces ----

/// The block that an event is written in.
enum class EventForm : uint8_t { v1, v1_flags, v2, v2_flags, large, large_flags };

/// The option for EventSpec::options that says how long a call took.
std::string latency_bytes(uint64_t ns);

/// Everything about one event; `TraceBuilder::event` covers the usual.
struct EventSpec {
  uint16_t type = 0;  // as in RawEvent
  Params params;
  std::string options;                         // behind the event, inside its block
  std::optional<uint32_t> flags;               // of the block, where its form has them
  std::optional<uint32_t> length;              // instead of the true one
  std::optional<uint32_t> nparams;             // instead of the true one (v2 and later)
  std::optional<std::vector<uint32_t>> sizes;  // instead of the true parameter lengths
};

struct SectionSpec {
  uint16_t major_version = 1;
  uint16_t minor_version = 2;
  uint32_t magic = 0x1A2B3C4D;
  std::string options;  // padded to a multiple of 4
};

class TraceBuilder {
 public:
  const std::string& bytes() const { return bytes_; }
  size_t size() const { return bytes_.size(); }

  // Blocks.
  TraceBuilder& section(const SectionSpec& spec = {});
  TraceBuilder& machine(const MachineInfo& machine);
  /// `without_speed` writes the entry types 3 and 4 instead of 1 and 2. `extra` bytes of a newer
  /// writer are put behind each entry (v2).
  TraceBuilder& interfaces(const std::vector<InterfaceRecord>& list, int version = 2,
                           bool without_speed = false, size_t extra = 0);
  TraceBuilder& users(const std::vector<UserRecord>& list, int version = 2, size_t extra = 0);
  /// `tail`: bytes behind the fields of v8 (v9 only). More than the known fields have are filled
  /// with 0xEE; a tail of at most 29 bytes has the order of fields of its time.
  TraceBuilder& processes(const std::vector<ThreadRecord>& list, int version = 9,
                          size_t tail = full_tail);
  TraceBuilder& fds(int64_t tid, const std::vector<FdRecord>& list, int version = 2,
                    size_t extra = 0);
  TraceBuilder& event(uint16_t type, Params params = {});
  TraceBuilder& add(const EventSpec& spec);
  /// Any block; `trailer` replaces the length at its end.
  TraceBuilder& block(uint32_t block_type, std::string_view body,
                      std::optional<uint32_t> trailer = std::nullopt);
  /// Bytes outside of any block.
  TraceBuilder& raw(std::string_view bytes);

  // Settings for what comes next.
  TraceBuilder& at(uint64_t ts) { return ts_ = ts, *this; }
  TraceBuilder& step(uint64_t ns) { return step_ = ns, *this; }
  TraceBuilder& by(int64_t tid) { return tid_ = tid, *this; }
  TraceBuilder& cpu(uint16_t number) { return cpu_ = number, *this; }
  TraceBuilder& form(EventForm form) { return form_ = form, *this; }
  /// Block numbers from before the first public release, where a block has one.
  TraceBuilder& old_aliases(bool on) { return old_aliases_ = on, *this; }

  /// The time of the next event.
  uint64_t now() const { return ts_; }

  static constexpr uint64_t first_ts = 1'700'000'000'000'000'000;
  static constexpr size_t full_tail = 76;

 private:
  std::string bytes_;
  uint64_t ts_ = first_ts;
  uint64_t step_ = 1000;
  int64_t tid_ = 1;
  uint16_t cpu_ = 0;
  EventForm form_ = EventForm::v2;
  bool old_aliases_ = false;
};

/// A trace with every type of block in every version and layout, and some events in each form, all
/// of it valid: food for the tests that damage it and for fuzzers.
std::string trace_of_everything();

// ---- containers and files ----

/// One gzip member.
std::string gzip(std::string_view content);
/// One zstd frame; `checksum` puts four bytes behind its last block.
std::string zstd_frame(std::string_view content, bool checksum = false);
std::string zstd_skippable_frame(std::string_view content);

/// A file in memory that can be opened by path as long as the object lives.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view content);
  const std::string& path() const { return path_; }
  /// Replaces the content.
  void assign(std::string_view content);

 private:
  UniqueFd fd_;
  std::string path_;
};

}  // namespace gyr::test
