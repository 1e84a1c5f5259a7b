// From the tree of a condition to a Program.
//
// Contract: used by Program::add, once per condition; a condition that fails leaves parts in the
// program that nothing refers to.
#pragma once

#include "filter/program.hpp"
#include "filter/rewrite.hpp"

namespace gyr::filter {

class Compiler {
 public:
  explicit Compiler(Program& program) : program_(program), base_(program.terms_.size()) {}

  Result<Program::Id> compile(const Node& tree);

 private:
  using Term = Program::Term;
  using Step = Program::Step;
  using Quantifier = Program::Quantifier;

  /// A node with what is known about it.
  struct Built {
    uint32_t node = 0;
    Depends depends = Depends::nothing;
    bool stateful = false;  // evaluating it changes later values: no other order, no memory
    bool needs_enter = false;
    unsigned cost = 1;
    EventTypes can_hold;  // types of events for which it can be true
    EventTypes can_fail;  // and false
  };

  Result<Built> build(const Node& node);
  Result<Built> build_group(const Node& node);
  Result<Built> build_part(const Part& part);
  Result<Built> build_check(const Check& check);
  Result<Built> build_alternatives(const Check& check, const Source& left);
  Result<Built> build_alternative(const Check& check, schema::ParamType type,
                                  std::vector<bool>& understood);
  Result<Built> build_comparison(const Check& check, uint32_t source);
  Result<Built> build_test(const Check& check, uint32_t source,
                           const std::vector<Literal>& constants);
  Result<Built> build_modified(const Check& check, uint32_t source);
  Result<Built> build_pair(const Check& check, uint32_t source);

  Built constant(bool value);
  Built negate(Built inner);
  Built combine(Step step, std::vector<Built> children);
  Built leaf(Term term, std::string text);
  bool holds_for(const Term& term, const RawEvent& raw);
  void answer_by_type(Term& term, Built& built);
  void remember(const Built& built);
  void remember_parts(uint32_t node);
  std::vector<std::string> steps(const Node& tree, uint32_t root) const;

  Result<uint32_t> source_of(const Operand& operand);
  uint32_t add_source(Source bound, const std::string& key);
  const Source& source(uint32_t index) const { return program_.sources_[index].source; }

  Program& program_;
  size_t base_;               // the first node of this condition
  std::vector<Built> built_;  // by node, from `base_` on
  const Node* tree_ = nullptr;
  std::vector<std::pair<uint32_t, std::string>> step_of_;  // nodes of the terms of `tree_`
};

}  // namespace gyr::filter
