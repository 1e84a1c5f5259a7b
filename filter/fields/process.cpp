#include "filter/fields/process.hpp"

#include "filter/fields/registry.hpp"

namespace gyr::filter {

FieldClass process_fields() {
  static const std::vector<Field> fields = [] {
    std::vector<Field> all;
    for (const auto part : {process_image_fields(), process_id_fields(), process_ancestor_fields(),
                            process_resource_fields()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return {"process", "Processes",
          "The process that the event is of: its program, its relatives, its resources.", fields};
}

}  // namespace gyr::filter
