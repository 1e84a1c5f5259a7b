#include "cli/scan/config/settings.hpp"

#include <fmt/format.h>

#include <optional>

#include "base/whole_number.hpp"

namespace gyr {

namespace {

using rules::Place;
using rules::TracedText;
using rules::YamlNode;
using rules::YamlPtr;
using Kind = YamlNode::Kind;

/// A name in a mapping, or a place in a list.
struct Step {
  std::string name;
  size_t at = 0;  // byte of the setting
  bool in_list = false;
  std::optional<size_t> index;  // nothing: behind the last one
};

tl::unexpected<Error> malformed(size_t at) {
  return fail(Error{"a setting is key=value, key.sub=value, key[0]=value or key[]=value", at});
}

/// The path in front of the '=', which stays in `setting`.
class PathParser {
 public:
  explicit PathParser(std::string_view setting) : setting_(setting) {}

  Result<std::vector<Step>> parse() {
    constexpr size_t deepest = 16;
    while (at_ < setting_.size() && setting_[at_] != '=') {
      if (steps_.size() == deepest) return malformed(at_);
      const auto read = setting_[at_] == '[' ? index() : name();
      if (!read) return fail(read.error());
    }
    if (at_ == setting_.size() || steps_.empty()) return malformed(at_);
    return std::move(steps_);
  }
  /// Behind the '='.
  size_t value_at() const { return at_ + 1; }

 private:
  Result<void> name() {
    if (!steps_.empty() && setting_[at_] == '.') ++at_;
    Step step{"", at_, false, std::nullopt};
    for (; at_ < setting_.size(); ++at_) {
      constexpr std::string_view special = ".[]\\";
      const char c = setting_[at_];
      const bool escapes = c == '\\' && at_ + 1 < setting_.size() &&
                           special.find(setting_[at_ + 1]) != std::string_view::npos;
      if (escapes)
        ++at_;
      else if (c == '=' || c == '.' || c == '[')
        break;
      step.name += setting_[at_];
    }
    if (step.name.empty()) return malformed(at_);
    steps_.push_back(std::move(step));
    return {};
  }

  Result<void> index() {
    Step step{"", at_, true, std::nullopt};
    const size_t end = setting_.find(']', at_);
    if (end == std::string_view::npos) return malformed(at_);
    const std::string_view digits = setting_.substr(at_ + 1, end - at_ - 1);
    if (!digits.empty()) {
      step.index = whole_number(digits);
      if (!step.index) return malformed(at_ + 1);
    }
    at_ = end + 1;
    steps_.push_back(std::move(step));
    return {};
  }

  std::string_view setting_;
  size_t at_ = 0;
  std::vector<Step> steps_;
};

class Setter {
 public:
  Setter(const std::vector<Step>& steps, YamlPtr value, uint32_t file)
      : steps_(steps), value_(std::move(value)), file_(file) {}

  Result<YamlPtr> apply(const YamlPtr& node, size_t depth) const {
    if (depth == steps_.size()) return value_;
    const Step& step = steps_[depth];
    const Kind kind = step.in_list ? Kind::sequence : Kind::mapping;
    const bool is_new = node == nullptr || node->kind == Kind::null;
    if (!is_new && node->kind != kind)
      return fail(Error{fmt::format("what the setting is for is {} and not {}",
                                    rules::kind_name(node->kind), rules::kind_name(kind)),
                        step.at});
    auto changed = std::make_shared<YamlNode>();
    if (!is_new) *changed = *node;
    changed->kind = kind;
    if (is_new) changed->place = place(step.at);
    auto done = step.in_list ? in_list(*changed, depth) : in_mapping(*changed, depth);
    if (!done) return fail(std::move(done.error()));
    return changed;
  }

 private:
  Place place(size_t at) const { return {file_, static_cast<uint32_t>(at)}; }

  Result<void> in_mapping(YamlNode& mapping, size_t depth) const {
    const Step& step = steps_[depth];
    for (auto& [key, value] : mapping.entries) {
      if (key->kind != Kind::scalar || key->text.text() != step.name) continue;
      return replace(value, depth);
    }
    auto key = std::make_shared<YamlNode>();
    key->kind = Kind::scalar;
    key->place = place(step.at);
    key->text = TracedText(step.name, key->place);
    YamlPtr value;
    auto done = replace(value, depth);
    mapping.entries.emplace_back(std::move(key), std::move(value));
    return done;
  }

  Result<void> in_list(YamlNode& list, size_t depth) const {
    const Step& step = steps_[depth];
    const size_t index = step.index.value_or(list.items.size());
    if (index > list.items.size())
      return fail(Error{fmt::format("the list has {} items; [] stands for a new one behind them",
                                    list.items.size()),
                        step.at});
    if (index == list.items.size()) list.items.push_back(nullptr);
    return replace(list.items[index], depth);
  }

  Result<void> replace(YamlPtr& value, size_t depth) const {
    auto changed = apply(value, depth + 1);
    if (!changed) return fail(std::move(changed.error()));
    value = std::move(*changed);
    return {};
  }

  const std::vector<Step>& steps_;
  YamlPtr value_;
  uint32_t file_;
};

Result<YamlPtr> parse_value(std::string_view setting, size_t at, uint32_t file) {
  const std::string_view text = setting.substr(at);
  const bool is_mapping = text.starts_with('{') && text.ends_with('}');
  if (is_mapping || (text.starts_with('[') && text.ends_with(']'))) {
    // Blanks in front keep the places right.
    auto documents = rules::parse_yaml(std::string(at, ' ').append(text), file);
    if (!documents) return fail(std::move(documents.error()));
    if (documents->size() == 1) return documents->front();
  }
  auto value = std::make_shared<YamlNode>();
  value->kind = Kind::scalar;
  value->place = {file, static_cast<uint32_t>(at)};
  value->text.set_begin(value->place);
  for (const char c : text)
    value->text.append(c, {file, static_cast<uint32_t>(at + value->text.size())});
  return value;
}

}  // namespace

Result<YamlPtr> with_setting(const YamlPtr& root, std::string_view setting, uint32_t file) {
  PathParser parser(setting);
  const auto steps = parser.parse();
  if (!steps) return fail(steps.error());
  auto value = parse_value(setting, parser.value_at(), file);
  if (!value) return fail(std::move(value.error()));
  return Setter(*steps, std::move(*value), file).apply(root, 0);
}

}  // namespace gyr
