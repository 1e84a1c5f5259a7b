#include "filter/parser.hpp"

namespace gyr::filter {

std::vector<std::string_view> nearest(std::string_view, const std::vector<std::string_view>&) {
  return {};
}

}  // namespace gyr::filter
