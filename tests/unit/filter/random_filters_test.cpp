// The compiled form of random filters against the oracle, over all events of a trace.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>

#include "capture/file/reader.hpp"
#include "decoder/decoder.hpp"
#include "decoder/import.hpp"
#include "filter/matcher.hpp"
#include "filter/parser.hpp"
#include "filter/program.hpp"
#include "tests/support/naive_filter.hpp"

using namespace gyr;
using namespace gyr::filter;

namespace {

constexpr Op all_ops[] = {Op::exists,    Op::eq,        Op::ne,         Op::lt,
                          Op::le,        Op::gt,        Op::ge,         Op::contains,
                          Op::icontains, Op::bcontains, Op::startswith, Op::bstartswith,
                          Op::endswith,  Op::glob,      Op::iglob,      Op::regex,
                          Op::pmatch,    Op::in,        Op::intersects};

struct Replay {
  explicit Replay(const std::string& path) : reader(std::move(*TraceReader::open(path))) {}

  std::unique_ptr<TraceReader> reader;
  State state;
  Decoder decoder{state};
  StateImport import{state, true};
  Settings settings;

  template <class F>
  void for_each(F f) {
    while (reader->next(import) == TraceReader::Step::event) {
      const Event* event = decoder.decode(reader->event());
      if (event != nullptr) f(Moment{*event, state, settings, Stream{decoder.first_ts(), 0}});
    }
  }
};

/// A field, as it may stand in a filter, with values that it had.
struct Sample {
  Operand operand;
  Source source;
  std::vector<std::string> constants;
};

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

class Generator {
 public:
  Generator(const std::vector<Sample>& samples, unsigned seed) : samples_(samples), random_(seed) {}

  NodePtr tree(int depth) {
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

 private:
  std::string constant(const Sample& sample, Op op) {
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

  Check check(const Sample& sample) {
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

  const std::vector<Sample>& samples_;
  std::mt19937 random_;
  size_t sample_ = 0;
};

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

}  // namespace

namespace {

const std::string small_trace = GYR_TEST_DATA "/small.scap";

/// Compares `filters` random filters at every `step`-th event of a trace. All events are given to
/// the compiled ones, which keep answers from one to the next.
void compare_with_oracle(const std::string& path, unsigned filters, unsigned step, unsigned seed) {
  const std::vector<Sample> samples = samples_from_trace(path);
  REQUIRE(samples.size() > 100);
  Program program;
  std::vector<NodePtr> trees;
  std::vector<Program::Id> ids;
  Generator generator(samples, seed);
  for (unsigned i = 0; i < filters; ++i) {
    trees.push_back(generator.tree(static_cast<int>(i % 4)));
    auto id = program.add(*trees.back());
    if (!id) FAIL(dump(*trees.back()) << ": " << id.error().message);
    ids.push_back(*id);
  }
  uint64_t matches = 0, differences = 0;
  Replay(path).for_each([&](const Moment& moment) {
    program.begin(moment);
    for (size_t i = 0; i < ids.size(); ++i) {
      const bool answer = program.matches(ids[i]);
      if (moment.event.num() % step != 0) continue;
      const bool expected = test::naive_matches(*trees[i], moment);
      matches += expected;
      if (answer == expected || ++differences > 5) continue;
      MESSAGE(dump(*trees[i]) << " is " << !expected << " for event " << moment.event.num());
      MESSAGE(program.describe(ids[i]));
    }
  });
  CHECK(differences == 0);
  CHECK(matches > 1000);
}

}  // namespace

TEST_CASE("compiled filters select what the oracle selects") {
  compare_with_oracle(small_trace, 1000, 1, 20);
}

TEST_CASE("compiled filters select what the oracle selects, on a real trace") {
  const char* corpus = std::getenv("GYR_CORPUS");
  const std::string path =
      std::string(corpus != nullptr ? corpus : GYR_DEFAULT_CORPUS) + "/scap/attack.scap.zst";
  if (!std::filesystem::exists(path)) {
    MESSAGE("skipped: no corpus (GYR_CORPUS)");
    return;
  }
  compare_with_oracle(path, 200, 97, 22);
}

TEST_CASE("what a random filter dumps is read again as the same filter") {
  const std::vector<Sample> samples = samples_from_trace(small_trace);
  Generator generator(samples, 21);
  for (int i = 0; i < 2000; ++i) {
    const NodePtr tree = generator.tree(i % 5);
    const std::string text = dump(*tree);
    CAPTURE(text);
    auto again = parse_filter(text);
    if (!again) FAIL(again.error().message);
    CHECK(dump(**again) == text);
  }
}
