#include "filter/filter.hpp"

#include "filter/parser.hpp"

namespace gyr::filter {

Result<Filter> Filter::compile(std::string_view text) {
  auto tree = parse_filter(text);
  if (!tree) return fail(std::move(tree.error()));
  Filter filter;
  auto id = filter.program_->add(**tree);
  if (!id) return fail(std::move(id.error()));
  filter.id_ = *id;
  filter.thread_part_ = filter.program_->thread_part(*id);
  return filter;
}

EventTypes Filter::types_to_decode() const {
  EventTypes wanted = types();
  for (size_t id = 0; id + 1 < wanted.size(); id += 2)
    if (wanted[id + 1]) wanted.set(id);
  return wanted;
}

}  // namespace gyr::filter
