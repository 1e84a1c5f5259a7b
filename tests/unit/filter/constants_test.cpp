#include "filter/constants.hpp"

#include <doctest/doctest.h>

using namespace gyr::filter;

namespace {

std::string message(const auto& result) { return result ? "" : result.error().message; }

}  // namespace

TEST_CASE("numbers") {
  CHECK(*parse_number("0") == 0);
  CHECK(*parse_number("-1") == -1);
  CHECK(*parse_number("+7") == 7);
  CHECK(*parse_number("0xFf") == 255);
  CHECK(*parse_number("18446744073709551615") == -1);
  CHECK(message(parse_number("1.5")) == "'1.5' is not a whole number");
  for (const char* wrong : {"", "-", "+", "1x", " 1", "0x", "--1", "1e3"})
    CHECK(!parse_number(wrong));
  CHECK(*parse_double("1.5") == 1.5);
  CHECK(*parse_double("-2") == -2);
  CHECK(!parse_double(""));
  CHECK(!parse_double("1,5"));
}

TEST_CASE("truth values") {
  CHECK(*parse_bool("true"));
  CHECK_FALSE(*parse_bool("false"));
  CHECK(message(parse_bool("yes")) == "'yes' is neither true nor false");
}

TEST_CASE("ports") {
  CHECK(*parse_port("443") == 443);
  CHECK(!parse_port("65536"));
  CHECK(!parse_port("no-such-service"));
}

TEST_CASE("addresses") {
  CHECK(*parse_address("10.0.0.1") == std::string("\x0a\x00\x00\x01", 4));
  CHECK(parse_address("::1")->size() == 16);
  CHECK(parse_address("::1")->back() == 1);
  CHECK(message(parse_address("10.0.0")) == "'10.0.0' is not an IP address");
}

TEST_CASE("networks") {
  CHECK(*parse_network("10.1.2.3/8") == std::string("\x0a\x00\x00\x00\x08", 5));
  CHECK(*parse_network("10.1.2.3/12") == std::string("\x0a\x00\x00\x00\x0c", 5));
  CHECK(!parse_network("10.0.0.0"));
  CHECK(!parse_network("10.0.0.0/33"));
  CHECK(!parse_network("10.0.0.0/"));
  CHECK(parse_network("fe80::/10")->size() == 17);
  const auto in = [](const char* address, const char* network) {
    return in_network(*parse_address(address), *parse_network(network));
  };
  CHECK(in("10.200.0.1", "10.0.0.0/8"));
  CHECK_FALSE(in("11.0.0.1", "10.0.0.0/8"));
  CHECK(in("172.31.255.255", "172.16.0.0/12"));
  CHECK_FALSE(in("172.32.0.0", "172.16.0.0/12"));
  CHECK(in("1.2.3.4", "0.0.0.0/0"));
  CHECK(in("1.2.3.4", "1.2.3.4/32"));
  CHECK_FALSE(in("1.2.3.5", "1.2.3.4/32"));
  CHECK(in("fe80::1", "fe80::/10"));
  CHECK_FALSE(in("::1", "0.0.0.0/0"));
}

TEST_CASE("bytes in hexadecimal") {
  CHECK(*parse_hex("00fF41") == std::string("\0\xff"
                                            "A",
                                            3));
  for (const char* wrong : {"", "1", "abc", "0g", "0x12"}) CHECK(!parse_hex(wrong));
}
