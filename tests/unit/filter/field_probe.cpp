#include "tests/unit/filter/field_probe.hpp"

#include <doctest/doctest.h>

namespace gyr::test {

namespace {

using schema::ParamType;

Result<filter::BoundField> resolve_written(std::string_view written) {
  const size_t bracket = written.find('[');
  if (bracket == std::string_view::npos) return filter::resolve(written, std::nullopt);
  const auto argument = written.substr(bracket + 1, written.size() - bracket - 2);
  return filter::resolve(written.substr(0, bracket), std::string(argument));
}

bool is_text_type(ParamType type) {
  switch (type) {
    case ParamType::charbuf:
    case ParamType::fspath:
    case ParamType::fsrelpath:
    case ParamType::bytebuf:
    case ParamType::sockaddr:
    case ParamType::socktuple:
    case ParamType::fdlist:
      return true;
    default:
      return false;
  }
}

}  // namespace

Probe::Probe(std::string_view written) {
  auto field = resolve_written(written);
  if (!field) FAIL(field.error().message);
  field_ = std::move(*field);
}

bool Probe::extract(filter::Extract function, const World& world) {
  REQUIRE(world.last() != nullptr);
  stream.first_ts = world.decoder.first_ts();
  out_.clear();
  const filter::Site site{*world.last(), world.state, settings, stream, field_.argument, memory_};
  const bool found = function(site, out_);
  out_.seal();
  const uint16_t id = world.last()->raw().type;
  if (found && field_.field->applies != nullptr) CHECK(field_.field->applies(id));
  if (found && field_.field->applies_arg != nullptr)
    CHECK(field_.field->applies_arg(field_.argument, id));
  return found;
}

std::string Probe::text(bool is_text) const {
  const filter::Value& value = out_.first();
  if (is_text) return std::string(value.text);
  if (field_.type() == ParamType::boolean) return value.number != 0 ? "true" : "false";
  const bool is_signed = schema::param_types[static_cast<size_t>(field_.type())].is_signed;
  return is_signed ? std::to_string(value.as_signed()) : std::to_string(value.number);
}

std::string Probe::operator()(const World& world) {
  return extract(field_.field->extract, world) ? text(is_text_type(field_.type())) : "<NA>";
}

std::string Probe::printed(const World& world) {
  if (field_.field->print == nullptr) return (*this)(world);
  return extract(field_.field->print, world) ? text(true) : "<NA>";
}

std::string Probe::json(const World& world) {
  if (field_.field->json == nullptr) return printed(world);
  return extract(field_.field->json, world) ? std::to_string(out_.first().number) : "null";
}

std::vector<ThreadRecord> one_process(int64_t pid, std::string_view comm, std::string_view cwd) {
  ThreadRecord process;
  process.tid = process.pid = process.vtid = process.vpid = pid;
  process.ptid = 1;
  process.comm = comm;
  process.cwd = cwd;
  return {process};
}

std::string field_error(std::string_view written) {
  const auto field = resolve_written(written);
  return field ? std::string() : field.error().message;
}

}  // namespace gyr::test
