// One chisel: a Lua file that is told of events.
//
// Contract: `open` finds and runs the file, gives it its arguments and calls its on_init; a chisel
// that hands over to another one (chisel.exec) is replaced by it. Then `start` once, `event` for
// each event in turn, `finish` once. Errors say the chisel's name, the place and what went wrong.
// Facts: gyr-chisels(7).
//
// Example:
//   auto chisel = Chisel::open("topfiles_bytes", {}, host);
//   (*chisel)->start();
//   (*chisel)->event(moment, true);
//   (*chisel)->finish();
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "chisels/finder.hpp"
#include "chisels/host.hpp"
#include "chisels/lua_state.hpp"
#include "filter/filter.hpp"
#include "filter/json.hpp"

namespace gyr::chisels {

/// A field that the chisel has asked for.
struct RequestedField {
  enum class Form : uint8_t { signed_number, number, real, boolean, text, rendered };
  static Form form_of(schema::ParamType type);

  filter::Source source;
  Form form;
  filter::Extraction extraction;
  Text rendered;
};

/// What evt.field gives, as its half that is written in Lua reads it: see api_evt.cpp.
struct FieldValue {
  enum Kind : int32_t { none, number, boolean, text, wrong_handle, no_event };
  int32_t kind = none;
  uint32_t size = 0;         // of the text
  double as_number = 0;      // a boolean as 0 or 1
  const char* as_text = "";  // valid until the next call
};

class Chisel {
 public:
  static Result<std::unique_ptr<Chisel>> open(const std::string& name,
                                              const std::vector<std::string>& values,
                                              ChiselHost& host);
  Chisel(std::string name, ChiselHost& host) : host_(host), name_(std::move(name)) {}
  Chisel(const Chisel&) = delete;
  Chisel& operator=(const Chisel&) = delete;

  Result<void> start();
  /// `matches`: whether the filter of the command line lets it through; intervals pass with all.
  /// False: an error, which `failure` gives.
  bool event(const filter::Moment& moment, bool matches) {
    if (interval_ns_ != 0 && !interval_passes(moment.event.raw().ts)) return false;
    if (!matches || (filter_ && !filter_->matches(moment))) return true;
    return pass_on(moment);
  }
  Error failure() { return std::move(failure_); }
  /// Live, nothing happens: intervals pass nevertheless. The event is made up and has a time only.
  Result<void> tick(const filter::Moment& moment);
  Result<void> finish();

  const std::string& name() const { return name_; }
  /// Types of events that it can want; none: all.
  std::optional<filter::EventTypes> wanted_types() const;
  bool needs_enter() const;

  // For the API.
  enum class Phase : uint8_t { init, starting, running, event, over };
  Phase phase() const { return phase_; }
  bool has_event() const { return host_.moment != nullptr; }
  ChiselHost& host() { return host_; }
  Result<double> request_field(std::string_view text);
  /// By what `request_field` gave: a number, as code that LuaJIT compiles can pass nothing else on.
  RequestedField* field(double handle) {
    const bool good = handle >= 1 && handle < static_cast<double>(fields_.size() + 1);
    return good ? &fields_[static_cast<size_t>(handle) - 1] : nullptr;
  }
  Result<void> set_filter(std::string_view text);
  Result<void> set_formatter(std::string_view format);
  void set_interval(uint64_t ns, bool precise);
  void exec(std::string name, std::vector<std::string> values);
  FieldValue value;
  int udp_socket = -1;

  ~Chisel();

 private:
  struct Next {
    std::string name;
    std::vector<std::string> values;
  };
  enum class Answer : uint8_t { yes, no, nothing };

  Result<void> load();
  Result<void> give_arguments(const std::vector<std::string>& values);
  Result<void> init();
  bool interval_passes(uint64_t ts);
  bool pass_on(const filter::Moment& moment);
  bool fails(Error error);
  Result<void> check_interval(uint64_t ts);
  Result<void> on_interval(uint64_t ts, uint64_t delta);
  Result<void> check_precise_interval(uint64_t ts);
  /// Calls the function below the arguments on the stack.
  Result<Answer> call(int arguments);
  void print_line(const filter::Moment& moment);
  tl::unexpected<Error> wrong(const char* function, std::string_view problem) const;

  ChiselHost& host_;
  std::string name_;
  LuaState lua_;
  Phase phase_ = Phase::init;
  bool has_on_event_ = false;
  std::deque<RequestedField> fields_;  // whose places do not change
  std::optional<filter::Filter> filter_;
  std::optional<filter::OutputFormat> format_;
  std::optional<filter::JsonFormat> json_format_;
  Text line_;
  std::optional<Next> next_;
  Error failure_;
  uint64_t interval_ns_ = 0;
  bool precise_ = false;
  uint64_t slot_ = 0, last_interval_ts_ = 0;
};

}  // namespace gyr::chisels
