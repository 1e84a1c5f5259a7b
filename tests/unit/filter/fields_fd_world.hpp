// What fields say about the event that a World was given last.
#pragma once

#include <doctest/doctest.h>

#include "decoder/addresses.hpp"
#include "filter/fields/registry.hpp"
#include "tests/support/world.hpp"

namespace gyr::test {

struct FdWorld : World {
  using World::World;

  /// The value as text, several joined with ' '; "NULL": there is none.
  std::string field(std::string_view name, const std::optional<std::string>& argument = {}) {
    return text_of(name, argument, false);
  }
  /// What output shows.
  std::string printed(std::string_view name) { return text_of(name, {}, true); }

  filter::Settings settings;

 private:
  std::string text_of(std::string_view name, const std::optional<std::string>& argument,
                      bool print) {
    auto bound = filter::resolve(name, argument);
    REQUIRE(bound);
    const filter::Field& field = *bound->field;
    filter::Memory memory;
    const filter::Site site{*last(), state, settings, stream_, bound->argument, memory};
    filter::Extraction out;
    const bool shown = print && field.print != nullptr;
    if (!(shown ? field.print : field.extract)(site, out)) return "NULL";
    CHECK(field.applies(last()->raw().type));
    out.seal();
    std::string text;
    for (const filter::Value& value : out.values()) {
      if (!text.empty()) text += ' ';
      text += one(field, value);
    }
    return text;
  }

  static std::string one(const filter::Field& field, const filter::Value& value) {
    using schema::ParamType;
    const bool address = field.type == ParamType::ipaddr || field.type == ParamType::ipnet ||
                         ((field.flags & filter::resolves_names) != 0 && value.text.size() == 4);
    if (address) {
      Text text;
      const auto* bytes = reinterpret_cast<const uint8_t*>(value.text.data());
      value.text.size() == 4 ? append_ipv4(text, bytes) : append_ipv6(text, bytes);
      return std::string(text.view());
    }
    if (field.type == ParamType::charbuf) return std::string(value.text);
    if (field.type == ParamType::boolean) return value.number != 0 ? "true" : "false";
    return std::to_string(value.as_signed());
  }

  filter::Stream stream_;
};

}  // namespace gyr::test
