// Transformers: what they give, and what they refuse.
#include "filter/transformers.hpp"

#include <doctest/doctest.h>

#include "tests/unit/filter/operands.hpp"

using namespace gyr;
using namespace gyr::test;
using schema::ParamType;

TEST_CASE("transformers: case") {
  Bench b;
  CHECK(b.text(R"(tolower("AZaz@[`{09 \xc3\x84"))") == "azaz@[`{09 \xc3\x84");
  CHECK(b.text(R"(toupper("AZaz@[`{09"))") == "AZAZ@[`{09");
  CHECK(b.text(R"(toupper(""))").empty());
  CHECK(b.text(R"(toupper(("ab", "cd")))") == "(AB,CD)");
  CHECK(b.text("toupper(())") == "()");
}

TEST_CASE("transformers: base64") {
  Bench b;
  CHECK(b.text(R"(b64("YWJj"))") == "abc");
  CHECK(b.text(R"(b64("YWI="))") == "ab");
  CHECK(b.text(R"(b64("YWI"))") == "ab");
  CHECK(b.text(R"(b64("YQ=="))") == "a");
  CHECK(b.text(R"(b64("+/+/"))") == "\xfb\xff\xbf");
  CHECK(b.text(R"(b64(""))").empty());
  CHECK(b.text(R"(b64("YQ==="))") == "NULL");
  CHECK(b.text(R"(b64("Y"))") == "NULL");
  CHECK(b.text(R"(b64("YW J"))") == "NULL");
  CHECK(b.text(R"(b64(("YQ", "YWI")))") == "(a,ab)");
  CHECK(b.text(R"(b64(("YQ", "?")))") == "NULL");
}

TEST_CASE("transformers: the last part of a path") {
  Bench b;
  CHECK(b.text(R"(basename("/usr/bin/vi"))") == "vi");
  CHECK(b.text(R"(basename("vi"))") == "vi");
  CHECK(b.text(R"(basename("/usr/"))").empty());
  CHECK(b.text(R"(basename(("/a/b", "c")))") == "(b,c)");
}

TEST_CASE("transformers: lengths") {
  Bench b;
  CHECK(b.text(R"(len("abc"))") == "3");
  CHECK(b.text(R"(len(""))") == "0");
  CHECK(b.text(R"(len(("a", "b", 3)))") == "3");
  CHECK(b.text("len(())") == "0");
  CHECK(b.text(R"(len(b64("YQBi")))") == "1");  // up to the NUL
  const auto length = b.bound(R"(len("abc"))");
  CHECK(length->type() == ParamType::uint64);
  CHECK_FALSE(length->is_list());
}

TEST_CASE("transformers: texts put together") {
  Bench b;
  CHECK(b.text(R"(join("/", ("a", "b", "c")))") == "a/b/c");
  CHECK(b.text(R"(join("", ("a", "b")))") == "ab");
  CHECK(b.text(R"(join("/", ("a")))") == "a");
  CHECK(b.text(R"(join("/", ()))").empty());
  CHECK(b.text(R"(join("-", ("a", 5, len("xy"), +7)))") == "a-5-2-+7");
  CHECK(b.text(R"(concat("a", "b", 1))") == "ab1");
  CHECK(b.text(R"(concat(len("abc"), "b"))") == "3b");
  CHECK(b.text(R"(concat("a", b64("?")))") == "NULL");
  CHECK(b.text(R"(join("-", ("a", b64("?"))))") == "NULL");
}

TEST_CASE("transformers: inside each other") {
  Bench b;
  CHECK(b.text(R"(toupper(basename(concat("/usr/", "bin"))))") == "BIN");
  CHECK(b.text(R"(len(join("", ("ab", tolower("CD")))))") == "4");
}

TEST_CASE("transformers: getopt lists what it finds") {
  Bench b;
  CHECK(b.text(R"(getopt(("-a", "-b", "x", "y", "-c"), "ab:c"))") == "(a,b,x)");
  CHECK(b.text(R"(getopt(("-ab", "x"), "ab:"))") == "(a,b,x)");
  CHECK(b.text(R"(getopt(("-bx", "-a"), "ab:"))") == "(b,x,a)");
  CHECK(b.text(R"(getopt(("-x", "-a"), "a"))") == "(?,a)");
  CHECK(b.text(R"(getopt(("-:", "-a"), ":a:"))") == "(?,)");
  CHECK(b.text(R"(getopt(("--long", "-a"), "a"))") == "(a)");
  CHECK(b.text(R"(getopt(("--", "-a"), "a"))") == "()");
  CHECK(b.text(R"(getopt(("-", "-a"), "a"))") == "()");
  CHECK(b.text(R"(getopt(("", "-a"), "a"))") == "()");
  CHECK(b.text(R"(getopt(("-b"), "b:"))") == "()");  // one empty text
  CHECK(b.text(R"(len(getopt(("-b"), "b:")))") == "1");
  CHECK(b.text(R"(getopt((), "b:"))") == "()");
}

TEST_CASE("transformers: getopt gives one option") {
  Bench b;
  CHECK(b.text(R"(getopt(("-b", "x", "-b", "y"), "b:")[b])") == "y");
  CHECK(b.text(R"(getopt(("-a"), "ab:")[a])") == "a");
  CHECK(b.text(R"(getopt(("-b"), "ab:")[b])").empty());
  CHECK(b.text(R"(getopt(("-a"), "ab:")[b])") == "NULL");
  CHECK(b.text(R"(getopt(("-x"), "ab:")[x])") == "NULL");
  CHECK_FALSE(b.bound(R"(getopt(("-a"), "a")[a])")->is_list());
}

TEST_CASE("transformers: what they refuse, and where") {
  Bench b;
  CHECK(b.text(R"(toupper(len("x")))") == R"(toupper takes a text; len("x") is a uint64 @8)");
  CHECK(b.text(R"(b64(len("x")))") == R"(b64 takes a text or a buffer; len("x") is a uint64 @4)");
  CHECK(b.text(R"(len(len("x")))") ==
        R"(len takes a list, a text or a buffer; len("x") is a uint64 @4)");
  CHECK(b.text(R"(join("x", "y"))") ==
        R"(join takes a list behind the separator; "y" is a charbuf @10)");
  CHECK(b.text(R"(join(("x"), ("y")))") ==
        R"(join takes a text as separator; ("x") is a list of charbuf @5)");
  CHECK(b.text(R"(concat("x", ("y")))") ==
        R"(concat takes single values; ("y") is a list of charbuf @12)");
  CHECK(b.text(R"(getopt("x", "y"))") ==
        R"(getopt takes a list of texts first; "x" is a charbuf @7)");
  CHECK(b.text(R"(getopt(("x"), "y")[ab])") ==
        "getopt(...)[c] takes one option letter, not 'ab' @0");
  CHECK(b.text(R"(join(",", ("x", getopt(("x"), "y"))))") ==
        R"(getopt(("x"),"y") is a list, and a list cannot stand inside of another @16)");
  CHECK(b.text(R"(toupper("a", "b"))") == "toupper has other arguments: toupper(TEXT) @0");
  CHECK(b.text(R"(concat("a"))") == "concat has other arguments: concat(VALUE, VALUE, ...) @0");
  CHECK(b.text(R"(toupper("a")[b])") == "toupper takes no argument in brackets @0");
}

TEST_CASE("transformers: a source of constants depends on nothing") {
  Bench b;
  const auto source = b.bound(R"(concat("a", "b"))");
  CHECK(source->depends() == filter::Depends::nothing);
  CHECK_FALSE(source->needs_enter());
  CHECK(source->field() == nullptr);
  CHECK(source->applies(1));
  CHECK(source->text() == R"(concat("a","b"))");
}
