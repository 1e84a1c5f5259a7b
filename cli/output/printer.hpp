// What is printed for an event: the default line, a line by a format, or JSON.
//
// Purpose: the one place that knows which of them the options ask for.
//
// Contract: `make` fails where a format is wrong; the message shows the place. `append` appends a
// line with its newline, or gives false when the format drops the event. One printer serves all
// traces of a run, in order.
//
// Example:
//   auto printer = Printer::make(options);
//   printer->append(out.line(), moment);
#pragma once

#include <variant>

#include "cli/output/line.hpp"
#include "filter/json.hpp"

namespace gyr {

class Printer {
 public:
  static Result<Printer> make(const Options& options);

  bool append(Text& to, const filter::Moment& moment);
  /// Field::needs_enter, of all fields that it shows.
  bool needs_enter() const;

 private:
  using Form = std::variant<LinePrinter, filter::OutputFormat, filter::JsonFormat>;
  explicit Printer(Form form) : form_(std::move(form)) {}

  Form form_;
};

}  // namespace gyr
