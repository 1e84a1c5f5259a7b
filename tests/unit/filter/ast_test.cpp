#include "filter/ast.hpp"

#include <doctest/doctest.h>

#include <string>

#include "filter/parser.hpp"

using namespace gyr;
using namespace gyr::filter;

namespace {

std::string canonical(std::string_view text) {
  const auto tree = parse_filter(text);
  return tree ? dump(**tree) : "error: " + tree.error().message;
}

/// The canonical text, which must parse to the same.
std::string round_trip(std::string_view text) {
  const std::string first = canonical(text);
  CHECK(canonical(first) == first);
  return first;
}

}  // namespace

TEST_CASE("every operator has a name that parses") {
  for (size_t i = 0; i < op_count; ++i) {
    const std::string name(op_name(static_cast<Op>(i)));
    CAPTURE(name);
    const std::string right = name == "exists"                                           ? ""
                              : name == "in" || name == "intersects" || name == "pmatch" ? " (5)"
                                                                                         : " 5";
    const auto tree = parse_filter("x.y " + name + right);
    REQUIRE(tree);
    CHECK((*tree)->check.op == static_cast<Op>(i));
    CHECK(dump(**tree) == "x.y " + name + right);
  }
}

TEST_CASE("the canonical text") {
  CHECK(round_trip("evt.type=openat and not proc.name in (ls,cat)") ==
        "(evt.type = openat and not proc.name in (ls, cat))");
  CHECK(round_trip("a or b and not(c or d)") == "(a or (b and not (c or d)))");
  CHECK(round_trip("((a))") == "a");
  CHECK(round_trip("a.b==x") == "a.b = x");
  CHECK(round_trip("a.b exists") == "a.b exists");
  CHECK(round_trip("a.b in ()") == "a.b in ()");
  CHECK(round_trip("a.b in list") == "a.b in (list)");
  CHECK(round_trip("a.b  startswith  anyof  (x,y)") == "a.b startswith anyof (x, y)");
  CHECK(round_trip("a.b<val( c.d[1] )") == "a.b < val(c.d[1])");
  CHECK(round_trip("join( ',' , ( a.b , \"x\",5 ) )=x") == "join(\",\",(a.b, \"x\", 5)) = x");
  CHECK(round_trip("getopt(proc.args, 'ab:')[a] = tolower(b64(c.d))") ==
        "getopt(proc.args,\"ab:\")[a] = tolower(b64(c.d))");
  CHECK(round_trip("evt.arg.0=1 and k8s.pod.label.a/b-c exists") ==
        "(evt.arg.0 = 1 and k8s.pod.label.a/b-c exists)");
}

TEST_CASE("a value is quoted when it would not read back without") {
  CHECK(round_trip("a.b='plain/*.[x]'") == "a.b = \"plain/*.[x]\"");
  CHECK(round_trip("a.b='plain/*.x'") == "a.b = plain/*.x");
  CHECK(round_trip("a.b=\"\"") == "a.b = \"\"");
  CHECK(round_trip("a.b='x y'") == "a.b = \"x y\"");
  CHECK(round_trip("a.b='x\"y'") == R"(a.b = "x\"y")");
  CHECK(round_trip("a.b=\"it's\"") == "a.b = \"it's\"");
  CHECK(round_trip("a.b=x\\y") == R"(a.b = "x\\y")");
  CHECK(round_trip("a.b=x=1,2") == "a.b = \"x=1,2\"");
  CHECK(round_trip("a.b in ('x,y', 'f()')") == "a.b in (\"x,y\", \"f()\")");
  CHECK(round_trip(R"(a.b="\b\f\n\r\t\x01\x7f\xff")") ==
        "a.b = \"\\b\\f\\n\\r\\t\\x01\\x7f\\xff\"");
  CHECK(round_trip("(a.b = and and c)") == "(a.b = \"and\" and c)");
  CHECK(round_trip("a.b = 'anyof' or c") == "(a.b = anyof or c)");
  CHECK(round_trip("a.b['']=1 and a.b['x y']=2 and a.b[\"]\"]=3 and a.b['x']=4") ==
        "(a.b[\"\"] = 1 and a.b[\"x y\"] = 2 and a.b[\"]\"] = 3 and a.b[x] = 4)");
}

TEST_CASE("an operand alone") {
  size_t length = 0;
  const auto operand = parse_operand_prefix("concat(proc.name, ' ', evt.arg[0]) and more", length);
  REQUIRE(operand);
  CHECK(dump(*operand) == "concat(proc.name,\" \",evt.arg[0])");
}
