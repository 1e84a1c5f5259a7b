#include "tests/support/random_filters.hpp"

#include <algorithm>
#include <map>

#include "filter/matcher.hpp"

namespace gyr::test {

using namespace filter;

namespace {

constexpr Op all_ops[] = {Op::exists,    Op::eq,        Op::ne,         Op::lt,
                          Op::le,        Op::gt,        Op::ge,         Op::contains,
                          Op::icontains, Op::bcontains, Op::startswith, Op::bstartswith,
                          Op::endswith,  Op::glob,      Op::iglob,      Op::regex,
                          Op::pmatch,    Op::in,        Op::intersects};

std::string as_constant(schema::ParamType type, const Value& value) {
  switch (kind_of(type)) {
    case Kind::number:
      return is_signed_type(type) ? std::to_string(value.as_signed())
                                  : std::to_string(value.number);
    case Kind::port:
      return std::to_string(value.number);
    case Kind::boolean:
      return value.number != 0 ? "true" : "false";
    case Kind::real:
      return std::to_string(value.as_double());
    case Kind::address:
      return value.text.size() == 4 ? "127.0.0.1" : "::1";
    case Kind::network:
      return value.text.size() == 4 ? "127.0.0.0/9" : "fe80::/10";
    default:
      return std::string(value.text.substr(0, std::min<size_t>(value.text.find('\0'), 200)));
  }
}

std::vector<Sample> all_fields() {
  const std::map<std::string_view, const char*> arguments = {{"evt.arg", "name"},
                                                             {"evt.rawarg", "res"},
                                                             {"evt.type.is", "3"},
                                                             {"thread.cgroup", "cpu"},
                                                             {"evt.abspath", "src"}};
  std::vector<Sample> samples;
  for (const FieldClass& group : field_classes()) {
    for (const Field& field : group.fields) {
      constexpr uint32_t special = print_only | stateful | within | resolves_names;
      if ((field.flags & special) != 0) continue;
      Sample sample;
      sample.operand.name = field.name;
      const auto given = arguments.find(field.name);
      if (given != arguments.end()) sample.operand.name += std::string(".") + given->second;
      auto source = bind(sample.operand);
      if (!source || kind_of(source->type()) == Kind::opaque) continue;
      sample.source = std::move(*source);
      samples.push_back(std::move(sample));
    }
  }
  return samples;
}

}  // namespace

NodePtr Generator::tree(int depth) {
  auto node = std::make_unique<Node>();
  const auto kind = depth == 0 ? 9 : random_() % 10;
  if (kind < 6) {
    node->kind = kind < 3 ? Node::Kind::conjunction : Node::Kind::disjunction;
    for (unsigned i = 0; i < 2 + random_() % 3; ++i) node->children.push_back(tree(depth - 1));
  } else if (kind < 8) {
    NodePtr inner = tree(depth - 1);
    if (inner->kind == Node::Kind::negation) return inner;  // the parser takes not not away
    node->kind = Node::Kind::negation;
    node->children.push_back(std::move(inner));
  } else {
    // Now and then the field of the comparison before, so that terms can be merged.
    if (random_() % 3 != 0) sample_ = random_() % samples_.size();
    node->check = check(samples_[sample_]);
  }
  return node;
}

std::string Generator::constant(const Sample& sample, Op op) {
  std::string text;
  if (!sample.constants.empty()) text = sample.constants[random_() % sample.constants.size()];
  const Kind kind = kind_of(sample.source.type());
  if (sample.constants.empty())
    text = kind == Kind::boolean   ? "true"
           : kind == Kind::address ? "1.2.3.4"
           : kind == Kind::network ? "1.0.0.0/8"
                                   : "1";
  if (op == Op::bcontains || op == Op::bstartswith) return "2e";
  if (kind != Kind::text && kind != Kind::bytes) return text;
  const bool whole = sample.source.field()->field->check_constant != nullptr;
  if (!whole && random_() % 2 != 0) text = text.substr(text.size() / 3, 1 + text.size() / 2);
  if (op == Op::glob || op == Op::iglob) text = '*' + text + '*';
  if (op == Op::regex) text = random_() % 2 != 0 ? "[a-z]+" : "/(usr|etc).*";
  return text;
}

Check Generator::check(const Sample& sample) {
  Check made;
  made.left = sample.operand;
  const Kind kind = kind_of(sample.source.type());
  do made.op = all_ops[random_() % std::size(all_ops)];
  while (!has_operator(kind, sample.source.is_list(), made.op));
  made.is_list = made.op == Op::in || made.op == Op::intersects || made.op == Op::pmatch;
  const bool orders = made.op >= Op::lt && made.op <= Op::ge;
  if (orders && kind == Kind::text) made.op = Op::eq;
  const bool can_modify = !made.is_list && made.op != Op::exists && !orders;
  if (can_modify && random_() % 4 == 0) {
    made.modifier = static_cast<Modifier>(1 + random_() % 3);
    made.is_list = true;
  }
  const size_t count = made.op == Op::exists ? 0 : made.is_list ? random_() % 4 : 1;
  for (size_t i = 0; i < count; ++i) made.values.push_back({constant(sample, made.op), true, {}});
  return made;
}

std::vector<Sample> samples_from_trace(const std::string& path) {
  std::vector<Sample> samples = all_fields();
  Extraction values;
  Replay(path).for_each([&](const Moment& moment) {
    for (Sample& sample : samples) {
      constexpr size_t enough = 12;
      if (sample.constants.size() >= enough || !sample.source.extract(moment, values)) continue;
      for (const Value& value : values.values()) {
        const std::string text = as_constant(sample.source.type(), value);
        auto& known = sample.constants;
        if (std::find(known.begin(), known.end(), text) == known.end()) known.push_back(text);
      }
    }
  });
  return samples;
}

}  // namespace gyr::test
