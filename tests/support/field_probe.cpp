#include "tests/support/field_probe.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace gyr::test {

namespace {

using schema::ParamType;

std::string as_text(ParamType type, const filter::Value& value) {
  switch (type) {
    case ParamType::charbuf:
    case ParamType::fspath:
    case ParamType::bytebuf:
      return std::string(value.text);
    case ParamType::boolean:
      return value.number != 0 ? "true" : "false";
    case ParamType::float64:
      return fmt::format("{}", value.as_double());
    case ParamType::int32:
    case ParamType::int64:
      return fmt::format("{}", value.as_signed());
    default:
      return fmt::format("{}", value.number);
  }
}

}  // namespace

FieldProbe::FieldProbe(std::string_view text) {
  std::optional<std::string> argument;
  if (const size_t bracket = text.find('['); bracket != std::string_view::npos) {
    argument = text.substr(bracket + 1, text.size() - bracket - 2);
    text = text.substr(0, bracket);
  }
  auto bound = filter::resolve(text, argument);
  if (!bound) throw std::invalid_argument(bound.error().message);
  field_ = std::move(*bound);
}

std::string FieldProbe::value(const World& world, filter::Extract extract) {
  const filter::Settings settings;
  const filter::Stream stream;
  const filter::Site site{*world.last(), world.state, settings, stream, field_.argument, memory_};
  out_.clear();
  if (!extract(site, out_)) return "NULL";
  out_.seal();
  std::string text;
  for (const filter::Value& one : out_.values()) {
    if (!text.empty()) text += " | ";
    text += as_text(field_.type(), one);
  }
  return text;
}

}  // namespace gyr::test
