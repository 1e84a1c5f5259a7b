#include "rules/engine.hpp"

namespace gyr::rules {

Engine::Engine(RuleProgram compiled, bool first_only)
    : program_(std::move(compiled.program)),
      rules_(std::move(compiled.rules)),
      first_only_(first_only) {
  for (uint32_t index = 0; index < rules_.size(); ++index) {
    const filter::EventTypes& types = program_.types(rules_[index].id);
    needs_enter_ = needs_enter_ || program_.needs_enter(rules_[index].id);
    for (uint16_t type = 0; type < schema::event_count; ++type) {
      if (!types[type] || is_enter_of_call(type)) continue;
      by_type_[type].push_back({index, program_.residual(rules_[index].id, type)});
      types_.set(type);
    }
  }
}

Profile Engine::profile() {
  Profile profile;
  for (const CompiledRule& rule : rules_)
    profile.costs.emplace_back(rule.name, program_.steps(rule.id));
  profile.stages.resize(by_type_.size());
  for (uint16_t type = 0; type < schema::event_count; ++type)
    for (const Candidate& candidate : by_type_[type])
      profile.stages[type].push_back(program_.stages(rules_[candidate.rule].id, type));
  return profile;
}

}  // namespace gyr::rules
