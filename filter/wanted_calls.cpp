#include "filter/wanted_calls.hpp"

#include <algorithm>
#include <unordered_map>

#include "filter/bare_event.hpp"

namespace gyr::filter {

namespace {

constexpr uint16_t generic = schema::type::generic_exit;

bool by_type(const Operand& operand) {
  const auto source = bind(operand);
  return source && source->depends() <= Depends::type && (source->flags() & stateful) == 0;
}

bool by_type(const Check& check) {
  return by_type(check.left) && (!check.right || by_type(*check.right));
}

/// What a condition can be for one call, as far as the call says.
struct Outcome {
  bool can_hold = true;
  bool can_fail = true;
};

/// Its comparisons, each compiled alone.
class Comparisons {
 public:
  explicit Comparisons(const Node& tree) { add(tree); }

  Outcome outcome(const Node& node, const Moment& moment) {
    Outcome all;
    switch (node.kind) {
      case Node::Kind::negation:
        all = outcome(*node.children.front(), moment);
        return {all.can_fail, all.can_hold};
      case Node::Kind::conjunction:
        return combine(node, moment, &Outcome::can_fail, &Outcome::can_hold);
      case Node::Kind::disjunction:
        return combine(node, moment, &Outcome::can_hold, &Outcome::can_fail);
      case Node::Kind::check:
        return of_check(node, moment);
      case Node::Kind::macro:
        break;
    }
    return all;
  }

 private:
  struct Compiled {
    Program::Id id;
    bool by_type;
  };

  void add(const Node& node) {
    for (const NodePtr& child : node.children) add(*child);
    if (node.kind != Node::Kind::check) return;
    if (const auto id = program_.add(node)) compiled_[&node] = {*id, by_type(node.check)};
  }

  /// `any`: what one child suffices for; `every`: what all must be able to be.
  Outcome combine(const Node& node, const Moment& moment, bool Outcome::*any,
                  bool Outcome::*every) {
    Outcome all;
    all.*any = false;
    for (const NodePtr& child : node.children) {
      const Outcome one = outcome(*child, moment);
      all.*any |= one.*any;
      all.*every &= one.*every;
    }
    return all;
  }

  Outcome of_check(const Node& node, const Moment& moment) {
    const auto found = compiled_.find(&node);
    if (found == compiled_.end()) return {};
    const Program::Id id = found->second.id;
    if (!found->second.by_type) return {program_.types(id)[generic], true};
    program_.begin(moment);
    const bool holds = program_.matches(id);
    return {holds, !holds};
  }

  Program program_;
  std::unordered_map<const Node*, Compiled> compiled_;
};

}  // namespace

std::vector<bool> wanted_calls(const Node& tree, const EventTypes& types) {
  static const State nothing;
  static const Settings settings;
  static const Stream stream;
  std::vector<bool> wanted(schema::syscalls.size());
  Comparisons comparisons(tree);
  for (uint16_t code = 0; code < wanted.size(); ++code) {
    const uint16_t own = schema::syscalls[code].event;
    wanted[code] = own == 0 ? types[generic] : types[own + 1u];
    if (own != 0 || code == 0 || !wanted[code]) continue;
    const BareEvent bare(generic, code);
    const Event event(bare.raw());
    wanted[code] = comparisons.outcome(tree, {event, nothing, settings, stream}).can_hold;
  }
  return wanted;
}

bool decided_by_type(const Node& tree) {
  if (tree.kind == Node::Kind::check) return by_type(tree.check);
  return !tree.children.empty() &&
         std::all_of(tree.children.begin(), tree.children.end(),
                     [](const NodePtr& child) { return decided_by_type(*child); });
}

}  // namespace gyr::filter
