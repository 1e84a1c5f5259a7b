#include "filter/parser.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/rule_file.hpp"
#include "tests/unit/corpus.hpp"

using namespace gyr;
using namespace gyr::filter;

namespace {

std::string parsed(std::string_view text, bool strict = false) {
  const auto tree = parse_filter(text, {strict});
  return tree ? dump(**tree) : "error: " + tree.error().message;
}

/// In both modes.
std::string both(std::string_view text) {
  const std::string tree = parsed(text);
  CHECK(parsed(text, true) == tree);
  return tree;
}

bool refused(std::string_view text, bool strict) { return !parse_filter(text, {strict}); }

Check check_of(std::string_view text) {
  auto tree = parse_filter(text);
  REQUIRE(tree);
  REQUIRE((*tree)->kind == Node::Kind::check);
  return std::move((*tree)->check);
}

std::string_view at(std::string_view text, Span span) { return text.substr(span.at, span.length); }

std::string prefix(std::string_view text) {
  size_t length = 0;
  const auto operand = parse_operand_prefix(text, length);
  if (!operand) return std::to_string(*operand.error().offset) + ": " + operand.error().message;
  CHECK(operand->span.at == 0);
  CHECK(operand->span.length == length);
  return dump(*operand) + '|' + std::string(text.substr(length));
}

std::string repeated(std::string_view part, size_t times) {
  std::string text;
  text.reserve(part.size() * times);
  for (size_t i = 0; i < times; ++i) text += part;
  return text;
}

}  // namespace

// ---- and, or, not ----

TEST_CASE("not binds tighter than and, and tighter than or") {
  CHECK(both("a or b and c") == "(a or (b and c))");
  CHECK(both("a and b or c") == "((a and b) or c)");
  CHECK(both("not a and b") == "(not a and b)");
  CHECK(both("not (a and b)") == "not (a and b)");
  CHECK(both("a or b or c") == "(a or b or c)");
  CHECK(both("(a or b) or c") == "((a or b) or c)");
}

TEST_CASE("blanks and what may be glued") {
  CHECK(both(" \t\r\n\b a\nand\tb ") == "(a and b)");
  CHECK(both("(a)or(b)") == "(a or b)");
  CHECK(both("(a)and(b)and(c)") == "(a and b and c)");
  CHECK(both("not(a)") == "not a");
  CHECK(both("( ( a ) )") == "a");
  CHECK(both("a.b<5and c.d>7") == "(a.b < 5 and c.d > 7)");
  CHECK(both("a.b<5or(c)") == "(a.b < 5 or c)");
  CHECK(both("a.b=\"x\"and c") == "(a.b = x and c)");
  CHECK(both("a.b in(x)or c") == "(a.b in (x) or c)");
  CHECK(both("a.b exists and c") == "(a.b exists and c)");
}

TEST_CASE("a parenthesis glued to 'or' is the whole operand in Falco") {
  CHECK(both("a or (b) and c") == "(a or (b and c))");
  CHECK(both("a or(b) or c") == "(a or b or c)");
  CHECK(both("a and(b) or c") == "((a and b) or c)");
  CHECK(both("(a or(b)) and c") == "((a or b) and c)");
  CHECK(parsed("a or(b) and c") == "(a or (b and c))");
  CHECK(refused("a or(b) and c", true));
  CHECK(refused("a or(b)and(c)", true));
}

TEST_CASE("nots cancel in pairs") {
  CHECK(both("not not a") == "a");
  CHECK(both("not not not a") == "not a");
  CHECK(both("not not(a)") == "a");
  CHECK(both("not (not a)") == "a");
  CHECK(both("not (not (not (a and b)))") == "not (a and b)");
}

TEST_CASE("words of the language are names of macros where they can be nothing else") {
  CHECK(both("in and exists or val") == "((in and exists) or val)");
  CHECK(both("tolower and notes or order") == "((tolower and notes) or order)");
}

// ---- checks ----

TEST_CASE("every operator") {
  CHECK(both("a.b exists") == "a.b exists");
  CHECK(both("a.b<1") == "a.b < 1");
  CHECK(both("a.b <= 0x1F") == "a.b <= 0x1F");
  CHECK(both("a.b>-1.5e+3") == "a.b > -1.5e+3");
  CHECK(both("a.b >=+1") == "a.b >= +1");
  CHECK(both("a.b=x") == "a.b = x");
  CHECK(both("a.b==x") == "a.b = x");
  CHECK(both("a.b!=x") == "a.b != x");
  for (const std::string op : {"contains", "icontains", "bcontains", "startswith", "bstartswith",
                               "endswith", "glob", "iglob", "regex"}) {
    CHECK(both("a.b " + op + "\tx") == "a.b " + op + " x");
    CHECK(both("a.b " + op + " 'x y'") == "a.b " + op + " \"x y\"");
  }
  for (const std::string op : {"in", "intersects", "pmatch"}) {
    CHECK(both("a.b " + op + "(x)") == "a.b " + op + " (x)");
    CHECK(both("a.b " + op + " x_1") == "a.b " + op + " (x_1)");
    CHECK(both("a.b " + op + " ( x , 'y',z )") == "a.b " + op + " (x, y, z)");
    CHECK(both("a.b " + op + " ( )") == "a.b " + op + " ()");
  }
}

TEST_CASE("values without quotes") {
  CHECK(both("evt.dir=<") == "evt.dir = <");
  CHECK(both("evt.dir = > and a") == "(evt.dir = > and a)");
  CHECK(both("a.b=~x") == "a.b = ~x");
  CHECK(both("a.b = proc.name") == "a.b = proc.name");
  CHECK(both("a.b = *.[ch]") == "a.b = \"*.[ch]\"");
  CHECK(both("a.b = exists") == "a.b = exists");
  CHECK(both("a.b = or") == "a.b = \"or\"");
  CHECK(both("(a.b = and)") == "a.b = \"and\"");
  CHECK(both("a.b = and and a.b = not or c") == "((a.b = \"and\" and a.b = \"not\") or c)");
}

TEST_CASE("modifiers") {
  for (const std::string modifier : {"oneof", "anyof", "allof"}) {
    CHECK(both("a.b contains " + modifier + " (x, y)") == "a.b contains " + modifier + " (x, y)");
    CHECK(both("a.b = " + modifier + " list and c") == "(a.b = " + modifier + " (list) and c)");
    CHECK(both("a.b = " + modifier) == "a.b = " + modifier);
    CHECK(both("a.b = " + modifier + " and c") == "(a.b = " + modifier + " and c)");
    CHECK(both("(a.b =" + modifier + " )") == "a.b = " + modifier);
  }
  CHECK(check_of("a.b = allof (x)").modifier == Modifier::allof);
  CHECK(check_of("a.b = allof").modifier == Modifier::none);
}

TEST_CASE("fields with arguments, transformers and val() on both sides") {
  CHECK(both("proc.aname[2]=x") == "proc.aname[2] = x");
  CHECK(both("proc.env['A B'] exists") == "proc.env[\"A B\"] exists");
  CHECK(both("a.b = val(c.d)") == "a.b = val(c.d)");
  CHECK(both("a.b < val( c.d[1] )") == "a.b < val(c.d[1])");
  CHECK(both("a.b in val(c.d)[x]") == "a.b in val(c.d[x])");
  CHECK(both("a.b contains tolower(c.d)") == "a.b contains tolower(c.d)");
  CHECK(both("len(a.b) >= len(c.d)") == "len(a.b) >= len(c.d)");
  CHECK(both("a.b pmatch toupper(c.d)") == "a.b pmatch toupper(c.d)");
  CHECK(both("tolower( basename(a.b[1]) )=x") == "tolower(basename(a.b[1])) = x");
  CHECK(both("concat(a.b , 'x y', -5, 0x5, b64(c.d)) = z") ==
        "concat(a.b,\"x y\",-5,0x5,b64(c.d)) = z");
  CHECK(both("join(',', ()) = z") == "join(\",\",()) = z");
  CHECK(both("join(',', ( a.b, 'x' ,1,tolower(c.d) )) = z") ==
        "join(\",\",(a.b, \"x\", 1, tolower(c.d))) = z");
  CHECK(both("getopt(proc.args, \"ab:\")[a] = x") == "getopt(proc.args,\"ab:\")[a] = x");
}

TEST_CASE("what is in the tree") {
  const Check value = check_of("fd.name != \"/etc\\x20\"");
  CHECK(value.left.kind == Operand::Kind::field);
  CHECK(value.op == Op::ne);
  CHECK_FALSE(value.is_list);
  REQUIRE(value.values.size() == 1);
  CHECK(value.values[0].text == "/etc ");
  CHECK(value.values[0].quoted);

  const Check list = check_of("proc.name in (a, 'b')");
  CHECK(list.is_list);
  REQUIRE(list.values.size() == 2);
  CHECK_FALSE(list.values[0].quoted);
  CHECK(list.values[1].quoted);

  const Check field = check_of("proc.pid = val(proc.apid[1])");
  CHECK(field.values.empty());
  CHECK(field.right_is_val);
  REQUIRE(field.right);
  CHECK(field.right->name == "proc.apid");
  CHECK(field.right->arg == "1");

  const Check call = check_of("join(\",\", (a.b, 5)) = tolower(c.d)");
  CHECK_FALSE(call.right_is_val);
  CHECK(call.left.kind == Operand::Kind::transformer);
  REQUIRE(call.left.operands.size() == 2);
  CHECK(call.left.operands[0].kind == Operand::Kind::text);
  CHECK(call.left.operands[0].name == ",");
  CHECK(call.left.operands[1].kind == Operand::Kind::list);
  CHECK(call.left.operands[1].operands[1].kind == Operand::Kind::number);
}

TEST_CASE("everything knows where it stands") {
  const std::string_view text = " not a.b[1] in (x, 'y') and (len(c.d) > 5 or macro )";
  const auto tree = parse_filter(text);
  REQUIRE(tree);
  const Node& all = **tree;
  CHECK(at(text, all.span) == text.substr(1));
  CHECK(at(text, all.children[0]->span) == "not a.b[1] in (x, 'y')");
  const Node& in = *all.children[0]->children[0];
  CHECK(at(text, in.span) == "a.b[1] in (x, 'y')");
  CHECK(at(text, in.check.left.span) == "a.b[1]");
  CHECK(at(text, in.check.op_span) == "in");
  CHECK(at(text, in.check.values[0].span) == "x");
  CHECK(at(text, in.check.values[1].span) == "'y'");
  const Node& either = *all.children[1];
  CHECK(at(text, either.span) == "len(c.d) > 5 or macro");
  CHECK(at(text, either.children[0]->check.left.span) == "len(c.d)");
  CHECK(at(text, either.children[0]->check.left.operands[0].span) == "c.d");
  CHECK(at(text, either.children[1]->span) == "macro");
  CHECK(at("a.b = val(c.d)", check_of("a.b = val(c.d)").right->span) == "c.d");
}

// ---- what only sysdig 0.29 takes ----

TEST_CASE("what sysdig 0.29 takes, unless strict") {
  for (const std::string_view text :
       {"evt.arg.uri=/a?x=1,2", "evt.type.is.3=1", "evt.arg.0 = x", "k8s.pod.label.foo/bar exists",
        "a.b in (x=1)", "a.b contains\"x\"", "a.b contains/x", "a.b = \"C:\\\\\"", "a.b < \"5\""}) {
    CAPTURE(text);
    CHECK_FALSE(refused(text, false));
    CHECK(refused(text, true));
  }
  CHECK(check_of("evt.arg.uri=/a?x=1,2").values[0].text == "/a?x=1,2");
  CHECK(check_of("evt.type.is.3=1").left.name == "evt.type.is.3");
  CHECK(check_of("a.b glob'*'").values[0].text == "*");
}

TEST_CASE("not what could be a slip") {
  for (const bool strict : {false, true}) {
    CHECK(refused("a.b containsx", strict));
    CHECK(refused("a.b inx", strict));
    CHECK(refused("a.b===x", strict));
    CHECK(refused("a.b = ,x", strict));
    CHECK(refused("a.b=c&&d.e=f", strict));
    CHECK(refused("a.b < \"x\"", strict));
    CHECK(refused("a.b in (x,)", strict));
  }
}

// ---- output formats ----

TEST_CASE("an operand at the beginning of a text") {
  CHECK(prefix("proc.name") == "proc.name|");
  CHECK(prefix("proc.name is") == "proc.name| is");
  CHECK(prefix("proc.aname[2]:%x") == "proc.aname[2]|:%x");
  CHECK(prefix("proc.env[\"A B\"]]") == "proc.env[\"A B\"]|]");
  CHECK(prefix("evt.arg.0,") == "evt.arg.0|,");
  CHECK(prefix("fd.name-x/y.") == "fd.name-x/y|.");
  CHECK(prefix("proc.name(x)") == "proc.name|(x)");
  CHECK(prefix("tolower(proc.name)x") == "tolower(proc.name)|x");
  CHECK(prefix("getopt( proc.args , 'a')[a] x") == "getopt(proc.args,\"a\")[a]| x");
  // No argument: text in brackets.
  CHECK(prefix("proc.name[ x]") == "proc.name|[ x]");
  CHECK(prefix("proc.name[x") == "proc.name|[x");
  CHECK(prefix("proc.name[]") == "proc.name|[]");
}

TEST_CASE("no operand at the beginning of a text") {
  CHECK(prefix("") == "0: expected a field, found the end of the filter");
  CHECK(prefix("proc") == "0: expected a field, found 'proc'");
  CHECK(prefix("tolower") == "0: expected a field, found 'tolower'");
  CHECK(prefix(" proc.name") == "0: expected a field, found a blank");
  CHECK(prefix("tolowr(proc.name)") == "0: unknown transformer 'tolowr'; did you mean 'tolower'?");
  CHECK(prefix("tolower(proc.name") == "17: the parenthesis opened at byte 7 is never closed");
}

// ---- limits ----

TEST_CASE("depth is limited, and its limit holds for the canonical text too") {
  const auto parentheses = [](size_t n) { return repeated("(", n) + 'a' + repeated(")", n); };
  CHECK(both(parentheses(max_depth)) == "a");
  const auto deep = parse_filter(parentheses(max_depth + 1));
  REQUIRE_FALSE(deep);
  CHECK(deep.error().message == "more than 400 parentheses inside each other");
  CHECK(deep.error().offset == max_depth);
  CHECK(refused(parentheses(1000000), false));
  CHECK(refused(repeated("(", 1000000), true));
  CHECK(refused(repeated("not(", 1000000), false));

  // Each parenthesis has an `and` in an `or`.
  const auto levels = [](size_t n) { return repeated("a or b and (", n) + 'c' + repeated(")", n); };
  const std::string canonical = parsed(levels(max_depth / 2));
  CHECK(parsed(canonical) == canonical);
  const auto high = parse_filter(levels(max_depth / 2 + 1));
  REQUIRE_FALSE(high);
  CHECK(high.error().message == "more than 400 levels of 'and' and 'or' inside each other");
  CHECK(high.error().offset == 5);  // of the `and`: the `or` would be one more

  const auto calls = [](size_t n) {
    return repeated("b64(", n) + "a.b" + repeated(")", n) + " = x";
  };
  CHECK(both(calls(max_calls)) == calls(max_calls));
  const auto nested = parse_filter(calls(max_calls + 1));
  REQUIRE_FALSE(nested);
  CHECK(nested.error().message == "more than 100 transformers inside each other");
  CHECK(nested.error().offset == 400);
  CHECK(refused(repeated("b64((", 1000000), false));
}

TEST_CASE("many nots are no depth") {
  CHECK(parsed(repeated("not ", 1000000) + 'a') == "a");
  CHECK(parsed(repeated("not ", 999999) + 'a') == "not a");
}

TEST_CASE("the time is linear in the text") {
  constexpr size_t size = 1 << 20;
  constexpr std::string_view parts[] = {"a and ",
                                        "a or not b and ",
                                        "a.b = x and ",
                                        "a.b in (x, 'y') or ",
                                        "(",
                                        "((a) and ",
                                        "not ",
                                        " ",
                                        "a.b = \"x",
                                        "\"",
                                        "'\\",
                                        "a.b.c.",
                                        "a",
                                        "9",
                                        "=",
                                        "a.b = x=1,2&",
                                        "tolower(",
                                        "[",
                                        ",",
                                        "a.b = anyof x and ",
                                        "a.b = and and ",
                                        "&&",
                                        "\xff",
                                        "a.b[\"",
                                        "x y\n"};
  for (const std::string_view head : {"", "a.b = ", "a.b in (x, ", "len("}) {
    for (const std::string_view part : parts) {
      const std::string text = std::string(head) + repeated(part, size / part.size());
      CAPTURE(head);
      CAPTURE(part);
      const auto start = std::chrono::steady_clock::now();
      for (const bool strict : {false, true})
        if (const auto tree = parse_filter(text, {strict}); !tree)
          CHECK(explain(text, tree.error()).size() < 1000);
      size_t length = 0;
      (void)parse_operand_prefix(text, length);
      // Takes some 100 ms at most; were it quadratic, minutes.
      CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
    }
  }
}

// ---- rules ----

TEST_CASE("every condition of the published rules parses as Falco has it") {
  const std::filesystem::path folder = test::corpus_path("rules");
  if (folder.empty()) {
    MESSAGE("skipped: no corpus (GYR_CORPUS)");
    return;
  }
  size_t count = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    for (const test::RuleEntry& entry : test::read_rule_file(file.path())) {
      if (entry.condition.empty()) continue;
      const std::string& condition = entry.condition;
      CAPTURE(file.path());
      CAPTURE(condition);
      const std::string tree = both(condition);
      CHECK_FALSE(tree.starts_with("error: "));
      CHECK(both(tree) == tree);
      ++count;
    }
  }
  CHECK(count >= 340);
}
