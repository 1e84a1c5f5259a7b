// sysdig.get_thread_table and its variants, sysdig.get_container_table.
//
// The tables are made when a chisel asks, of what the state holds then. A filter of threads is
// asked once per descriptor, at an event that is made up: a read of that descriptor by that thread.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <string>

#include "chisels/api.hpp"
#include "chisels/chisel.hpp"
#include "decoder/addresses.hpp"
#include "decoder/render/names.hpp"
#include "filter/parser.hpp"

namespace gyr::chisels {

namespace {

/// A read that never was.
class MadeUpRead {
 public:
  explicit MadeUpRead(uint64_t ts) {
    raw_.ts = ts;
    raw_.type = schema::type::read_exit;
    raw_.lengths = reinterpret_cast<const std::byte*>(lengths_.data());
    raw_.data = data_.data();
    raw_.nparams = static_cast<uint32_t>(lengths_.size());
    raw_.data_size = static_cast<uint32_t>(data_.size());
  }
  MadeUpRead(const MadeUpRead&) = delete;
  MadeUpRead& operator=(const MadeUpRead&) = delete;

  Event of(const Thread& thread, int64_t fd) {
    raw_.tid = thread.tid;
    std::memcpy(data_.data() + sizeof(int64_t), &fd, sizeof fd);
    return {raw_, thread};
  }

 private:
  std::array<uint16_t, 4> lengths_ = {sizeof(int64_t), 0, sizeof(int64_t), sizeof(uint32_t)};
  std::array<std::byte, 2 * sizeof(int64_t) + sizeof(uint32_t)> data_{};
  RawEvent raw_;
};

bool is_of_thread(const filter::Operand& operand) {
  constexpr std::string_view classes[] = {"proc.",  "thread.",    "fd.",    "user.",
                                          "group.", "container.", "fdlist."};
  if (operand.kind == filter::Operand::Kind::field)
    return std::ranges::any_of(classes, [&](auto c) { return operand.name.starts_with(c); });
  return std::ranges::all_of(operand.operands, is_of_thread);
}

bool is_of_thread(const filter::Node& node) {
  if (node.kind == filter::Node::Kind::check)
    return is_of_thread(node.check.left) && (!node.check.right || is_of_thread(*node.check.right));
  return std::ranges::all_of(node.children, [](const auto& child) { return is_of_thread(*child); });
}

Result<std::optional<filter::Filter>> thread_filter(lua_State* lua) {
  if (!has_argument(lua, 1)) return std::nullopt;
  const auto text = text_argument(lua, 1, "the filter");
  if (!text) return fail(text.error());
  if (text->empty()) return std::nullopt;
  const auto tree = filter::parse_filter(*text);
  if (!tree) return fail("filter: " + filter::explain(*text, tree.error()));
  if (!is_of_thread(**tree))
    return fail(fmt::format("'{}' asks for what a thread alone does not have", *text));
  auto compiled = filter::Filter::compile(*text);
  if (!compiled) return fail("filter: " + filter::explain(*text, compiled.error()));
  return std::optional(std::move(*compiled));
}

void set_number(lua_State* lua, const char* key, double value) {
  lua_pushnumber(lua, value);
  lua_setfield(lua, -2, key);
}

void set_text(lua_State* lua, const char* key, std::string_view text) {
  push_text(lua, text);
  lua_setfield(lua, -2, key);
}

/// Texts back to back, each with its NUL, as an array.
void set_array(lua_State* lua, const char* key, std::string_view texts) {
  lua_newtable(lua);
  for (int i = 1; !texts.empty(); ++i) {
    const size_t end = std::min(texts.find('\0'), texts.size());
    push_text(lua, texts.substr(0, end));
    lua_rawseti(lua, -2, i);
    texts.remove_prefix(std::min(end + 1, texts.size()));
  }
  lua_setfield(lua, -2, key);
}

/// As fd.l4proto: also of a socket that is neither client nor server yet it is not decided.
std::string_view l4_name(const Descriptor& socket) {
  switch (protocol_letter(socket)) {
    case 't':
      return "tcp";
    case 'u':
      return "udp";
    case 'i':
      return "icmp";
    case 'r':
      return "raw";
    default:
      return "<NA>";
  }
}

class ThreadTableMaker {
 public:
  ThreadTableMaker(lua_State* lua, Chisel& chisel, std::optional<filter::Filter> filter, bool facts,
                   bool descriptors)
      : lua_(lua),
        state_(*chisel.host().state),
        settings_(*chisel.host().settings),
        stream_{chisel.host().first_ts, chisel.host().last_ts},
        read_(chisel.host().last_ts),
        filter_(std::move(filter)),
        facts_(facts),
        descriptors_(descriptors) {
    for (const char* field : {"fd.name", "fd.type"}) {
      size_t length = 0;
      sources_.push_back(std::move(*filter::bind(*filter::parse_operand_prefix(field, length))));
    }
  }

  void make() {
    lua_newtable(lua_);
    state_.threads.for_each([this](const Thread& thread) { add_thread(thread); });
  }

 private:
  void add_thread(const Thread& thread) {
    lua_newtable(lua_);
    const bool found = add_descriptors(thread);
    if (filter_ && !found) {
      lua_pop(lua_, 1);
      return;
    }
    set_number(lua_, "tid", static_cast<double>(thread.tid));
    set_number(lua_, "pid", static_cast<double>(thread.pid < 0 ? thread.tid : thread.pid));
    if (facts_) add_facts(thread);
    lua_rawseti(lua_, -2, static_cast<int>(thread.tid));
  }

  void add_facts(const Thread& thread) {
    const Process unknown;
    const Process& process = thread.process ? *thread.process : unknown;
    const auto set = [this](const char* key, int64_t value) {
      set_number(lua_, key, static_cast<uint32_t>(value));
    };
    set("ptid", thread.ptid);
    set("flags", thread.flags);
    set("fdlimit", process.fdlimit);
    set("uid", thread.uid);
    set("gid", thread.gid);
    set("nchilds", std::max<int64_t>(static_cast<int64_t>(process.threads.size()) - 1, 0));
    set("vmsize_kb", process.vmsize_kb);
    set("vmrss_kb", process.vmrss_kb);
    set("vmswap_kb", process.vmswap_kb);
    set("pfmajor", static_cast<int64_t>(thread.pfmajor));
    set("pfminor", static_cast<int64_t>(thread.pfminor));
    set_text(lua_, "comm", thread.is_placeholder() ? "<NA>" : thread.comm);
    set_text(lua_, "exe", thread.is_placeholder() ? "<NA>" : thread.exe.view());
    auto user = state_.users.name(thread.container_id.view(), thread.uid);
    if (user.empty()) user = state_.users.name({}, thread.uid);  // of the host, as user.name
    set_text(lua_, "username", user.empty() ? "<NA>" : user);
    push_decimal(lua_, static_cast<int64_t>(thread.clone_ts));
    lua_setfield(lua_, -2, "clone_ts");
    set_array(lua_, "args", thread.args.view());
    set_array(lua_, "env", process.env.view());
  }

  /// Gives whether the filter lets one of them through.
  bool add_descriptors(const Thread& thread) {
    bool found = false;
    lua_newtable(lua_);
    if (thread.fds && (descriptors_ || filter_)) {
      thread.fds->for_each([&](int64_t fd, const Descriptor& descriptor) {
        const Event event = read_.of(thread, fd);
        const filter::Moment moment{event, state_, settings_, stream_};
        if (filter_ && !filter_->matches(moment)) return;
        found = true;
        if (descriptors_) add_descriptor(fd, descriptor, moment);
      });
    }
    lua_setfield(lua_, -2, "fdtable");
    return found;
  }

  void add_descriptor(int64_t fd, const Descriptor& descriptor, const filter::Moment& moment) {
    lua_newtable(lua_);
    if (facts_) set_text(lua_, "name", printable(text_of(0, moment)));
    set_text(lua_, "type", text_of(1, moment));
    if (descriptor.is_ip()) add_addresses(descriptor);
    lua_rawseti(lua_, -2, static_cast<int>(fd));
  }

  void add_addresses(const Descriptor& socket) {
    const bool listens = socket.is_ip_server();
    const IpAddress& server = listens ? socket.source : socket.destination;
    set_text(lua_, "sip", address_text(socket, server));
    set_number(lua_, "sport", listens ? socket.source_port : socket.destination_port);
    lua_pushboolean(lua_, listens || socket.role == SocketRole::server);
    lua_setfield(lua_, -2, "is_server");
    set_text(lua_, "l4proto", l4_name(socket));
    if (listens) return;
    set_text(lua_, "cip", address_text(socket, socket.source));
    set_number(lua_, "cport", socket.source_port);
  }

  std::string_view address_text(const Descriptor& socket, const IpAddress& address) {
    address_.clear();
    if (socket.is_ipv6())
      append_ipv6(address_, address.data());
    else
      append_ipv4(address_, address.data());
    return address_.view();
  }

  /// Old traces have names of local sockets with the end of the line that they stood in.
  std::string_view printable(std::string_view text) {
    name_ = text;
    std::erase_if(name_, [](unsigned char c) { return c < ' ' || c > '~'; });
    return name_;
  }

  std::string_view text_of(size_t source, const filter::Moment& moment) {
    return sources_[source].extract_for_print(moment, extraction_) ? extraction_.first().text : "";
  }

  lua_State* lua_;
  const State& state_;
  const filter::Settings& settings_;
  const filter::Stream stream_;
  MadeUpRead read_;
  std::optional<filter::Filter> filter_;
  bool facts_, descriptors_;
  std::vector<filter::Source> sources_;
  filter::Extraction extraction_;
  Text address_;
  std::string name_;
};

template <bool facts, bool descriptors>
Result<int> get_thread_table(Chisel& chisel, lua_State* lua) {
  auto filter = thread_filter(lua);
  if (!filter) return fail(filter.error());
  if (chisel.host().state == nullptr) return fail("threads are known from on_capture_start on");
  ThreadTableMaker(lua, chisel, std::move(*filter), facts, descriptors).make();
  return 1;
}

void push_container(lua_State* lua, const Container& container) {
  lua_createtable(lua, 0, 4);
  set_text(lua, "id", container.id);
  set_text(lua, "name", container.name);
  set_text(lua, "image", container.image);
  const std::string_view type = container_type_name(container.type);
  set_text(lua, "type", type.empty() ? "unknown" : type);
}

/// Those that the trace tells of, and those of which it has no more than processes in them.
Result<int> get_container_table(Chisel& chisel, lua_State* lua) {
  if (chisel.host().state == nullptr) return fail("containers are known from on_capture_start on");
  const State& state = *chisel.host().state;
  lua_newtable(lua);
  int count = 0;
  const auto add = [&](const Container& container) {
    push_container(lua, container);
    lua_rawseti(lua, -2, ++count);
  };
  state.containers.for_each(add);
  std::set<std::string, std::less<>> nameless;
  state.threads.for_each([&](const Thread& thread) {
    const std::string_view id = thread.container_id.view();
    if (id.empty() || state.containers.find(id) != nullptr || nameless.contains(id)) return;
    nameless.emplace(id);
    Container container;
    container.id = id;
    container.type = container_from_cgroups(thread.cgroups.view()).type;
    add(container);
  });
  return 1;
}

}  // namespace

void add_table_api(lua_State* lua, Chisel& chisel) {
  add_function(lua, chisel, "get_thread_table", enter<get_thread_table<true, true>>);
  add_function(lua, chisel, "get_thread_table_nofds", enter<get_thread_table<true, false>>);
  add_function(lua, chisel, "get_thread_table_barebone", enter<get_thread_table<false, true>>);
  add_function(lua, chisel, "get_thread_table_barebone_nofds",
               enter<get_thread_table<false, false>>);
  add_function(lua, chisel, "get_container_table", enter<get_container_table>);
}

}  // namespace gyr::chisels
