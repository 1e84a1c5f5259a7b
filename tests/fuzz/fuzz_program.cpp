// A compiled filter over synthetic events.
//
// The first byte picks the settings, then comes the filter up to a NUL (filter_words.hpp), then
// events: synthetic.hpp. Checked beyond memory and undefined behaviour: a filter matches no event
// of a type that it says it cannot match; its negation matches the others, in a program of both;
// what is remembered of threads changes no answer.
#include <optional>

#include "filter/parser.hpp"
#include "filter/program.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/filter_words.hpp"
#include "tests/fuzz/replay.hpp"
#include "tests/fuzz/synthetic.hpp"

namespace gyr::fuzz {

namespace {

using namespace gyr::filter;

constexpr unsigned most_compiled_again = 8;  // compiling takes longer than matching

uint32_t flags_of(const Operand& operand) {
  const auto source = bind(operand);
  return source ? source->flags() : 0;
}

/// Flags of all fields of a filter.
uint32_t flags_of(const Node& node) {
  uint32_t flags = 0;
  for (const NodePtr& child : node.children) flags |= flags_of(*child);
  if (node.kind != Node::Kind::check) return flags;
  flags |= flags_of(node.check.left);
  return node.check.right ? flags | flags_of(*node.check.right) : flags;
}

class Subject {
 public:
  Subject(const Node& tree, const Node& negation, bool counts) : tree_(tree), counts_(counts) {
    const auto positive = program_.add(tree), negative = program_.add(negation);
    check(positive.has_value() == negative.has_value(), "only one of a filter and its negation");
    if (positive) {
      positive_ = *positive;
      negative_ = *negative;
    } else {
      error_ = positive.error();
    }
  }

  const std::optional<Error>& error() const { return error_; }
  bool needs_enter() const { return program_.needs_enter(positive_); }

  void match(const Moment& moment) {
    program_.begin(moment);
    const bool matched = program_.matches(positive_);
    const bool possible = program_.types(positive_)[moment.event.raw().type];
    check(!matched || possible, "an event of an impossible type matches");
    if (counts_) return;
    check(program_.matches(negative_) != matched, "a negation is none");
    if (++compiled_again_ > most_compiled_again) return;
    Program fresh;
    const auto id = fresh.add(tree_);
    check(id.has_value(), "a filter that was compiled before");
    fresh.begin(moment);
    check(fresh.matches(*id) == matched, "what is remembered gives another answer");
  }

 private:
  const Node& tree_;
  bool counts_;  // asking twice is not the same as asking once
  std::optional<Error> error_;
  Program program_;
  Program::Id positive_ = 0, negative_ = 0;
  unsigned compiled_again_ = 0;
};

void match_all(Subject& subject, uint8_t style, Bytes events_bytes) {
  const Options options = options_of(style);
  Settings settings{options.render, options.time};
  settings.resolve_ports = (style & 1) != 0;
  settings.as_falco = (style & 2) != 0;
  SyntheticReplay replay(events_bytes);
  if (subject.needs_enter()) replay.decoder.keep_enter_events();
  uint64_t previous_ts = 0;
  while (const Event* event = replay.next()) {
    const Stream stream{replay.decoder.first_ts(), previous_ts};
    subject.match({*event, replay.state, settings, stream});
    previous_ts = event->raw().ts;
  }
}

void run(Bytes bytes) {
  if (bytes.empty()) return;
  const std::string_view rest = as_text(bytes.subspan(1));
  const std::string_view encoded = rest.substr(0, rest.find('\0'));
  const std::string text = expand(encoded);
  const auto tree = parse_filter(text);
  if (!tree) return;
  const uint32_t flags = flags_of(**tree);
  if ((flags & resolves_names) != 0) return;  // nobody's name server is asked
  const auto negation = parse_filter("not (" + text + ")");
  check(negation.has_value(), "a filter that cannot be negated");
  Subject subject(**tree, **negation, (flags & stateful) != 0);
  if (const auto& error = subject.error()) {
    check(error->offset.value_or(0) <= text.size(), "an error behind the end");
    check(!explain(text, *error).empty(), "an error without a message");
    return;
  }
  match_all(subject, load<uint8_t>(bytes.data()),
            bytes.subspan(std::min(bytes.size(), encoded.size() + 2)));
}

}  // namespace

}  // namespace gyr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  gyr::fuzz::run({reinterpret_cast<const std::byte*>(data), size});
  return 0;
}
