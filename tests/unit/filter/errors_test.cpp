#include <doctest/doctest.h>

#include <string>

#include "filter/parser.hpp"
#include "filter/wording.hpp"

using namespace gyr;
using namespace gyr::filter;

namespace {

struct Case {
  std::string_view text;
  std::string_view error;  // offset and message
};

std::string error_of(std::string_view text, bool strict) {
  const auto tree = parse_filter(text, {strict});
  if (tree) return "parsed: " + dump(**tree);
  REQUIRE(tree.error().offset);
  CHECK(*tree.error().offset <= text.size());
  return std::to_string(*tree.error().offset) + ": " + tree.error().message;
}

template <size_t n>
void check_errors(const Case (&cases)[n], bool strict) {
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(error_of(c.text, strict) == c.error);
  }
}

std::string explained(std::string_view text, uint64_t offset) {
  return explain(text, Error{"wrong", offset});
}

}  // namespace

#define EXPECTED "expected 'and', 'or' or the end of the filter, found "
#define NO_CHECK "expected a check such as proc.name = x, a macro or '(', found "
#define NO_OPERATOR "such as =, contains, in or exists, found "

TEST_CASE("errors between checks") {
  constexpr Case cases[] = {
      {"", "0: the filter is empty"},
      {" \n", "2: the filter is empty"},
      {std::string_view("a\0b", 3), "1: a filter cannot have a NUL byte in it"},
      {"a b", "2: " EXPECTED "'b'"},
      {"a orb", "2: " EXPECTED "'orb'"},
      {"a or", "4: a check must follow 'or', found the end of the filter"},
      {"(a and)", "6: a check must follow 'and', found ')'"},
      {"not", "3: a check must follow 'not', found the end of the filter"},
      {"a or\"b\"", "4: expected a blank or '(' after 'or', found a quote \""},
      {"a and ", "6: " NO_CHECK "the end of the filter"},
      {"a or or b", "5: " NO_CHECK "'or'"},
      {"()", "1: " NO_CHECK "')'"},
      {"5 = a.b", "0: " NO_CHECK "'5'"},
      {"\"a\"", "0: " NO_CHECK "a quote \""},
      {"a)", "1: this ')' closes nothing"},
      {"(a", "2: the parenthesis opened at byte 0 is never closed"},
      {"a and ((b)", "10: the parenthesis opened at byte 6 is never closed"},
      {"(a b)",
       "3: expected 'and', 'or' or the ')' for the parenthesis opened at byte 0, found 'b'"},
      {"a \x1b[0m", "2: " EXPECTED "'\\x1b'"},
  };
  check_errors(cases, false);
  check_errors(cases, true);
}

TEST_CASE("errors of those who know other languages") {
  constexpr Case cases[] = {
      {"a && b", "2: " EXPECTED "'&&'; write 'and'"},
      {"a || b", "2: " EXPECTED "'||'; write 'or'"},
      {"a AND b", "2: " EXPECTED "'AND'; write 'and'"},
      {"a OR b", "2: " EXPECTED "'OR'; write 'or'"},
      {"(a.b=c && d)",
       "7: expected 'and', 'or' or the ')' for the parenthesis opened at byte 0, found '&&'; write "
       "'and'"},
      {"a.b<5&&c", "5: " EXPECTED "'&&'; write 'and'"},
      {"!a", "0: " NO_CHECK "'!'; write 'not'"},
      {"! a.b=c", "0: " NO_CHECK "'!'; write 'not'"},
      {"NOT a", "0: " NO_CHECK "'NOT'; write 'not'"},
      {"a.b not in (c)", "4: negation stands in front: not a.b ..."},
      {"a.b[1] !contains c", "7: negation stands in front: not a.b[1] ..."},
      {"a.b is c", "4: unknown operator 'is'; write '='"},
      {"a.b === c", "4: unknown operator '==='; write '='"},
      {"a.b <> c", "4: unknown operator '<>'; write '!='"},
      {"a.b !== c", "4: unknown operator '!=='; write '!='"},
      {"a.b ~ c", "4: unknown operator '~'; write 'regex'"},
      {"a.b like c", "4: unknown operator 'like'; write 'glob'"},
      {"a.b =~ c", "7: " EXPECTED "'c'; to match a regular expression write 'regex'"},
  };
  check_errors(cases, false);
  check_errors(cases, true);
}

TEST_CASE("errors at the operator") {
  constexpr Case cases[] = {
      {"a.b", "3: expected an operator after 'a.b', " NO_OPERATOR "the end of the filter"},
      {"(a.b)", "4: expected an operator after 'a.b', " NO_OPERATOR "')'"},
      {"a.b and c", "4: expected an operator after 'a.b', " NO_OPERATOR "'and'"},
      {"tolower(a.b) 5", "13: expected an operator after 'tolower', " NO_OPERATOR "'5'"},
      {"a.b contain c", "4: unknown operator 'contain'; did you mean 'contains'?"},
      {"a.b Contains c", "4: unknown operator 'Contains'; did you mean 'contains'?"},
      {"a.b startwith c", "4: unknown operator 'startwith'; did you mean 'startswith'?"},
      {"a.b starts c", "4: unknown operator 'starts'; did you mean 'startswith' or 'bstartswith'?"},
      {"a.b containsx", "4: unknown operator 'containsx'; did you mean 'contains'?"},
      {"name = c", "0: 'name' is not a field: a field's name has a dot in it, as in proc.name"},
      {"a and name in (c)",
       "6: 'name' is not a field: a field's name has a dot in it, as in proc.name"},
  };
  check_errors(cases, false);
  check_errors(cases, true);
}

TEST_CASE("errors at the value") {
  constexpr Case cases[] = {
      {"a.b =", "5: a value must follow '=', found the end of the filter"},
      {"(a.b != )", "8: a value must follow '!=', found ')'"},
      {"a.b contains", "12: a value must follow 'contains', found the end of the filter"},
      {"a.b = and c.d = e", "6: a value must follow '=', found 'and'"},
      {"a.b = ,c", "6: a value must follow '=', found ','"},
      {"a.b = (c, d)", "6: '=' takes one value; with several write: in (...)"},
      {"a.b glob (c, d)", "9: 'glob' takes one value; with several write: glob anyof (...)"},
      {"a.b = anyof(c)", "6: a blank must stand before and behind anyof: = anyof (...)"},
      {"a.b =anyof (c)", "5: a blank must stand before and behind anyof: = anyof (...)"},
      {"a.b = c d", "8: " EXPECTED
                    "'d'; a value with blanks, quotes or parentheses in it needs quotes around it"},
      {"a.b = it's",
       "8: " EXPECTED
       "a quote '; a value with blanks, quotes or parentheses in it needs quotes around it"},
      {"a.b = c/d(e)",
       "9: " EXPECTED
       "'('; a value with blanks, quotes or parentheses in it needs quotes around it"},
      {"a.b = 'c' d", "10: " EXPECTED "'d'"},
      {"a.b = \"c", "6: the quote \" opened at byte 6 is never closed"},
      {"a.b = \"c\\q\"", "8: unknown escape '\\q'; a backslash in quotes is written \\\\"},
      {"tolower(a.b,\"c\\x00\") = d",
       "14: a value cannot have a NUL byte (\\x00) in it, unless it is compared with a data "
       "buffer"},
      {"a.b in ('\\x0')", "9: the escape \\x needs two hexadecimal digits, found '0'"},
  };
  check_errors(cases, false);
  check_errors(cases, true);
}

TEST_CASE("errors at the number") {
  constexpr Case cases[] = {
      {"a.b <", "5: a number must follow '<', found the end of the filter"},
      {"a.b < or c", "6: a number must follow '<', found 'or'"},
      {"a.b >= c", "7: '>=' takes a number, found 'c'"},
      {"a.b < c.d", "6: '<' takes a number, found 'c.d'; a field is compared as val(c.d)"},
      {"a.b < 5ms", "6: '5ms' is not a number"},
      {"a.b < 0x", "6: '0x' is not a number"},
      {"a.b < 1.2.3", "6: '1.2.3' is not a number"},
      {"a.b < 5 c", "8: " EXPECTED
                    "'c'; a value with blanks, quotes or parentheses in it needs quotes around it"},
  };
  check_errors(cases, false);
  check_errors(cases, true);
  CHECK(error_of("a.b < \"c\"", false) == "6: '<' takes a number, found a quote \"");
}

TEST_CASE("errors in lists") {
  constexpr Case cases[] = {
      {"a.b in", "6: a list must follow 'in', found the end of the filter"},
      {"a.b in and c", "7: a list must follow 'in', found 'and'"},
      {"a.b in \"c\"", "7: 'in' takes a list: in (...), found a quote \""},
      {"a.b in 5", "7: 'in' takes a list: in (...), found '5'"},
      {"a.b pmatch /c", "11: 'pmatch' takes a list: pmatch (...), found '/'"},
      {"a.b in c/d", "7: 'in' takes a list: in (...), found 'c'"},
      {"a.b in c, d", "8: " EXPECTED "','; several values are written as in (a, b)"},
      {"a.b in (c", "9: the list opened at byte 7 is never closed"},
      {"a.b in (c, ", "11: the list opened at byte 7 is never closed"},
      {"a.b in (c d)", "10: expected ',' or the ')' for the list opened at byte 7, found 'd'"},
      {"a.b in (c,,d)", "10: expected a value in the list opened at byte 7, found ','"},
      {"a.b in (c,)", "10: expected a value in the list opened at byte 7, found ')'"},
      {"a.b in ((c))", "8: expected a value in the list opened at byte 7, found '('"},
      {"a.b in (c) d", "11: " EXPECTED "'d'"},
      {"a.b = anyof c/d", "12: 'anyof' takes a list: anyof (...), found 'c'"},
  };
  check_errors(cases, false);
  check_errors(cases, true);
}

TEST_CASE("errors in fields and transformers") {
  constexpr Case cases[] = {
      {"a.b[]=c", "4: an argument must stand between the brackets, found ']'"},
      {"a.b[c d]=e",
       "5: expected ']' for the bracket opened at byte 3, found a blank; an argument with blanks "
       "in "
       "it needs quotes"},
      {"a.b['c]=e", "4: the quote ' opened at byte 4 is never closed"},
      {"tolowr(a.b)=c", "0: unknown transformer 'tolowr'; did you mean 'tolower'?"},
      {"a.b = x9(c)",
       "6: unknown transformer 'x9'; there are tolower, toupper, b64, basename, len, join, concat, "
       "getopt"},
      {"val(a.b) = c",
       "0: val() may stand only behind an operator, as in proc.name = val(proc.pname)"},
      {"a.b = tolower(val(c.d))",
       "14: val() may stand only behind an operator, as in proc.name = val(proc.pname)"},
      {"a.b = val(c)", "10: val() takes a field, found 'c'"},
      {"a.b = val(tolower(c.d))", "10: val() takes a field, found 'tolower'"},
      {"a.b = val(c.d", "13: the parenthesis opened at byte 9 is never closed"},
      {"a.b = val(c.d e)", "14: expected the ')' for the parenthesis opened at byte 9, found 'e'"},
      {"a.b = val(c.d[1])[2]", "17: 'c.d' has an argument already"},
      {"tolower(a.b", "11: the parenthesis opened at byte 7 is never closed"},
      {"tolower(a.b c.d)=e",
       "12: expected ',' or the ')' for the parenthesis opened at byte 7, found 'c.d'"},
      {"tolower()=c",
       "8: expected a field, a transformer, a number, a list or a string in quotes, found ')'"},
      {"tolower(name)=c",
       "8: expected a field, a transformer, a number, a list or a string in quotes, found 'name'"},
      {"join(',', (a.b, (c.d)))=e",
       "16: expected a field, a transformer, a number or a string in quotes, found '('"},
      {"tolower (a.b)=c", "8: " EXPECTED "'('; no blank may stand before the '(' of a transformer"},
  };
  check_errors(cases, false);
  check_errors(cases, true);
}

TEST_CASE("errors in one mode only") {
  constexpr Case strict[] = {
      {"a or(b) and c", "11: 'and' cannot follow 'or(...)'; write a blank between 'or' and '('"},
      {"a.b.0 = c",
       "3: expected an operator after 'a.b', " NO_OPERATOR
       "'.'; each part of a field's name begins with a letter and has no '/' or '-' in it"},
      {"a.b contains/c", "12: a blank must follow 'contains', found '/'"},
      {"a.b < \"5\"", "6: '<' takes a number, found a quote \"; write it without quotes"},
      {"a.b=c&&d.e=f", "10: " EXPECTED "'='; write 'and'"},
      {"a.b=c, d", "5: " EXPECTED "','; several values are written as in (a, b)"},
      {"a.b=\"c\\\\\"",
       "4: the quote \" opened at byte 4 is never closed; a backslash before the closing quote "
       "keeps "
       "it open, even an escaped one"},
  };
  check_errors(strict, true);
  constexpr Case lenient[] = {
      {"a.b=c&&d.e=f", "5: found '&&' inside a value; write 'and', or the value in quotes"},
      {"a.b=c, d", "7: " EXPECTED "'d'; several values are written as in (a, b)"},
      {"a.b contains=c", "12: a value must follow 'contains', found '='"},
  };
  check_errors(lenient, false);
}

// ---- explain ----

TEST_CASE("an error is shown with its place") {
  CHECK(explained("a.b = c d", 8) == "wrong (at byte 8)\n  a.b = c d\n          ^");
  CHECK(explained("abc", 0) == "wrong (at byte 0)\n  abc\n  ^");
  CHECK(explained("", 0) == "wrong (at byte 0)\n  \n  ^");
  CHECK(explain("abc", Error{"wrong"}) == "wrong");
}

TEST_CASE("an error at the end is shown behind the last thing that is there") {
  CHECK(explained("abc", 3) == "wrong (at byte 3)\n  abc\n     ^");
  CHECK(explained("abc \n\n", 6) == "wrong (at byte 6)\n  abc \n     ^");
  CHECK(explained("abc", 99) == "wrong (at byte 99)\n  abc\n     ^");
}

TEST_CASE("of a filter with several lines, one is shown") {
  CHECK(explained("a\nbc d\ne", 5) == "wrong (at line 2, column 4, byte 5)\n  bc d\n     ^");
  CHECK(explained("a\r\nbc\r\nd", 3) == "wrong (at line 2, column 1, byte 3)\n  bc\n  ^");
  CHECK(explained("a\rb", 2) == "wrong (at line 2, column 1, byte 2)\n  b\n  ^");
  CHECK(explained("a\n\nb\n", 9) == "wrong (at line 3, column 2, byte 9)\n  b\n   ^");
  CHECK(explained("\n a b", 4) == "wrong (at line 2, column 4, byte 4)\n   a b\n     ^");
}

TEST_CASE("the caret counts columns, not bytes") {
  CHECK(explained("\t\u00e4\u20ac\U0001f600 x", 11) ==
        "wrong (at byte 11)\n   \u00e4\u20ac\U0001f600 x\n       ^");
  CHECK(explained("\u00e4\nb\u00e4c", 6) ==
        "wrong (at line 2, column 3, byte 6)\n  b\u00e4c\n    ^");
  // In the middle of a character.
  CHECK(explained("\u20acx", 1) == "wrong (at byte 1)\n  \u20acx\n  ^");
}

TEST_CASE("nothing is shown that a terminal would obey") {
  CHECK(explained("\x1b[0m\u009b\xff x", 7) == "wrong (at byte 7)\n  ?[0m?? x\n        ^");
}

TEST_CASE("a long line is cut to what is around the caret") {
  const std::string a(200, 'a'), b(300, 'b');
  const auto shown_of = [](size_t n, char c) { return std::string(n, c); };
  CHECK(explained(a + b, 200) == "wrong (at byte 200)\n  ..." + shown_of(50, 'a') +
                                     shown_of(50, 'b') + "...\n" + shown_of(55, ' ') + '^');
  CHECK(explained(b, 10) ==
        "wrong (at byte 10)\n  " + shown_of(100, 'b') + "...\n" + shown_of(12, ' ') + '^');
  CHECK(explained(b, 300) ==
        "wrong (at byte 300)\n  ..." + shown_of(100, 'b') + '\n' + shown_of(105, ' ') + '^');
  CHECK(explained(shown_of(100, 'c'), 99) ==
        "wrong (at byte 99)\n  " + shown_of(100, 'c') + '\n' + shown_of(101, ' ') + '^');
}

// ---- nearest ----

TEST_CASE("the nearest names") {
  using Names = std::vector<std::string_view>;
  const Names fields = {"proc.name", "proc.pname", "proc.cmdline", "proc.args", "fd.name",
                        "fd.num",    "evt.type",   "evt.arg",      "fd.cip",    "fd.sip"};
  CHECK(nearest("proc.nmae", fields) == Names{"proc.name"});
  CHECK(nearest("proc.nam", fields) == Names{"proc.name"});
  CHECK(nearest("proc.nname", fields) == Names{"proc.name", "proc.pname"});
  CHECK(nearest("porc.name", fields) == Names{"proc.name"});
  CHECK(nearest("Proc.Name", fields) == Names{"proc.name"});
  CHECK(nearest("fd.xip", fields) == Names{"fd.cip", "fd.sip"});
  CHECK(nearest("proc.cmd", fields) == Names{"proc.cmdline"});
  CHECK(nearest("cmdline", fields) == Names{"proc.cmdline"});
  CHECK(nearest("fd.name.raw", fields) == Names{"fd.name"});
  CHECK(nearest("nam", fields) == Names{"fd.name", "proc.name", "proc.pname"});
  CHECK(nearest("proc", fields).size() == 3);
  CHECK(nearest("container.id", fields).empty());
  CHECK(nearest("x", fields).empty());
  CHECK(nearest("", fields).empty());
  CHECK(nearest("name", {}).empty());
  CHECK(nearest("in", Names{"in", "pmatch"}) == Names{"in"});
  CHECK(nearest(std::string(1000000, 'x'), fields).empty());
  CHECK(nearest("ab", Names{"cd"}).empty());
}

TEST_CASE("the wording of suggestions") {
  CHECK(did_you_mean("zzz", {"abc"}) == "");
  CHECK(did_you_mean("abd", {"abc"}) == "; did you mean 'abc'?");
  CHECK(did_you_mean("abx", {"aba", "abc"}) == "; did you mean 'aba' or 'abc'?");
  CHECK(did_you_mean("abx", {"aba", "abc", "abd"}) == "; did you mean 'aba', 'abc' or 'abd'?");
}

TEST_CASE("texts of the filter in messages") {
  CHECK(shown("a'b") == "'a'b'");
  CHECK(shown("\x1b\u009b\xff\u00e4") == "'\\x1b\\xc2\\x9b\\xff\u00e4'");
  CHECK(shown(std::string(1000, 'x')) == '\'' + std::string(40, 'x') + "...'");
  CHECK(found("proc.name=x") == "'proc.name'");
  CHECK(found("&&x") == "'&&'");
  CHECK(found("((") == "'('");
  CHECK(found("\tx") == "'\\x09'");
  CHECK(found(" x") == "a blank");
  CHECK(found("'x") == "a quote '");
  CHECK(found("\n ") == "the end of the filter");
}
