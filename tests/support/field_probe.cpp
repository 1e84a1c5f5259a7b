#include "tests/support/field_probe.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "decoder/addresses.hpp"
#include "filter/matcher.hpp"
#include "filter/source.hpp"

namespace gyr::test {

namespace {

using filter::Kind;
using schema::ParamType;

Result<filter::BoundField> resolve_written(std::string_view written) {
  const size_t bracket = written.find('[');
  if (bracket == std::string_view::npos) return filter::resolve(written, std::nullopt);
  const auto argument = written.substr(bracket + 1, written.size() - bracket - 2);
  return filter::resolve(written.substr(0, bracket), std::string(argument));
}

std::string address_text(std::string_view address) {
  constexpr size_t ipv4_size = 4;
  Text text;
  const auto* bytes = reinterpret_cast<const uint8_t*>(address.data());
  address.size() == ipv4_size ? append_ipv4(text, bytes) : append_ipv6(text, bytes);
  return std::string(text.view());
}

std::string as_text(ParamType type, const filter::Value& value) {
  switch (filter::kind_of(type)) {
    case Kind::number:
    case Kind::port:
      return filter::is_signed_type(type) ? std::to_string(value.as_signed())
                                          : std::to_string(value.number);
    case Kind::real:
      return fmt::format("{:g}", value.as_double());
    case Kind::boolean:
      return value.number != 0 ? "true" : "false";
    case Kind::address:
    case Kind::network:
      return address_text(value.text);
    default:
      return std::string(value.text);
  }
}

}  // namespace

FieldProbe::FieldProbe(std::string_view written) {
  auto field = resolve_written(written);
  if (!field) throw std::invalid_argument(field.error().message);
  field_ = std::move(*field);
}

bool FieldProbe::extract(const World& world, filter::Extract how) {
  const Event* event = world.last();
  if (event == nullptr) throw std::logic_error("the world has no last event");
  stream.first_ts = world.decoder.first_ts();
  const filter::Site site{*event, world.state, settings, stream, field_.argument, memory_};
  out_.clear();
  const bool found = how(site, out_);
  out_.seal();
  const filter::Field& row = *field_.field;
  const uint16_t id = event->raw().type;
  const bool applies = (row.applies == nullptr || row.applies(id)) &&
                       (row.applies_arg == nullptr || row.applies_arg(field_.argument, id));
  if (found && !applies) throw std::logic_error("a value where the field does not apply");
  return found;
}

std::string FieldProbe::values(ParamType type) const {
  std::string text;
  if (out_.type() != ParamType::none) type = out_.type();
  for (const filter::Value& one : out_.values()) {
    if (&one != out_.values().data()) text += " | ";
    text += as_text(type, one);
  }
  return text;
}

std::string FieldProbe::at(const World& world) {
  if (!extract(world, field_.field->extract)) return "NULL";
  const bool is_host = (field_.field->flags & filter::resolves_names) != 0;
  return values(is_host ? ParamType::ipaddr : field_.type());
}

std::string FieldProbe::printed_at(const World& world) {
  if (field_.field->print == nullptr) return at(world);
  if (!extract(world, field_.field->print)) return "NULL";
  return values(filter::print_type(*field_.field, field_.type()));
}

std::string FieldProbe::json_at(const World& world) {
  if (field_.field->json == nullptr) return printed_at(world);
  return extract(world, field_.field->json) ? std::to_string(out_.first().number) : "NULL";
}

std::string field_error(std::string_view written) {
  const auto field = resolve_written(written);
  return field ? std::string() : field.error().message;
}

std::vector<ThreadRecord> one_process(int64_t pid, std::string_view comm, std::string_view cwd) {
  ThreadRecord process;
  process.tid = process.pid = process.vtid = process.vpid = pid;
  process.ptid = 1;
  process.comm = comm;
  process.cwd = cwd;
  return {process};
}

}  // namespace gyr::test
