// From a YAML value to the bytes of a parameter, by the parameter's type.
//
// Purpose: what a case writes, in the words that gyr prints, becomes what a recorder stores.
//
// Contract: scalars for all types; lists for what holds several texts ("args: [-c, id]"), for
// buffers of them and for lists of descriptors ("4:POLLIN"); {hex: "7f45"} for any bytes. A
// descriptor may be given by its name in the state, a user by name. What is wrong goes to the
// findings at its place, and the result is nothing then.
//
// Example:
//   ValueEncoder encoder(state, findings);
//   auto bytes = encoder.encode(param, *node, thread);
#pragma once

#include <optional>

#include "decoder/state.hpp"
#include "rules/item.hpp"
#include "schema/schema.hpp"

namespace gyr::rules {

class ValueEncoder {
 public:
  ValueEncoder(const State& state, Findings& findings) : state_(state), findings_(findings) {}

  /// `thread` is who has the descriptors, nullptr if nobody.
  std::optional<std::string> encode(const schema::Param& param, const YamlNode& value,
                                    const Thread* thread) const;
  /// NUL-terminated texts back to back: of a list, or of a text that is split at blanks.
  std::optional<std::string> texts(std::string_view name, const YamlNode& value) const;
  /// A text, or why not; "" for nothing.
  const TracedText* scalar(std::string_view name, const YamlNode& value) const;
  /// An id, or the name of a user (of a group) that the state knows.
  std::optional<std::string> user_id(const schema::Param& param, const YamlNode& value) const;
  std::optional<std::string> number(const schema::Param& param, const YamlNode& value) const;
  /// Says it, at a place in the case.
  std::nullopt_t wrong(Place place, std::string message) const;

 private:
  std::optional<std::string> descriptor(const schema::Param& param, const YamlNode& value,
                                        const Thread* thread) const;
  std::optional<std::string> buffer(const schema::Param& param, const YamlNode& value) const;
  std::optional<std::string> text(const schema::Param& param, const YamlNode& value) const;
  std::optional<std::string> address(const schema::Param& param, const YamlNode& value) const;
  std::optional<std::string> descriptors(const schema::Param& param, const YamlNode& value) const;
  std::optional<std::string> variant(const schema::Param& param, const YamlNode& value,
                                     const Thread* thread) const;

  const State& state_;
  Findings& findings_;
};

/// What stands for a parameter that a case leaves out: zero, an empty text, no bytes.
std::string zero_value(const schema::Param& param);

}  // namespace gyr::rules
