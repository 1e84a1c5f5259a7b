#include "chisels/chisel.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "chisels/api.hpp"
#include "chisels/watch.hpp"
#include "filter/parser.hpp"
#include "filter/render_value.hpp"

namespace gyr::chisels {

namespace {

constexpr uint64_t ns_per_second = 1'000'000'000;
constexpr int most_replacements = 32;  // by chisel.exec, one after the other

void push_time(lua_State* lua, uint64_t ts) {
  lua_pushnumber(lua, static_cast<double>(ts / ns_per_second));
  lua_pushnumber(lua, static_cast<double>(ts % ns_per_second));
}

/// A message below which there may be a trace, each line of it further in.
std::string indented(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

}  // namespace

RequestedField::Form RequestedField::form_of(schema::ParamType type) {
  using schema::ParamType;
  switch (type) {
    case ParamType::boolean:
      return Form::boolean;
    case ParamType::float64:
      return Form::real;
    case ParamType::int8:
    case ParamType::int16:
    case ParamType::int32:
    case ParamType::int64:
    case ParamType::errno_code:
    case ParamType::fd:
    case ParamType::fd32:
    case ParamType::pid:
    case ParamType::pid32:
      return Form::signed_number;
    default:
      break;
  }
  if (filter::is_integer(type)) return Form::number;
  const bool plain = filter::is_text(type) || type == ParamType::bytebuf;
  return plain ? Form::text : Form::rendered;
}

Chisel::~Chisel() {
  if (udp_socket >= 0) ::close(udp_socket);
}

Result<std::unique_ptr<Chisel>> Chisel::open(const std::string& name,
                                             const std::vector<std::string>& values,
                                             ChiselHost& host) {
  Next next{name, values};
  for (int i = 0; i < most_replacements; ++i) {
    auto chisel = std::make_unique<Chisel>(next.name, host);
    if (auto done = chisel->load(); !done) return fail(std::move(done.error()));
    if (auto done = chisel->give_arguments(next.values); !done)
      return fail(std::move(done.error()));
    if (auto done = chisel->init(); !done) return fail(std::move(done.error()));
    if (!chisel->next_) return chisel;
    next = std::move(*chisel->next_);
  }
  return fail(fmt::format("chisel {}: chisels that replace one another without an end", name));
}

tl::unexpected<Error> Chisel::wrong(const char* function, std::string_view problem) const {
  return fail(fmt::format("chisel {}: {}: {}", name_, function, problem));
}

Result<void> Chisel::load() {
  const auto path = find_chisel(name_);
  if (!path) return fail(path.error());
  lua_.add_module_folders(chisel_folders());
  add_api(lua_.get(), *this);
  const Watch watch(name_);
  if (auto done = lua_.run_file(*path); !done)
    return fail(fmt::format("chisel {}: {}", name_, indented(done.error().message)));
  return {};
}

Result<void> Chisel::give_arguments(const std::vector<std::string>& values) {
  const Description d = description_of(lua_, name_, "");
  if (values.size() < d.required() || values.size() > d.arguments.size())
    return fail(fmt::format(
        "chisel {}: {} arguments are given, it takes {}{}", name_, values.size(), d.required(),
        d.arguments.size() > d.required() ? fmt::format(" to {}", d.arguments.size())
                                          : std::string()));
  if (!values.empty() && !lua_.has_function("on_set_arg"))
    return wrong("on_set_arg", "there is no such function");
  for (size_t i = 0; i < values.size(); ++i) {
    lua_getglobal(lua_.get(), "on_set_arg");
    push_text(lua_.get(), d.arguments[i].name);
    push_text(lua_.get(), values[i]);
    const auto answer = call(2);
    if (!answer) return fail(answer.error());
    if (*answer == Answer::no)
      return wrong("on_set_arg",
                   fmt::format("does not take '{}' as {}", values[i], d.arguments[i].name));
    if (*answer == Answer::nothing) return wrong("on_set_arg", "gives neither true nor false");
  }
  return {};
}

Result<void> Chisel::init() {
  if (!lua_.has_function("on_init")) return wrong("on_init", "there is no such function");
  lua_getglobal(lua_.get(), "on_init");
  const auto answer = call(0);
  if (!answer) return fail(answer.error());
  if (*answer == Answer::no) return wrong("on_init", "says that it cannot run");
  if (*answer == Answer::nothing) return wrong("on_init", "gives neither true nor false");
  return {};
}

Result<void> Chisel::start() {
  phase_ = Phase::starting;
  if (lua_.has_function("on_capture_start")) {
    lua_getglobal(lua_.get(), "on_capture_start");
    const auto answer = call(0);
    if (!answer) return fail(answer.error());
    if (*answer == Answer::no) return wrong("on_capture_start", "says that it cannot run");
    if (*answer == Answer::nothing)
      return wrong("on_capture_start", "gives neither true nor false");
  }
  has_on_event_ = lua_.has_function("on_event");
  lua_.keep_for_calls("on_event");
  phase_ = Phase::running;
  return {};
}

Result<Chisel::Answer> Chisel::call(int arguments) {
  const Watch watch(name_);
  if (auto done = lua_.call(arguments, 1); !done)
    return fail(fmt::format("chisel {}: {}", name_, indented(done.error().message)));
  const Answer answer = !lua_isboolean(lua_.get(), -1)       ? Answer::nothing
                        : lua_toboolean(lua_.get(), -1) != 0 ? Answer::yes
                                                             : Answer::no;
  lua_pop(lua_.get(), 1);
  return answer;
}

bool Chisel::fails(Error error) {
  failure_ = std::move(error);
  return false;
}

bool Chisel::interval_passes(uint64_t ts) {
  auto done = check_interval(ts);
  return done || fails(std::move(done.error()));
}

/// To on_event, and to the format if there is one.
bool Chisel::pass_on(const filter::Moment& moment) {
  bool wants_line = true;
  if (has_on_event_) {
    const Watch watch(name_);
    phase_ = Phase::event;
    const bool good = lua_.call_kept();
    phase_ = Phase::running;
    if (!good) [[unlikely]]
      return fails({fmt::format("chisel {}: {}", name_, indented(lua_.take_error()))});
    wants_line = lua_.take_flag() && !host_.end_capture;
  }
  if (wants_line && format_) print_line(moment);
  return true;
}

void Chisel::print_line(const filter::Moment& moment) {
  line_.clear();
  const bool has_line =
      json_format_ ? json_format_->append(line_, moment) : format_->append(line_, moment);
  if (!has_line) return;
  line_.append('\n');
  std::fwrite(line_.view().data(), 1, line_.size(), stdout);
}

Result<void> Chisel::tick(const filter::Moment& moment) {
  if (interval_ns_ == 0 || last_interval_ts_ == 0) return {};
  return check_interval(moment.event.raw().ts);
}

/// The first event only says where the intervals begin.
Result<void> Chisel::check_interval(uint64_t ts) {
  if (precise_) return check_precise_interval(ts);
  const uint64_t slot = ts - ts % interval_ns_;
  if (slot == slot_) return {};
  const uint64_t delta = last_interval_ts_ == 0 ? 0 : ts - last_interval_ts_;
  if (last_interval_ts_ != 0 && delta == 0) return {};
  if (slot_ != 0) {
    if (auto done = on_interval(ts, delta); !done) return done;
  }
  slot_ = slot;
  last_interval_ts_ = ts;
  return {};
}

/// One call for each interval that has passed, with the time at which it began.
Result<void> Chisel::check_precise_interval(uint64_t ts) {
  constexpr uint64_t most_at_once = 100'000;
  if (last_interval_ts_ == 0) last_interval_ts_ = ts;
  for (uint64_t i = 0; i < most_at_once && ts >= last_interval_ts_ + interval_ns_; ++i) {
    if (auto done = on_interval(last_interval_ts_, interval_ns_); !done) return done;
    last_interval_ts_ += interval_ns_;
  }
  return {};
}

Result<void> Chisel::on_interval(uint64_t ts, uint64_t delta) {
  if (!lua_.has_function("on_interval")) return wrong("on_interval", "there is no such function");
  lua_getglobal(lua_.get(), "on_interval");
  push_time(lua_.get(), ts);
  lua_pushnumber(lua_.get(), static_cast<double>(delta));
  phase_ = Phase::event;
  const auto answer = call(3);
  phase_ = Phase::running;
  if (!answer) return fail(answer.error());
  if (*answer != Answer::yes) return fail(fmt::format("chisel {} has ended the capture", name_));
  return {};
}

Result<void> Chisel::finish() {
  phase_ = Phase::over;
  if (!lua_.has_function("on_capture_end")) return {};
  lua_getglobal(lua_.get(), "on_capture_end");
  push_time(lua_.get(), host_.last_ts);
  lua_pushnumber(lua_.get(), static_cast<double>(host_.last_ts - host_.first_ts));
  const auto answer = call(3);
  return answer ? Result<void>() : fail(answer.error());
}

std::optional<filter::EventTypes> Chisel::wanted_types() const {
  if (!filter_ || interval_ns_ != 0) return std::nullopt;
  return filter_->types_to_decode();
}

bool Chisel::needs_enter() const {
  return std::ranges::any_of(fields_, [](const auto& f) { return f.source.needs_enter(); }) ||
         (filter_ && filter_->needs_enter()) || (format_ && format_->needs_enter());
}

// ---- for the API ----

Result<double> Chisel::request_field(std::string_view text) {
  size_t length = 0;
  auto operand = filter::parse_operand_prefix(text, length);
  auto source = operand && length == text.size() ? filter::bind(*operand)
                                                 : tl::unexpected<Error>(Error{"it is no field"});
  if (!source) return fail((operand ? source.error() : operand.error()).message);
  const auto form = source->is_list() ? RequestedField::Form::rendered
                                      : RequestedField::form_of(source->print_type());
  fields_.push_back({std::move(*source), form, {}, {}});
  return static_cast<double>(fields_.size());
}

Result<void> Chisel::set_filter(std::string_view text) {
  auto compiled = filter::Filter::compile(text);
  if (!compiled) return fail("filter: " + filter::explain(text, compiled.error()));
  filter_ = std::move(*compiled);
  return {};
}

Result<void> Chisel::set_formatter(std::string_view text) {
  auto format = filter::OutputFormat::parse(text == "default" ? host_.default_format : text);
  if (!format) return fail("format: " + filter::explain(text, format.error()));
  format_ = std::move(*format);
  if (host_.json) {
    auto again = filter::OutputFormat::parse(text == "default" ? host_.default_format : text);
    json_format_.emplace(std::move(*again));
  }
  return {};
}

void Chisel::set_interval(uint64_t ns, bool precise) {
  interval_ns_ = ns;
  precise_ = precise;
}

void Chisel::exec(std::string name, std::vector<std::string> values) {
  next_ = Next{std::move(name), std::move(values)};
}

}  // namespace gyr::chisels
