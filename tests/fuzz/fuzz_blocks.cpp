// Any bytes as a plain trace: framing, every metadata block, event blocks.
//
// Checked beyond memory and undefined behaviour: what is read does not depend on the pieces in
// which it arrives, nor on a large block in front of it; and to pass over some types of events
// changes nothing for the others.
#include <array>
#include <cstring>
#include <string_view>

#include "tests/fuzz/check.hpp"
#include "tests/fuzz/memory_trace.hpp"

namespace gyr::fuzz {

namespace {

/// Every other pair of enter and exit event.
const EventTypes& wanted_types() {
  static const auto types = [] {
    EventTypes all;
    for (size_t i = 0; i < all.size(); ++i) all[i] = i / 2 % 2 == 0;
    return all;
  }();
  return types;
}

/// Takes note of every record, so that two readings can be compared.
class Digest final : public RecordSink {
 public:
  explicit Digest(uint64_t ignored_sections) : ignored_sections_(ignored_sections) {}

  uint64_t value() const { return all_; }
  /// The same without events that are not wanted.
  uint64_t wanted_value() const { return wanted_; }

  void add(uint64_t number) {
    constexpr uint64_t fnv_prime = 0x100000001B3u;
    all_ = (all_ ^ number) * fnv_prime;
    wanted_ = (wanted_ ^ number) * fnv_prime;
  }
  void add(std::string_view text) {
    add(text.size());
    for (const char c : text) add(static_cast<unsigned char>(c));
  }
  void add(Bytes bytes) { add(as_text(bytes)); }

  void section() override {
    if (ignored_sections_ == 0)
      add(1);
    else
      --ignored_sections_;
  }
  void machine(const MachineInfo& m) override {
    add(m.cpus), add(m.memory_bytes), add(m.boot_ts), add(m.hostname);
  }
  void interfaces_begin() override { add(2); }
  void interface(const InterfaceRecord& r) override {
    add(r.ipv6), add(Bytes(std::as_bytes(std::span(r.address)))), add(r.name);
  }
  void users_begin() override { add(3); }
  void user(const UserRecord& r) override {
    add(r.is_group), add(r.uid), add(r.gid), add(r.name), add(r.home), add(r.shell);
  }
  void thread(const ThreadRecord& r) override {
    add(static_cast<uint64_t>(r.tid)), add(r.comm), add(r.exe), add(r.exepath), add(r.args);
    add(r.cwd), add(r.env), add(r.cgroups), add(r.root), add(r.exe_ino_mtime);
    add(static_cast<uint64_t>(r.pgid));
  }
  void fd(int64_t tid, const FdRecord& r) override {
    add(static_cast<uint64_t>(tid)), add(static_cast<uint64_t>(r.fd)), add(r.name), add(r.dev);
    check(static_cast<uint8_t>(r.type) <= last_fd_type, "an fd record of a type that is unknown");
  }
  void records_end() override { add(4); }

  void event(const RawEvent& e) {
    const uint64_t wanted_before = wanted_;
    add_event(e);
    if (e.type < schema::event_count && !wanted_types()[e.type]) wanted_ = wanted_before;
  }

 private:
  void add_event(const RawEvent& e) {
    add(e.ts), add(static_cast<uint64_t>(e.tid)), add(e.type), add(e.cpu), add(e.flags);
    if (e.nparams != 0) add(Bytes(e.lengths, e.nparams * (e.wide_lengths ? 4 : 2)));
    uint64_t sum = 0;
    for (uint32_t i = 0; i < e.nparams; ++i) sum += e.param_size(i);
    check(sum == e.data_size, "data_size is not the sum of the lengths");
    if (sum != 0) add(Bytes(e.data, e.data_size));
  }

  uint64_t ignored_sections_;
  uint64_t all_ = 0xCBF29CE484222325u, wanted_ = all_;
};

struct Outcome {
  uint64_t digest = 0, wanted_digest = 0;
  uint64_t events = 0;
  uint64_t sections = 0;
  bool failed = false;
};

Outcome read_all(std::vector<Bytes> pieces, uint64_t ignored_sections,
                 const std::optional<EventTypes>& wanted = std::nullopt) {
  auto reader = read_from_memory(std::move(pieces), wanted);
  Digest digest(ignored_sections);
  auto step = TraceReader::Step::event;
  while ((step = reader->next(digest)) == TraceReader::Step::event) digest.event(reader->event());
  const bool failed = step == TraceReader::Step::failed;
  check(failed == reader->error().has_value(), "a failure without an error");
  check(reader->next(digest) == step, "reading goes on behind the end");
  const TraceStats& stats = reader->stats();
  return {digest.value(), digest.wanted_value(), stats.event_blocks, stats.sections, failed};
}

/// A section that holds one block, larger than what a buffer has in front for block parts.
const std::vector<std::byte>& large_start() {
  static const auto bytes = [] {
    constexpr std::array<uint32_t, 7> section = {0x0A0D0D0A, 28,         0x1A2B3C4D, 2u << 16 | 1,
                                                 UINT32_MAX, UINT32_MAX, 28};
    constexpr uint32_t unknown_type = 0x7777, size = 300'000;
    std::vector<std::byte> made(sizeof section + size);
    std::byte* block = made.data() + sizeof section;
    std::memcpy(made.data(), section.data(), sizeof section);
    std::memcpy(block, &unknown_type, sizeof unknown_type);
    std::memcpy(block + 4, &size, sizeof size);
    std::memcpy(block + size - 4, &size, sizeof size);
    return made;
  }();
  return bytes;
}

/// At most eight pieces, for each costs a change of threads.
std::vector<Bytes> in_pieces(Bytes bytes) {
  const size_t piece_size = std::max<size_t>(61, bytes.size() / 8 + 1);
  const Bytes start(large_start());
  std::vector<Bytes> pieces = {start.first(70'000), start.subspan(70'000)};
  for (size_t at = 0; at < bytes.size(); at += piece_size)
    pieces.push_back(bytes.subspan(at, std::min(piece_size, bytes.size() - at)));
  return pieces;
}

void run(Bytes bytes) {
  const Outcome whole = read_all({bytes}, 0);
  if (whole.sections == 0) return;  // behind another section its first block may be anything
  const Outcome pieces = read_all(in_pieces(bytes), 1);
  check(whole.digest == pieces.digest, "what is read depends on the pieces");
  check(whole.sections + 1 == pieces.sections, "the sections depend on the pieces");
  check(whole.events == pieces.events, "the number of events depends on the pieces");
  check(whole.failed == pieces.failed, "a failure depends on the pieces");
  if (whole.failed) return;  // damage in an event that is passed over is not found
  const Outcome wanted = read_all({bytes}, 0, wanted_types());
  check(whole.wanted_digest == wanted.wanted_digest, "a wanted event is missing or changed");
  check(whole.events == wanted.events && !wanted.failed, "events passed over are not counted");
}

}  // namespace

}  // namespace gyr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  gyr::fuzz::run({reinterpret_cast<const std::byte*>(data), size});
  return 0;
}
