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
      const bool enter_of_call =
          schema::is_enter(type) && schema::events[type].source == schema::Source::syscall;
      if (!types[type] || enter_of_call) continue;
      by_type_[type].push_back({index, program_.residual(rules_[index].id, type)});
      types_.set(type);
    }
  }
}

}  // namespace gyr::rules
