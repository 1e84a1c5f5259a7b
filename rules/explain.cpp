#include "rules/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "decoder/paths.hpp"
#include "filter/brief.hpp"
#include "filter/render_value.hpp"
#include "rules/engine.hpp"

namespace gyr::rules {

using filter::Check;
using filter::Moment;
using filter::Node;
using filter::Op;
using filter::Operand;
using filter::Source;

namespace {

using Kind = ExplainedPart::Kind;

/// One side of a comparison.
class Side {
 public:
  explicit Side(const Operand& operand) : source_(bound(operand)) {}

  std::string value(const Moment& moment);
  uint32_t flags() const { return source_.flags(); }
  filter::Depends depends() const { return source_.depends(); }
  schema::ParamType type() const { return source_.type(); }

 private:
  static Source bound(const Operand& operand) {
    auto source = filter::bind(operand);
    return source ? std::move(*source) : Source();
  }

  Source source_;
  filter::Extraction values_;
};

std::string Side::value(const Moment& moment) {
  // What output shows would be one candidate of several, or a name that must be asked for.
  const bool as_compared =
      source_.has_candidates() || (flags() & (filter::filter_only | filter::resolves_names)) != 0;
  const bool found =
      as_compared ? source_.extract(moment, values_) : source_.extract_for_print(moment, values_);
  if (!found) return std::string(not_available);
  const schema::ParamType usual = as_compared ? source_.type() : source_.print_type();
  const schema::ParamType own = values_.type();
  const filter::ValueKind kind{own != schema::ParamType::none ? own : usual, source_.format()};
  Text text;
  if (source_.is_list() || values_.size() > 1)
    append_list(text, values_.values(), kind, moment.settings.render);
  else
    append_value(text, values_.first(), kind, moment.settings.render);
  return std::string(text.view());
}

bool is_network(schema::ParamType type) { return filter::kind_of(type) == filter::Kind::network; }

/// Whether the value alone does not tell which constant of a list it is that it fits.
bool hides_constant(const Check& check, const Side& left) {
  if (!check.is_list || check.values.size() < 2) return false;
  return (check.op != Op::in && check.op != Op::intersects) || is_network(left.type());
}

}  // namespace

/// A rule's condition, each part of it compiled by itself.
class Explainer::Parts {
 public:
  explicit Parts(const CompiledRule& rule) { add(*rule.tree, 0); }

  const Explanation& at(const Moment& moment);

 private:
  struct Part {
    std::optional<filter::Program::Id> id;  // always, for the tree of a rule that compiles
    bool negated = false;
    size_t end = 0;  // of the parts that it is made of
    std::optional<Side> left, right;
    std::vector<std::pair<filter::Program::Id, std::string>> constants;
  };

  void add(const Node& node, uint32_t depth);
  void add_terms(const Node& group, uint32_t depth);
  void add_check(const Check& check, Part& part, ExplainedPart& shown);
  void look_at(size_t index, const Moment& moment);
  void find_reasons(size_t index);
  bool is_for_type_alone() const;

  filter::Program program_;
  std::vector<Part> parts_;
  Explanation shown_;
};

void Explainer::Parts::add(const Node& node, uint32_t depth) {
  const size_t index = parts_.size();
  Part part;
  ExplainedPart shown;
  shown.depth = depth;
  if (auto id = program_.add(node)) part.id = *id;
  const auto take_macros = [&](const Node& from) {
    for (const std::string& macro : from.macros) {
      shown.text += macro + ": ";
      shown.macros.push_back(macro);
    }
  };
  take_macros(node);
  part.negated = node.kind == Node::Kind::negation;
  const Node& content = part.negated ? *node.children.front() : node;
  if (part.negated) {
    shown.text += "not ";
    take_macros(content);
  }
  if (content.kind == Node::Kind::check) {
    add_check(content.check, part, shown);
  } else {
    shown.kind = content.kind == Node::Kind::conjunction ? Kind::all : Kind::any;
    shown.text += shown.kind == Kind::all ? "all of" : "any of";
  }
  parts_.push_back(std::move(part));
  shown_.parts.push_back(std::move(shown));
  add_terms(content, depth + 1);
  parts_[index].end = parts_.size();
}

/// Groups in groups of their kind are one, unless they have a name.
void Explainer::Parts::add_terms(const Node& group, uint32_t depth) {
  for (const filter::NodePtr& child : group.children) {
    if (child->kind == group.kind && child->macros.empty())
      add_terms(*child, depth);
    else
      add(*child, depth);
  }
}

void Explainer::Parts::add_check(const Check& check, Part& part, ExplainedPart& shown) {
  shown.text += brief(check);
  part.left.emplace(check.left);
  if (check.right) {
    part.right.emplace(*check.right);
    shown.right_name = dump(*check.right);
  }
  shown.counts = (part.left->flags() & filter::stateful) != 0 ||
                 (part.right && (part.right->flags() & filter::stateful) != 0);
  if (!hides_constant(check, *part.left)) return;
  for (const filter::Literal& constant : check.values) {
    Node alone;
    alone.check = check;
    alone.check.values = {constant};
    alone.check.modifier = filter::Modifier::none;
    if (auto id = program_.add(alone)) part.constants.emplace_back(*id, constant.text);
  }
}

const Explanation& Explainer::Parts::at(const Moment& moment) {
  const uint16_t type = moment.event.raw().type;
  program_.begin(moment);
  for (size_t i = 0; i < parts_.size(); ++i) look_at(i, moment);
  const Part& root = parts_.front();
  shown_.asked = !is_enter_of_call(type) && root.id && program_.types(*root.id)[type];
  shown_.holds = shown_.asked && shown_.parts.front().holds;
  if (!shown_.parts.front().holds) {
    find_reasons(0);
    // Generic events are of one type for all the calls that they may name.
    if (is_for_type_alone()) shown_.asked = false;
  }
  return shown_;
}

/// Whether the reason says nothing but that the event is of another type.
bool Explainer::Parts::is_for_type_alone() const {
  for (size_t i = 0; i < parts_.size(); ++i) {
    const Part& part = parts_[i];
    if (!shown_.parts[i].decides) continue;
    if (part.right || part.left->depends() > filter::Depends::type) return false;
  }
  return true;
}

void Explainer::Parts::look_at(size_t index, const Moment& moment) {
  Part& part = parts_[index];
  ExplainedPart& shown = shown_.parts[index];
  shown.holds = part.id && program_.matches(*part.id);
  shown.decides = false;
  shown.has_value = part.left.has_value();
  if (part.left) shown.value = part.left->value(moment);
  if (part.right) shown.right_value = part.right->value(moment);
  const auto chosen = std::ranges::find_if(
      part.constants, [&](const auto& constant) { return program_.matches(constant.first); });
  shown.chosen = chosen == part.constants.end() ? "" : chosen->second;
}

/// Marks the comparisons that make a part hold, or not hold, as it does.
void Explainer::Parts::find_reasons(size_t index) {
  const Part& part = parts_[index];
  ExplainedPart& shown = shown_.parts[index];
  if (shown.kind == Kind::check) {
    shown.decides = true;
    return;
  }
  const bool content_holds = shown.holds != part.negated;
  // An `and` that fails, and an `or` that holds, do so for one term.
  const bool one_suffices = (shown.kind == Kind::any) == content_holds;
  for (size_t term = index + 1; term < part.end; term = parts_[term].end) {
    if (shown_.parts[term].holds != content_holds) continue;
    find_reasons(term);
    if (one_suffices) return;
  }
}

Explainer::Explainer() = default;
Explainer::~Explainer() = default;

const Explanation& Explainer::explain(const CompiledRule& rule, const Moment& moment) {
  std::unique_ptr<Parts>& parts = parts_[&rule];
  if (parts == nullptr) parts = std::make_unique<Parts>(rule);
  return parts->at(moment);
}

}  // namespace gyr::rules
