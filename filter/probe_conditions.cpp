#include "filter/probe_conditions.hpp"

#include <algorithm>

namespace gyr::filter {

namespace {

using probe::filter_config;
using Kind = TaskCondition::Kind;

uint32_t use_of(const TaskCondition& condition) {
  return condition.negated ? probe::not_listed : probe::only_listed;
}

probe::task_name name_of(const std::string& text) {
  char comm[probe::comm_size] = {};
  std::copy_n(text.begin(), std::min<size_t>(text.size(), probe::comm_size - 1), comm);
  probe::task_facts facts{};
  probe::set_task_name(&facts, comm);
  return facts.name;
}

probe::number_condition& numbers_of(filter_config& config, Kind kind) {
  switch (kind) {
    case Kind::tid:
      return config.tid;
    case Kind::parent_pid:
      return config.parent;
    case Kind::uid:
      return config.uid;
    default:
      return config.pid;
  }
}

void fill(probe::number_condition& to, const TaskCondition& from) {
  to.use = use_of(from);
  to.count = static_cast<uint32_t>(from.numbers.size());
  std::copy(from.numbers.begin(), from.numbers.end(), to.values);
}

void fill(probe::name_condition& to, const TaskCondition& from) {
  to.use = use_of(from);
  to.count = static_cast<uint32_t>(from.names.size());
  std::transform(from.names.begin(), from.names.end(), to.values, name_of);
}

}  // namespace

filter_config probe_conditions(const std::vector<TaskCondition>& conditions) {
  filter_config config{};
  for (const TaskCondition& condition : conditions) {
    if (std::max(condition.numbers.size(), condition.names.size()) > probe::condition_values)
      continue;
    if (condition.kind == TaskCondition::Kind::name)
      fill(config.name, condition);
    else
      fill(numbers_of(config, condition.kind), condition);
  }
  return config;
}

}  // namespace gyr::filter
