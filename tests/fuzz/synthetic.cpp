#include "tests/fuzz/synthetic.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

#include "decoder/addresses.hpp"
#include "decoder/thread.hpp"

namespace gyr::fuzz {

namespace {

using namespace std::string_view_literals;
using schema::ParamType;

// The tables are known to make_seeds.py by position: add at the end.
// clang-format off
constexpr int64_t numbers[] = {
    0, 1, 2, 3, 4, 5, 10, 14, 63, 64, 100, 101, 102, 1000, 1024, -1, -2, -9, -100, -115,
    65535, 65536, 65537, 80, 0x40, 255, 0x1000, 0x2000000, 0x10100, 0x20000000, 1 << 30, 0x4000,
    std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max(), UINT32_MAX,
    0x01020304, 7, 36, 1'000'000'000'000,
};

constexpr std::string_view texts[] = {
    "\0"sv, "/etc/passwd\0"sv, "relative/file\0"sv, "..\0"sv, "../../x/./y//z\0"sv, "/\0"sv,
    "(NULL)\0"sv, "<NA>\0"sv, "bash\0"sv, "a\033[31mb\x7f\r\n\0"sv, "no end"sv,
    "two\0texts\0"sv, "name=value\0other=\0"sv, "/a/b (deleted)\0"sv, "\xff\xfe\0"sv,
    "cpu=/docker/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\0"sv,
    "cpu=/lxc/name/x\0mem=/libvirt/lxc/y\0"sv, "cpu=/default/pod\0"sv, "cpu=/bpm-x.scope\0"sv,
    "cpu=/x-lxc\\x2dname.scope\0"sv, "cpu=/a.libvirt-lxc\0"sv, "broken\0cpu=/docker/x\0"sv,
    "cpu=/mesos/01234567-89ab-cdef-0123-456789abcdef\0"sv, "c=/libpod-x.scope/container\0"sv,
};
// clang-format on

template <class T, size_t N>
const T& pick(const T (&table)[N], unsigned index) {
  return table[index % N];
}

class Values {
 public:
  Values(std::vector<std::byte>& to, Material& material) : to_(to), material_(material) {}

  void append(const schema::Param& param) { append(param.type, param.variants); }
  void append_unknown() { append_text(material_.byte()); }

 private:
  void append(ParamType type, std::span<const schema::Variant> variants);
  void append_number(size_t size, uint8_t control);
  void append_text(uint8_t control);
  void append_sockaddr(uint8_t control);
  void append_tuple(uint8_t control);
  void append_fdlist(uint8_t control);
  void append_address(bool v6, unsigned variation);

  template <class T>
  void put(T value) {
    const auto* from = reinterpret_cast<const std::byte*>(&value);
    to_.insert(to_.end(), from, from + sizeof value);
  }
  void put(Bytes bytes) { to_.insert(to_.end(), bytes.begin(), bytes.end()); }

  std::vector<std::byte>& to_;
  Material& material_;
};

constexpr unsigned variation_of(uint8_t control) { return control & 63u; }
constexpr unsigned form_of(uint8_t control) { return control >> 6; }

void Values::append_number(size_t size, uint8_t control) {
  const unsigned variation = variation_of(control);
  int64_t value = variation;
  switch (form_of(control)) {
    case 0:
      value = pick(numbers, variation);
      break;
    case 1:
      break;
    case 2: {
      const Bytes bytes = material_.bytes(size);
      put(bytes);
      to_.insert(to_.end(), size - bytes.size(), std::byte{0});
      return;
    }
    default:  // a wrong length, 0 included
      to_.insert(to_.end(), variation % 20, std::byte{0x11});
      return;
  }
  const auto bytes = std::as_bytes(std::span(&value, 1));
  for (size_t i = 0; i < size; ++i) put(bytes[i % sizeof value]);
}

void Values::append_text(uint8_t control) {
  constexpr size_t step_of_long = 700;
  switch (form_of(control)) {
    case 0:
      put(as_bytes_of(pick(texts, variation_of(control))));
      break;
    case 1:
      put(material_.bytes(variation_of(control)));
      put(std::byte{0});
      break;
    case 2:
      put(material_.bytes(variation_of(control)));
      break;
    default:
      for (size_t i = 0; i < (variation_of(control) % 8 + 1) * step_of_long; ++i)
        put(i % 16 == 0 ? std::byte{'/'} : std::byte{'a'});
      break;
  }
}

void Values::append_address(bool v6, unsigned variation) {
  constexpr uint8_t lasts[] = {0, 1, 2, 255};
  const uint8_t last = lasts[variation % 4];
  if (!v6) {
    put(last == 0 ? uint32_t{0} : uint32_t{last} << 24 | 0x00A8C0);
    return;
  }
  const bool mapped = (variation & 4) != 0;
  put(mapped || last == 0 ? uint64_t{0} : uint64_t{0x80FE});
  put(mapped ? uint32_t{0xFFFF0000} : uint32_t{0});
  put(uint32_t{last} << 24);
}

void Values::append_sockaddr(uint8_t control) {
  if (form_of(control) != 0) {
    append_text(control);
    return;
  }
  const unsigned variation = variation_of(control);
  switch (variation % 4) {
    case 0:
      put(family::unix_domain);
      append_text(variation / 4 % 16);
      break;
    case 3:
      put(static_cast<uint8_t>(variation));
      append_text(1);
      break;
    default: {
      const bool v6 = variation % 4 == 2;
      put(v6 ? family::ipv6 : family::ipv4);
      append_address(v6, variation / 4);
      put(static_cast<uint16_t>(variation / 32 * 80));
      break;
    }
  }
}

void Values::append_tuple(uint8_t control) {
  if (form_of(control) != 0) {
    append_text(control);
    return;
  }
  const unsigned variation = variation_of(control);
  switch (variation % 4) {
    case 0:
      put(family::unix_domain);
      put(uint64_t{0xFFFF880012345678});
      put(uint64_t{variation});
      append_text(variation / 4 % 16);
      break;
    case 3:
      put(static_cast<uint8_t>(variation));
      break;
    default: {
      const bool v6 = variation % 4 == 2;
      const uint8_t more = material_.byte();
      put(v6 ? family::ipv6 : family::ipv4);
      append_address(v6, variation / 4);
      put(static_cast<uint16_t>((more & 3) * 80));
      append_address(v6, variation / 8);
      put(static_cast<uint16_t>((more >> 2 & 3) * 80));
      break;
    }
  }
}

void Values::append_fdlist(uint8_t control) {
  const auto count = static_cast<uint16_t>(variation_of(control) % 8);
  put(static_cast<uint16_t>(form_of(control) == 0 ? count : count + 1));
  for (uint16_t i = 0; i < count; ++i) {
    const uint8_t more = material_.byte();
    put(pick(numbers, more));
    put(static_cast<int16_t>(static_cast<int8_t>(more)));
  }
}

void Values::append(ParamType type, std::span<const schema::Variant> variants) {
  const uint8_t control = material_.byte();
  switch (type) {
    case ParamType::sockaddr:
      append_sockaddr(control);
      break;
    case ParamType::socktuple:
      append_tuple(control);
      break;
    case ParamType::fdlist:
      append_fdlist(control);
      break;
    case ParamType::dyn:
      put(control);
      if (control < variants.size()) append(variants[control].type, {});
      break;
    default:
      if (const size_t size = schema::param_types[static_cast<size_t>(type)].size; size != 0)
        append_number(size, control);
      else
        append_text(control);
      break;
  }
}

// ---- the machine ----

ThreadRecord a_thread(int64_t tid, int64_t pid, int64_t ptid, uint32_t flags) {
  ThreadRecord record;
  record.tid = record.vtid = tid;
  record.pid = record.vpid = pid;
  record.ptid = ptid;
  record.comm = record.exe = "program";
  record.cwd = "/root";
  record.flags = flags;
  return record;
}

FdRecord an_fd(int64_t fd, FdType type, std::string_view name) {
  FdRecord record;
  record.fd = fd;
  record.type = type;
  record.name = name;
  return record;
}

FdRecord a_socket(int64_t fd, FdType type, uint16_t source_port, uint16_t destination_port) {
  FdRecord record = an_fd(fd, type, {});
  record.l4 = L4Protocol::tcp;
  record.source = {192, 168, 0, 1};
  record.source_port = source_port;
  record.destination_port = destination_port;
  return record;
}

}  // namespace

void SyntheticEvents::head(uint8_t head, Material& material) {
  constexpr int64_t step_unit = 100'000'000, usual_step = 1'000;
  int64_t tid = head & 15;
  if ((head & 16) != 0) tid += 16 * material.byte();
  event_.tid = tid == 15 ? -1 : tid;
  event_.cpu = (head & 128) != 0 ? 1 : 0;
  const int64_t step =
      (head & 64) != 0 ? static_cast<int8_t>(material.byte()) * step_unit : usual_step;
  event_.ts += static_cast<uint64_t>(step);
}

/// Lengths and values, neighbours as in a trace.
void SyntheticEvents::params(uint32_t count, Material& material) {
  const schema::Event* info = schema::find_event(event_.type);
  event_.wide_lengths = info != nullptr && (info->flags & schema::large_payload) != 0;
  event_.nparams = count;
  const size_t length_size = event_.wide_lengths ? sizeof(uint32_t) : sizeof(uint16_t);
  std::vector<std::byte> values;
  Values writer(values, material);
  memory_.assign(length_size * count, {});
  for (uint32_t i = 0; i < count; ++i) {
    const size_t before = values.size();
    if (info != nullptr && i < info->params.size())
      writer.append(info->params[i]);
    else
      writer.append_unknown();
    const auto length = static_cast<uint32_t>(values.size() - before);
    std::memcpy(memory_.data() + length_size * i, &length, length_size);
  }
  memory_.insert(memory_.end(), values.begin(), values.end());
  memory_.shrink_to_fit();  // so that reading beyond it is noticed
  event_.lengths = memory_.data();
  event_.data = memory_.data() + length_size * count;
  event_.data_size = static_cast<uint32_t>(values.size());
}

const RawEvent* SyntheticEvents::next() {
  constexpr uint64_t first_ts = 1'600'000'000'000'000'000;
  constexpr uint32_t most_params = 40;  // more than any event has
  const auto type = cursor_.take<uint16_t>();
  const auto head_byte = cursor_.take<uint8_t>();
  const auto n = cursor_.take<uint8_t>();
  if (!cursor_.ok()) return nullptr;
  Material material(cursor_.take_bytes(std::min<size_t>(n, cursor_.left())));
  if (event_.ts == 0) event_.ts = first_ts;
  event_.type =
      type == new_section ? type : static_cast<uint16_t>(type % (schema::event_count + 1));
  const schema::Event* info = schema::find_event(event_.type);
  head(head_byte, material);
  auto count = info != nullptr ? static_cast<uint32_t>(info->params.size()) : 0;
  if ((head_byte & 32) != 0) count = material.byte() % most_params;
  params(count, material);
  return &event_;
}

void start_synthetic_section(RecordSink& sink) {
  sink.section();
  sink.machine({.cpus = 2, .memory_bytes = 1, .boot_ts = 1, .hostname = "host"});
  sink.interfaces_begin();
  sink.interface({false, {127, 0, 0, 1}, {255}, {}, "lo"});
  sink.interface({false, {192, 168, 0, 1}, {255, 255, 255}, {}, "eth0"});
  sink.users_begin();
  sink.user({false, 1000, 1000, "user", "/home", "/bin/sh"});
  sink.user({true, 0, 1000, "group", "", ""});
  sink.thread(a_thread(1, 1, 0, is_main_thread));
  sink.thread(a_thread(2, 2, 1, 0));
  sink.thread(a_thread(3, 2, 1, clone_thread));
  sink.fd(1, an_fd(0, FdType::file_v2, "/dev/null"));
  sink.fd(2, an_fd(1, FdType::directory, "/tmp"));
  sink.fd(2, a_socket(3, FdType::ipv4_server, 80, 0));
  sink.fd(2, a_socket(4, FdType::ipv4_socket, 80, 160));
  sink.fd(2, a_socket(5, FdType::ipv6_socket, 160, 80));
  sink.records_end();
}

const Event* SyntheticReplay::next() {
  while (const RawEvent* raw = events_.next()) {
    if (raw->type == SyntheticEvents::new_section)
      start_synthetic_section(records_);
    else if (const Event* event = decoder.decode(*raw))
      return event;
  }
  return nullptr;
}

}  // namespace gyr::fuzz
