// From the tree of a condition to a Program.
//
// Contract: used by Program::add, once per condition; a condition that fails leaves parts in the
// program that nothing refers to. Terms that are equal are one, within a condition and among
// conditions, unless one of them counts; an answer that several terms need is remembered.
#pragma once

#include <optional>

#include "filter/program.hpp"
#include "filter/rewrite.hpp"

namespace gyr::filter {

class Compiler {
 public:
  /// Not `counts`: what is asked for once more is not thereby used once more.
  explicit Compiler(Program& program, bool counts = true) : program_(program), counts_(counts) {}

  Result<Program::Id> compile(const Node& tree);
  /// The term that is left of one for events of one type.
  uint32_t residual(uint32_t node, uint16_t type);
  /// The part of an `and` that depends on the thread only.
  std::optional<uint32_t> thread_part(uint32_t root);
  /// The residual, term by term.
  std::vector<Program::Stage> stages(uint32_t root, uint16_t type);

 private:
  using Term = Program::Term;
  using Step = Program::Step;
  using Quantifier = Program::Quantifier;

  using Built = Program::Built;

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

  static bool by_thread(const Built& built);
  static bool is_cheaper(const Built& a, const Built& b);

  Built constant(bool value);
  Built negate(Built inner);
  Built combine(Step step, std::vector<Built> children);
  Built grouped(Step step, std::vector<Built> children);
  Built leaf(Term term, std::string text, std::string key);
  const Built* find(const std::string& key);
  Built add(Term term, Built built, std::string text, const std::string& key);
  bool holds_for(const Term& term, const RawEvent& raw);
  void answer_by_type(Term& term, Built& built);
  void remember(const Built& built);
  void remember_parts(uint32_t node);
  static bool has_steps(const Built& root, const Term& term);
  std::vector<std::string> steps(const Node& tree, const Built& root) const;
  std::string step_text(uint32_t node) const;

  Result<uint32_t> source_of(const Operand& operand);
  uint32_t add_source(Source bound, const std::string& key);
  const Source& source(uint32_t index) const { return program_.sources_[index].source; }

  Program& program_;
  bool counts_;
  const Node* tree_ = nullptr;
  std::vector<std::pair<uint32_t, std::string>> step_of_;  // nodes of the terms of `tree_`
};

}  // namespace gyr::filter
