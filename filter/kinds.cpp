// What can be compared with what.
#include <fmt/format.h>

#include "filter/matcher.hpp"

namespace gyr::filter {

namespace {

using schema::ParamType;

constexpr Op all_ops[] = {Op::eq,        Op::ne,         Op::lt,          Op::le,
                          Op::gt,        Op::ge,         Op::contains,    Op::icontains,
                          Op::bcontains, Op::startswith, Op::bstartswith, Op::endswith,
                          Op::glob,      Op::iglob,      Op::regex,       Op::pmatch,
                          Op::in,        Op::intersects, Op::exists};

bool is_ordering(Op op) { return op == Op::lt || op == Op::le || op == Op::gt || op == Op::ge; }

bool is_general(Op op) {
  return op == Op::eq || op == Op::ne || op == Op::in || op == Op::intersects || op == Op::exists;
}

}  // namespace

Kind kind_of(ParamType type) {
  switch (type) {
    case ParamType::charbuf:
    case ParamType::fspath:
    case ParamType::fsrelpath:
      return Kind::text;
    case ParamType::bytebuf:
      return Kind::bytes;
    case ParamType::boolean:
      return Kind::boolean;
    case ParamType::port:
      return Kind::port;
    case ParamType::float64:
      return Kind::real;
    case ParamType::ipv4addr:
    case ParamType::ipv6addr:
    case ParamType::ipaddr:
      return Kind::address;
    case ParamType::ipv4net:
    case ParamType::ipv6net:
    case ParamType::ipnet:
      return Kind::network;
    default:
      return schema::param_types[static_cast<size_t>(type)].size != 0 ? Kind::number : Kind::opaque;
  }
}

bool is_signed_type(ParamType type) {
  return schema::param_types[static_cast<size_t>(type)].is_signed;
}

std::string_view kind_name(Kind kind) {
  constexpr std::string_view names[] = {"number",     "number",     "truth value",
                                        "port",       "text",       "data buffer",
                                        "IP address", "IP network", "composite value"};
  return names[static_cast<size_t>(kind)];
}

bool has_operator(Kind kind, bool is_list, Op op) {
  if (op == Op::exists) return true;
  if (is_list) return op == Op::in || op == Op::intersects;
  switch (kind) {
    case Kind::number:
    case Kind::real:
    case Kind::port:
      return is_general(op) || is_ordering(op);
    case Kind::boolean:
    case Kind::address:
    case Kind::network:
      return is_general(op);
    case Kind::text:
      return op != Op::bcontains && op != Op::bstartswith;
    case Kind::bytes:
      return is_general(op) || op == Op::contains || op == Op::startswith || op == Op::endswith ||
             op == Op::bcontains || op == Op::bstartswith;
    case Kind::opaque:
      return false;
  }
  return false;
}

std::string operators_of(Kind kind, bool is_list) {
  std::string names;
  for (const Op op : all_ops) {
    if (has_operator(kind, is_list, op))
      names += fmt::format("{}{}", names.empty() ? "" : ", ", op_name(op));
  }
  return names;
}

}  // namespace gyr::filter
