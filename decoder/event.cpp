#include "decoder/event.hpp"

#include "decoder/paths.hpp"

namespace gyr {

namespace {

constexpr std::array<std::byte, 16> zero_bytes{};
constexpr std::array<std::byte, 4> all_ones = {std::byte{0xff}, std::byte{0xff}, std::byte{0xff},
                                               std::byte{0xff}};

/// The value that stands for a parameter that old events did not have.
Bytes zero_value(schema::ParamType type) {
  if (type == schema::ParamType::uid || type == schema::ParamType::gid) return all_ones;
  return Bytes(zero_bytes).first(schema::param_types[static_cast<size_t>(type)].size);
}

}  // namespace

std::string_view text_value(Bytes raw) {
  constexpr std::string_view old_null = "(NULL)";
  const std::string_view text = as_text(raw);
  const std::string_view trimmed = text.substr(0, text.find('\0'));
  return trimmed == old_null ? std::string_view() : trimmed;
}

Bytes enter_param(const PendingEnter& enter, uint32_t index) {
  const schema::Event* info = schema::find_event(enter.type);
  if (!enter.kept || info == nullptr) return {};
  if (index >= enter.nparams || index >= info->params.size()) return {};
  const std::byte* lengths = enter.bytes.data();
  const std::byte* at = lengths + sizeof(uint16_t) * enter.nparams;
  for (uint32_t i = 0; i < index; ++i) at += load<uint16_t>(lengths + sizeof(uint16_t) * i);
  return {at, load<uint16_t>(lengths + sizeof(uint16_t) * index)};
}

uint64_t entered_number(const PendingEnter& enter, uint32_t index) {
  return Event::value<uint64_t>(enter_param(enter, index));
}

std::string_view entered_path(const PendingEnter& enter, uint32_t index) {
  const std::string_view path = text_value(enter_param(enter, index));
  return path == not_available ? std::string_view() : path;
}

/// Parameter `index` of the enter event in today's form.
Bytes Event::from_enter(uint32_t index) const {
  const schema::Upgrade* upgrade =
      enter_->upgradable ? schema::find_upgrade(enter_->type, enter_->nparams) : nullptr;
  if (upgrade == nullptr) return enter_param(*enter_, index);
  const schema::ParamSource source = upgrade->sources[index];
  return source.from == schema::ParamSource::own ? enter_param(*enter_, source.index) : Bytes();
}

const schema::Upgrade Event::not_looked_up{};

/// The same as `today`, of an event that is not known to be in today's form.
Bytes Event::today_of_old(uint32_t index) const {
  if (upgrade() != nullptr) {
    const schema::ParamSource source = upgrade_->sources[index];
    if (source.from != schema::ParamSource::own) return upgraded(index, source);
    index = source.index;
  }
  return index < nparams() ? param(index) : Bytes();
}

Bytes Event::today_param(uint32_t index) const {
  using schema::ParamSource;
  const schema::ParamSource source =
      upgrade() != nullptr ? upgrade()->sources[index]
                           : ParamSource{ParamSource::own, static_cast<uint8_t>(index)};
  switch (source.from) {
    case ParamSource::own:
      return source.index < nparams() ? param(source.index) : Bytes();
    case ParamSource::enter:
    case ParamSource::enter_or_empty:
      return enter_ != nullptr ? from_enter(source.index) : Bytes();
    case ParamSource::zero:
    case ParamSource::empty:
      break;
  }
  return {};
}

/// A parameter that the event itself does not hold.
Bytes Event::upgraded(uint32_t index, schema::ParamSource source) const {
  using schema::ParamSource;
  switch (source.from) {
    case ParamSource::enter:
    case ParamSource::enter_or_empty:
      if (enter_ != nullptr) return from_enter(source.index);
      if (source.from == ParamSource::enter_or_empty) return {};
      [[fallthrough]];
    case ParamSource::zero:
      return zero_value(schema::find_event(upgrade_->target)->params[index].type);
    case ParamSource::own:
    case ParamSource::empty:
      break;
  }
  return {};
}

}  // namespace gyr
