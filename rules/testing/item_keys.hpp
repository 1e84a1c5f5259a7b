// The keys of one item that says what was there before.
//
// Contract: the getters leave their target alone where the key is absent, and say what is wrong
// where its value does not fit.
//
// Example:
//   const ItemKeys keys(item, encoder);
//   keys.read("uid", schema::ParamType::uid, record.uid);
#pragma once

#include <cstring>
#include <span>

#include "rules/testing/state_items.hpp"

namespace gyr::rules {

class ItemKeys {
 public:
  ItemKeys(const NamedItem& item, const ValueEncoder& encoder) : item_(item), encoder_(encoder) {}

  /// It is a mapping, with these keys only, none of them twice.
  bool check(std::span<const std::string_view> known) const;
  bool need(std::string_view key) const;
  const YamlNode* find(std::string_view key) const { return item_.value->find(key); }

  template <class T>
  void read(std::string_view key, schema::ParamType type, T& to,
            const schema::FlagTable* names = nullptr) const {
    const YamlNode* value = find(key);
    if (value == nullptr) return;
    const schema::Param param{key, type, schema::Format::dec, -1, names, {}};
    const auto bytes = encoder_.encode(param, *value, nullptr);
    if (bytes && bytes->size() == sizeof to) std::memcpy(&to, bytes->data(), sizeof to);
  }
  void read(std::string_view key, bool& to) const;
  void read_text(std::string_view key, std::string& to) const;
  void read_texts(std::string_view key, std::string& to) const;
  /// At the key's value, or at the item.
  void wrong(std::string_view key, std::string message) const;

  static const schema::FlagTable* flag_table(std::string_view name);

 private:
  const NamedItem& item_;
  const ValueEncoder& encoder_;
};

}  // namespace gyr::rules
