// Why a rule holds at an event, or does not.
//
// Purpose: the condition of a rule as a tree in which every part says whether it holds, and every
// comparison what its field is.
//
// Contract: an Explainer compiles the parts of a rule when the rule is first explained, and keeps
// them; the program that runs the rules is not touched. Parts come in the order in which they were
// written, a part before those that it is made of; a macro's name stands before what it was
// replaced with. Where the rule does not hold, the comparisons that are the reason are marked: of
// an `and` those of the first part that failed, of an `or` those of all. Values are as output shows
// them; a field with several candidates shows all. Fields that count how often they are asked
// (util.cnt) have counted nothing else here: such a part says `counts`.
//
// Example:
//   Explainer explainer;
//   const Explanation& why = explainer.explain(rule, moment);
//   append_explanation(line, why, "    ");
//   //     yes  spawned_process: evt.type in (execve, execveat)  (is execve)
//   //     no   proc.name = nginx  (is bash)  <- why
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/text.hpp"
#include "rules/compile.hpp"

namespace gyr::rules {

struct ExplainedPart {
  enum class Kind : uint8_t { all, any, check };

  uint32_t depth = 0;
  Kind kind = Kind::check;
  std::vector<std::string> macros;  // the outermost first
  std::string text;                 // "not shells: any of", "proc.name = nginx"
  bool holds = false;
  bool decides = false;  // it is the reason
  bool counts = false;
  bool has_value = false;  // `check` only
  std::string value;       // of the left side; control characters are as they are
  std::string right_name;  // where the right side is a field too
  std::string right_value;
  std::string chosen;  // the constant of a list that it holds for, where the value does not tell
};

struct Explanation {
  bool asked = false;  // the rule is about events of this type
  bool holds = false;
  std::vector<ExplainedPart> parts;
};

class Explainer {
 public:
  Explainer();
  ~Explainer();

  /// Valid until the next one of the same rule. Rules are told apart by their address.
  const Explanation& explain(const CompiledRule& rule, const filter::Moment& moment);

 private:
  class Parts;
  std::unordered_map<const CompiledRule*, std::unique_ptr<Parts>> parts_;
};

/// A line per part, each with `indent` before and an end of line behind it; for a terminal too.
void append_explanation(Text& to, const Explanation& explanation, std::string_view indent);
/// {"holds":true,"text":"all of","terms":[{"holds":true,"text":"proc.name = x","value":"x"},...]}
void append_explanation_json(Text& to, const Explanation& explanation);

}  // namespace gyr::rules
