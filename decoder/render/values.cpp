#include "decoder/render/values.hpp"

#include <fmt/format.h>

#include <ctime>

#include "decoder/addresses.hpp"
#include "decoder/paths.hpp"
#include "decoder/render/buffers.hpp"
#include "decoder/render/composites.hpp"
#include "decoder/render/names.hpp"

namespace gyr {

namespace {

using schema::Format;
using schema::Param;
using schema::ParamType;

/// What rendering one parameter may look at, and what it says about it.
struct Context : Rendering {
  mutable size_t brackets_at = 0;  // where they begin, behind the value; 0 = there are none
};

const Descriptor* find_fd(const Context& context, int64_t fd) {
  const Thread* thread = context.event.thread();
  return thread != nullptr && fd >= 0 ? thread->fds->find(fd) : nullptr;
}

/// An integer of the parameter's size; signed types and those that print as signed are extended.
int64_t integer(Bytes raw, bool is_signed) {
  switch (raw.size()) {
    case 1:
      return is_signed ? load<int8_t>(raw.data()) : load<uint8_t>(raw.data());
    case 2:
      return is_signed ? load<int16_t>(raw.data()) : load<uint16_t>(raw.data());
    case 4:
      return load<int32_t>(raw.data());  // printed by %d, whatever its type
    default:
      return load<int64_t>(raw.data());
  }
}

/// The same bits as printf's %X sees them: sign-extended to 32 bits only.
uint64_t hex_bits(Bytes raw, bool is_signed) {
  const int64_t value = integer(raw, is_signed);
  return raw.size() == 8 ? static_cast<uint64_t>(value) : static_cast<uint32_t>(value);
}

void append_integer(Text& to, Bytes raw, Format format, bool is_signed) {
  switch (format) {
    case Format::hex:
      to.append_hex(hex_bits(raw, is_signed), true);
      break;
    case Format::oct: {
      const uint64_t bits = hex_bits(raw, is_signed);
      if (bits != 0) to.append('0');
      to.append_octal(bits);
      break;
    }
    case Format::dec_padded:
      to.append_padded(hex_bits(raw, is_signed), 9);
      break;
    default:
      to.append_dec(integer(raw, is_signed));
      break;
  }
}

/// Of a negative number; the smallest one has no positive counterpart.
uint64_t magnitude(int64_t negative) { return 0 - static_cast<uint64_t>(negative); }

/// Appends "(" text ")" unless `append_text` appends nothing.
template <class F>
void append_resolved(Text& to, const Context& context, F append_text) {
  const size_t start = to.size();
  to.append('(');
  const size_t inside = to.size();
  append_text();
  if (to.size() == inside)
    to.truncate(start);
  else {
    to.append(')');
    context.brackets_at = start;
  }
}

void append_fd(Text& to, const Context& context, int64_t fd) {
  to.append_dec(fd);
  append_resolved(to, context, [&] {
    if (fd == at_fdcwd)
      to.append("AT_FDCWD");
    else if (fd < 0)
      to.append(errno_name(magnitude(fd)));
    else if (const Descriptor* descriptor = find_fd(context, fd))
      append_descriptor_safely(to, *descriptor, context.options);
  });
}

void append_pid(Text& to, const Context& context, int64_t pid) {
  to.append_dec(pid);
  if (const Thread* thread = context.state.threads.find(pid))
    append_resolved(to, context, [&] { append_name(to, thread->comm, context.options); });
}

void append_errno(Text& to, const Context& context, int64_t value) {
  to.append_dec(value);
  if (value < 0) append_resolved(to, context, [&] { to.append(errno_name(magnitude(value))); });
}

void append_id_name(Text& to, const Context& context, Bytes raw, const NameTable& names) {
  const auto id = load<uint32_t>(raw.data());
  const bool none = id == UINT32_MAX;
  to.append_dec(static_cast<int32_t>(id));
  const Thread* thread = context.event.thread();
  const auto container = thread != nullptr ? thread->container_id.view() : std::string_view();
  std::string_view name = none ? "<NONE>" : std::string_view();
  if (!none && context.options.user_names) name = names.name(container, id);
  append_resolved(to, context,
                  [&] { append_name(to, name.empty() ? not_available : name, context.options); });
}

Bytes directory_param(const Context& context, uint32_t index) {
  if (context.upgraded) return context.event.today_param(index);
  return index < context.event.nparams() ? context.event.param(index) : Bytes();
}

/// The directory that a relative path parameter starts from.
void append_base(Text& to, const Context& context, const Param& param) {
  const Thread* thread = context.event.thread();
  if (thread == nullptr) return;
  if (param.type == ParamType::fsrelpath && param.dirfd >= 0) {
    const Bytes raw = directory_param(context, static_cast<uint32_t>(param.dirfd));
    const int64_t fd = raw.size() == sizeof(int64_t) ? load<int64_t>(raw.data()) : -1;
    if (!raw.empty() && fd != at_fdcwd) {
      const Descriptor* directory = find_fd(context, fd);
      if (directory != nullptr && !directory->name.empty())
        to.append(directory->name.view()).append('/');
      return;
    }
  }
  to.append(thread->cwd());
}

/// A text as it prints: the old "(NULL)", which reads as empty, as what is not available.
std::string_view shown_text(Bytes raw) {
  const std::string_view text = text_value(raw);
  const bool old_null = text.empty() && as_text(raw).front() == '(';
  return old_null ? not_available : text;
}

void append_path(Text& to, const Context& context, const Param& param, std::string_view path) {
  append_name(to, path, context.options);
  if (path.empty() || path.front() == '/' || path == not_available) return;
  append_resolved(to, context, [&] {
    thread_local Text base, joined;
    base.clear();
    joined.clear();
    append_base(base, context, param);
    append_joined(joined, base.view(), path);
    append_name(to, joined.view(), context.options);
  });
}

/// Bits or numbers with names; the raw value is always decimal.
void append_named(Text& to, const Context& context, const Param& param, Bytes raw) {
  const auto value = Event::value<uint32_t>(raw);
  to.append_unsigned(value);
  if (param.flags == nullptr) return;
  const bool is_enum = param.type == ParamType::enumflags8 ||
                       param.type == ParamType::enumflags16 || param.type == ParamType::enumflags32;
  const bool old = context.options.dialect == Dialect::sysdig_0_29;
  append_resolved(to, context, [&] {
    if (is_enum && !old)
      append_enum(to, *param.flags, value);
    else
      append_flags(to, *param.flags, value);
  });
}

void append_reltime(Text& to, const Context& context, Bytes raw) {
  constexpr double ns_per_second = 1e9;
  const auto ns = load<uint64_t>(raw.data());
  if (ns == UINT64_MAX) {
    to.append("none");
    return;
  }
  to.append_dec(static_cast<int64_t>(ns));
  const auto seconds = static_cast<double>(ns) / ns_per_second;
  append_resolved(to, context, [&] { to.append(fmt::format("{:g}s", seconds)); });
}

void append_abstime(Text& to, Bytes raw) {
  constexpr uint64_t ns_per_second = 1'000'000'000;
  const auto ns = load<uint64_t>(raw.data());
  const auto seconds = static_cast<time_t>(ns / ns_per_second);
  tm local{};
  localtime_r(&seconds, &local);
  char text[64];
  to.append({text, strftime(text, sizeof text, "%F %T", &local)});
  to.append('.').append_padded(ns % ns_per_second, 9);
  to.append({text, strftime(text, sizeof text, " %z", &local)});
}

void append_dyn(Text& to, const Context& context, const Param& param, Bytes raw);

/// What an empty parameter prints: unknown for texts, nothing to show for the rest.
void append_empty(Text& to, const Context& context, ParamType type) {
  const bool old = context.options.dialect == Dialect::sysdig_0_29;
  switch (type) {
    case ParamType::charbuf:
    case ParamType::fspath:
    case ParamType::fsrelpath:
      to.append(old ? std::string_view() : not_available);
      break;
    case ParamType::bytebuf:
    case ParamType::charbufarray:
    case ParamType::charbuf_pair_array:
      to.append(old ? std::string_view() : "NULL");
      break;
    case ParamType::socktuple:
    case ParamType::fdlist:
    case ParamType::dyn:
      to.append("NULL");
      break;
    default:
      to.append(not_available);
      break;
  }
}

void append_value(Text& to, const Context& context, const Param& param, Bytes raw) {
  const schema::TypeInfo& info = schema::param_types[static_cast<size_t>(param.type)];
  if (raw.empty()) {
    append_empty(to, context, param.type);
    return;
  }
  if (info.size != 0 && raw.size() != info.size) {
    to.append("<INVALID>");
    return;
  }
  switch (param.type) {
    case ParamType::int8:
    case ParamType::int16:
    case ParamType::int32:
    case ParamType::int64:
    case ParamType::uint8:
    case ParamType::uint16:
    case ParamType::uint32:
    case ParamType::uint64:
      append_integer(to, raw, param.format, info.is_signed);
      break;
    case ParamType::fd:
      append_fd(to, context, load<int64_t>(raw.data()));
      break;
    case ParamType::pid:
      append_pid(to, context, load<int64_t>(raw.data()));
      break;
    case ParamType::errno_code:
      append_errno(to, context, load<int64_t>(raw.data()));
      break;
    case ParamType::charbuf:
      append_name(to, shown_text(raw), context.options);
      break;
    case ParamType::fspath:
    case ParamType::fsrelpath:
      append_path(to, context, param, shown_text(raw));
      break;
    case ParamType::bytebuf:
      append_buffer(to, raw, context.options.buffers, context.options.buffer_limit);
      break;
    case ParamType::sockaddr:
      append_sockaddr(to, raw, context.options);
      break;
    case ParamType::socktuple:
      append_socktuple(to, raw, context.options);
      break;
    case ParamType::fdlist:
      append_fdlist(to, raw, context.event.thread());
      break;
    case ParamType::flags8:
    case ParamType::flags16:
    case ParamType::flags32:
    case ParamType::enumflags8:
    case ParamType::enumflags16:
    case ParamType::enumflags32:
      append_named(to, context, param, raw);
      break;
    case ParamType::mode:
      append_integer(to, raw, param.format, false);
      if (param.flags != nullptr)
        append_resolved(to, context,
                        [&] { append_mode(to, *param.flags, load<uint32_t>(raw.data())); });
      break;
    case ParamType::sigtype:
      to.append_unsigned(load<uint8_t>(raw.data()));
      append_resolved(to, context, [&] { to.append(signal_name(load<uint8_t>(raw.data()))); });
      break;
    case ParamType::sigset:
      append_sigset(to, load<uint32_t>(raw.data()));
      break;
    case ParamType::syscallid: {
      const auto code = load<uint16_t>(raw.data());
      to.append_unsigned(code);
      if (code < schema::syscalls.size())
        append_resolved(to, context, [&] { to.append(schema::syscalls[code].name); });
      break;
    }
    case ParamType::uid:
      append_id_name(to, context, raw, context.state.users);
      break;
    case ParamType::gid:
      append_id_name(to, context, raw, context.state.groups);
      break;
    case ParamType::reltime:
      append_reltime(to, context, raw);
      break;
    case ParamType::abstime:
      append_abstime(to, raw);
      break;
    case ParamType::dyn:
      append_dyn(to, context, param, raw);
      break;
    case ParamType::charbufarray:
      append_string_list(to, raw, '.', context.options);
      break;
    case ParamType::charbuf_pair_array:
      append_string_list(to, raw, ',', context.options);
      break;
    default:
      to.append("(n.a.)");
      break;
  }
}

/// A value that brings its type along: the first byte says which variant it is.
void append_dyn(Text& to, const Context& context, const Param& param, Bytes raw) {
  const auto variant = static_cast<size_t>(raw.front());
  if (variant >= param.variants.size()) {
    to.append("INVALID DYNAMIC PARAMETER");
    return;
  }
  Param inner = param;
  inner.type = param.variants[variant].type;
  inner.format = param.variants[variant].format;
  append_value(to, context, inner, raw.subspan(1));
}

}  // namespace

void append_name(Text& to, std::string_view name, const RenderOptions& options) {
  const size_t start = to.size();
  to.append(name);
  mask_controls(to, start, options);
}

void mask_controls(Text& to, size_t start, const RenderOptions& options) {
  if (!options.safe_for_terminal) return;
  for (char* c = to.data() + start; c != to.data() + to.size(); ++c) {
    if (static_cast<unsigned char>(*c) < 0x20 || *c == 0x7f) *c = '.';
  }
}

std::span<const Param> shown_params(uint16_t id, Dialect dialect) {
  if (dialect == Dialect::sysdig_0_29) {
    if (const schema::Compat029* old = schema::find_compat_029(id))
      return old->params.first(std::min<size_t>(old->known_params, old->params.size()));
  }
  return schema::events[id].params;
}

void append_args(Text& to, const Event& event, const State& state, const RenderOptions& options) {
  if (event.raw().type <= schema::type::generic_exit) return;  // the name says it all
  const std::span<const Param> params = shown_params(event.raw().type, options.dialect);
  const Context context{{event, state, options}};
  const uint32_t count = std::min(event.nparams(), static_cast<uint32_t>(params.size()));
  for (uint32_t i = 0; i < count; ++i) {
    to.append(params[i].name).append('=');
    append_value(to, context, params[i], event.param(i));
    to.append(' ');
  }
}

void append_raw_text(Text& to, const Rendering& rendering, const Param& param, Bytes raw) {
  const Context context{rendering};
  append_value(to, context, param, raw);
  if (context.brackets_at != 0) to.truncate(context.brackets_at);
}

void append_resolved_or_raw(Text& to, const Rendering& rendering, const Param& param, Bytes raw) {
  const size_t start = to.size();
  const Context context{rendering};
  append_value(to, context, param, raw);
  if (context.brackets_at == 0) return;
  const size_t inside = context.brackets_at + 1;
  const size_t length = to.size() - 1 - inside;
  std::memmove(to.data() + start, to.data() + inside, length);
  to.truncate(start + length);
}

}  // namespace gyr
