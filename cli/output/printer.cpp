#include "cli/output/printer.hpp"

#include "cli/output/formats.hpp"
#include "filter/parser.hpp"

namespace gyr {

Result<Printer> Printer::make(const Options& options) {
  if (!options.format && !options.json) return Printer(LinePrinter(options));
  const std::string text = options.format.value_or(std::string(default_format));
  auto format = filter::OutputFormat::parse(text);
  if (!format) return fail("-p: " + filter::explain(text, format.error()));
  if (options.json) return Printer(filter::JsonFormat(std::move(*format)));
  return Printer(std::move(*format));
}

bool Printer::needs_enter() const {
  return std::visit(
      [](const auto& form) {
        if constexpr (requires { form.needs_enter(); })
          return form.needs_enter();
        else
          return false;
      },
      form_);
}

bool Printer::append(Text& to, const filter::Moment& moment) {
  const bool shown = std::visit([&](auto& form) { return form.append(to, moment); }, form_);
  if (shown) to.append('\n');
  return shown;
}

}  // namespace gyr
