// Where a value comes from: a field with its argument, a transformer of sources, or a constant.
//
// Purpose: what filters compare and what formats print, bound once from an Operand of the tree and
// asked for every event.
//
// Contract: `bind` looks names up, checks arguments and the types that transformers take; its
// errors carry the offset of the operand. A Source remembers what its fields remember, so every
// place in a filter has its own. `extract` gives false for NULL; the values are sealed and valid
// until the next event or the next extraction from the same Source or into the same Extraction.
// Nothing is allocated once the buffers have grown.
//
// Example:
//   auto source = bind(operand);                        // tolower(proc.name)
//   if (source->extract(moment, out)) use(out.first().text);
#pragma once

#include <memory>

#include "filter/ast.hpp"
#include "filter/fields/registry.hpp"

namespace gyr::filter {

/// One event and all there is to know at it.
struct Moment {
  const Event& event;
  const State& state;
  const Settings& settings;
  const Stream& stream;
};

struct Transformer;

class Source {
 public:
  Source();
  Source(Source&&) noexcept;
  Source& operator=(Source&&) noexcept;
  ~Source();

  schema::ParamType type() const { return type_; }
  schema::Format format() const { return format_; }
  bool is_list() const { return is_list_; }
  /// A comparison holds if it holds for one of the values (or for all: `ne_needs_all`).
  bool has_candidates() const { return field_.field != nullptr && field_.has_candidates(); }
  /// Flags of the field; of a transformer, those of its fields together.
  uint32_t flags() const { return flags_; }
  Depends depends() const { return depends_; }
  bool needs_enter() const { return needs_enter_; }
  /// Whether events of this id can have a value.
  bool applies(uint16_t id) const;
  /// The field when it is one and nothing else; nullptr: a transformer or a constant.
  const BoundField* field() const { return field_.field != nullptr ? &field_ : nullptr; }
  /// Types of which the value can be, if there are several (evt.rawarg.addr).
  std::span<const schema::ParamType> alternatives() const { return field_.argument.alternatives; }
  /// From now on there are values of this one only.
  void choose(schema::ParamType alternative);
  /// The canonical text, which is also the key of common sub-expressions.
  const std::string& text() const { return text_; }

  bool extract(const Moment& moment, Extraction& out) {
    out.clear();
    if (field_.field == nullptr) [[unlikely]]
      return transform(moment, out);
    const Site site{moment.event,  moment.state,    moment.settings,
                    moment.stream, field_.argument, memory_};
    const bool found = field_.field->extract(site, out);
    out.seal();
    return found;
  }
  /// What output shows; the same as `extract` for most.
  bool extract_for_print(const Moment& moment, Extraction& out);
  schema::ParamType print_type() const { return print_type_; }
  /// What JSON shows: with `has_json_number` a number where output shows a text (evt.time).
  bool extract_for_json(const Moment& moment, Extraction& out);
  bool has_json_number() const { return field_.field != nullptr && field_.field->json != nullptr; }
  /// Whether control characters need no masking in what output shows.
  bool is_masked() const { return type_ == schema::ParamType::bytebuf || (flags_ & masked) != 0; }

 private:
  friend struct Binder;
  bool transform(const Moment& moment, Extraction& out);
  bool extract_by(Extract how, const Moment& moment, Extraction& out);

  BoundField field_;
  Memory memory_;
  schema::ParamType type_ = schema::ParamType::charbuf;
  schema::ParamType print_type_ = schema::ParamType::charbuf;
  schema::Format format_ = schema::Format::dec;
  bool is_list_ = false;
  bool needs_enter_ = false;
  uint32_t flags_ = 0;
  Depends depends_ = Depends::nothing;
  std::string text_;
  std::unique_ptr<Transformer> transformer_;  // also of constants and lists: transformers.hpp
};

Result<Source> bind(const Operand& operand);

/// The type of what `extract_for_print` gives for a field.
schema::ParamType print_type(const Field& field, schema::ParamType type);

/// "int64", "list of charbuf": the type for messages and listings.
std::string type_text(schema::ParamType type, bool is_list);

}  // namespace gyr::filter
