// Rule items: complete ones, and those that change an earlier rule.
#include <fmt/format.h>

#include <algorithm>

#include "filter/wording.hpp"
#include "rules/exceptions.hpp"
#include "rules/loader.hpp"

namespace gyr::rules {

namespace {

const std::vector<std::string_view> appendable = {"condition", "output", "desc", "tags",
                                                  "exceptions"};
const std::vector<std::string_view> replaceable = {
    "condition",
    "output",
    "desc",
    "priority",
    "tags",
    "exceptions",
    "enabled",
    "warn_evttypes",
    "skip-if-unknown-filter",
    "capture",
    "capture_duration",
};

void read_tags(const Item& item, std::set<std::string>& to) {
  const auto tags = item.texts("tags");
  if (!tags) return;
  for (const TracedText& tag : *tags) to.insert(tag.text());
}

void read_priority(const Item& item, Priority& to) {
  const auto text = item.text("priority");
  if (text && !parse_priority(text->text(), to))
    item.error(text->begin(),
               fmt::format("there is no priority {}; there are emergency, alert, critical, error, "
                           "warning, notice, informational and debug",
                           filter::shown(text->text())));
}

void read_output(const Item& item, TracedText& to) {
  auto output = item.text("output");
  if (!output) return;
  output->trim();
  to = std::move(*output);
}

/// What a rule may have besides its texts.
void read_flags(const Item& item, Rule& rule) {
  rule.enabled = item.boolean("enabled").value_or(rule.enabled);
  rule.warn_evttypes = item.boolean("warn_evttypes").value_or(rule.warn_evttypes);
  rule.skip_if_unknown_filter =
      item.boolean("skip-if-unknown-filter").value_or(rule.skip_if_unknown_filter);
  rule.capture = item.boolean("capture").value_or(rule.capture);
  rule.capture_duration = item.number("capture_duration").value_or(rule.capture_duration);
}

void join(TracedText& to, const TracedText& more) {
  to.append(" ", more.begin());
  to.append(more);
}

class RuleLoader {
 public:
  RuleLoader(Item& item, TracedText name, Definitions& definitions, size_t& next_index)
      : item_(item), name_(std::move(name)), rules_(definitions.rules), next_index_(next_index) {
    existing_ = find_by_name(rules_, name_.text());
  }

  void load();

 private:
  void define();
  void append_old_way();
  void override_with(const Overrides& overrides);
  void append_parts(const Overrides& overrides, Rule& rule);
  void replace_parts(const Overrides& overrides, Rule& rule);
  void switch_enabled();
  void drop_wrong(std::vector<Exception>& exceptions, std::string_view source) const;
  bool need_existing(std::string_view what) const;
  bool same_source() const;

  Item& item_;
  TracedText name_;
  std::vector<Rule>& rules_;
  size_t& next_index_;
  Rule* existing_;
};

bool RuleLoader::need_existing(std::string_view what) const {
  if (existing_ != nullptr) return true;
  item_.error(name_.begin(), fmt::format("there is no earlier rule of that name to {}", what),
              Code::validate);
  return false;
}

/// Reports exceptions that cannot be used, which go.
void RuleLoader::drop_wrong(std::vector<Exception>& exceptions, std::string_view source) const {
  std::erase_if(exceptions, [&](const Exception& exception) {
    return !check_exception(exception, source == "syscall", item_.context(), item_.findings());
  });
}

bool RuleLoader::same_source() const {
  const auto source = item_.text("source");
  if (!source || existing_ == nullptr || source->text() == existing_->source) return true;
  item_.error(source->begin(),
              fmt::format("the earlier rule of that name has the source {}",
                          filter::shown(existing_->source)),
              Code::validate);
  return false;
}

void RuleLoader::load() {
  item_.check_keys({"rule", "condition", "desc", "output", "priority", "source", "enabled", "tags",
                    "exceptions", "warn_evttypes", "skip-if-unknown-filter", "capture",
                    "capture_duration", "append", "override"});
  const Overrides overrides = read_overrides(item_, appendable, replaceable);
  const bool append = item_.boolean("append").value_or(false);
  if (!same_source()) return;
  if (overrides.given) return override_with(overrides);
  if (append) return append_old_way();
  const bool has_part =
      item_.has("condition") || item_.has("output") || item_.has("desc") || item_.has("priority");
  if (has_part || !item_.has("enabled")) return define();
  switch_enabled();
}

void RuleLoader::define() {
  Rule rule;
  rule.name = name_;
  const auto condition = item_.need("condition");
  const auto output = item_.need("output");
  const auto desc = item_.need("desc");
  const auto priority = item_.need("priority");
  read_priority(item_, rule.priority);
  if (output) read_output(item_, rule.output);
  if (const auto source = item_.text("source")) rule.source = source->text();
  read_tags(item_, rule.tags);
  read_flags(item_, rule);
  rule.exceptions = read_exceptions(item_);
  if (!condition || !output || !desc || !priority) return;
  rule.condition = *condition;
  rule.desc = *desc;
  drop_wrong(rule.exceptions, rule.source);
  rule.index = existing_ != nullptr ? existing_->index : next_index_;
  rule.visibility = next_index_++;
  if (existing_ != nullptr)
    *existing_ = std::move(rule);
  else
    rules_.push_back(std::move(rule));
}

void RuleLoader::append_old_way() {
  item_.warn(Code::deprecated_item, item_.place_of("append"),
             fmt::format("'append' is the old way; write override: {{{}: append}}",
                         item_.has("condition") ? "condition" : "exceptions"));
  if (!item_.has("condition") && !item_.has("exceptions")) {
    item_.error(item_.place(), "what is appended to a rule is a condition or exceptions",
                Code::validate);
    return;
  }
  if (!need_existing("append to")) return;
  Overrides overrides;
  for (const char* key : {"condition", "exceptions"})
    if (item_.has(key)) overrides.append.emplace_back(key);
  append_parts(overrides, *existing_);
  existing_->visibility = next_index_++;
}

void RuleLoader::override_with(const Overrides& overrides) {
  if (!need_existing(overrides.append.empty() ? "override" : "append to")) return;
  append_parts(overrides, *existing_);
  replace_parts(overrides, *existing_);
  existing_->visibility = next_index_++;
}

void RuleLoader::append_parts(const Overrides& overrides, Rule& rule) {
  if (overrides.appends("condition"))
    if (const auto more = item_.text("condition")) join(rule.condition, *more);
  if (overrides.appends("output")) {
    TracedText more;
    read_output(item_, more);
    join(rule.output, more);
  }
  if (overrides.appends("desc"))
    if (const auto more = item_.text("desc")) join(rule.desc, *more);
  if (overrides.appends("tags")) read_tags(item_, rule.tags);
  if (!overrides.appends("exceptions")) return;
  std::vector<Exception> merged = rule.exceptions;
  merge_exceptions(item_, read_exceptions(item_), merged);
  drop_wrong(merged, rule.source);
  rule.exceptions = std::move(merged);
}

void RuleLoader::replace_parts(const Overrides& overrides, Rule& rule) {
  const auto text = [&](std::string_view key, TracedText& to) {
    if (!overrides.replaces(key)) return;
    if (auto value = item_.text(key)) to = std::move(*value);
  };
  text("condition", rule.condition);
  text("desc", rule.desc);
  if (overrides.replaces("output")) read_output(item_, rule.output);
  if (overrides.replaces("priority")) read_priority(item_, rule.priority);
  if (overrides.replaces("tags")) {
    rule.tags.clear();
    read_tags(item_, rule.tags);
  }
  read_flags(item_, rule);
  if (!overrides.replaces("exceptions")) return;
  rule.exceptions = read_exceptions(item_);
  drop_wrong(rule.exceptions, rule.source);
}

void RuleLoader::switch_enabled() {
  item_.warn(Code::deprecated_item, item_.place_of("enabled"),
             "'enabled' alone is the old way; write override: {enabled: replace}");
  if (!need_existing("enable or disable")) return;
  existing_->enabled = item_.boolean("enabled").value_or(existing_->enabled);
}

}  // namespace

void load_rule(Item& item, Definitions& definitions, size_t& next_index) {
  auto name = item.need("rule");
  if (!name) return;
  item.set_context(fmt::format("in rule '{}'", name->text()));
  RuleLoader(item, std::move(*name), definitions, next_index).load();
}

}  // namespace gyr::rules
