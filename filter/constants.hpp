// The constants of a filter, read as the field they are compared with wants them.
//
// Contract: an Error's message says what is wrong with the text and what would be right; the caller
// knows where it stands. Networks and addresses come as the Values of fields do: address bytes, a
// network with the length of its prefix behind them.
//
// Example:
//   auto number = parse_number("-1");
//   auto port = parse_port("https");       // 443
//   auto net = parse_network("10.0.0.0/8");
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace gyr::filter {

/// Decimal, with an optional sign; also hexadecimal with 0x.
Result<int64_t> parse_number(std::string_view text);
Result<double> parse_double(std::string_view text);
Result<bool> parse_bool(std::string_view text);
/// A number, or the name of a service.
Result<uint16_t> parse_port(std::string_view text);
/// 4 or 16 bytes.
Result<std::string> parse_address(std::string_view text);
/// 4 or 16 bytes and one byte of prefix length; host bits are cleared.
Result<std::string> parse_network(std::string_view text);
/// The bytes that pairs of hexadecimal digits stand for.
Result<std::string> parse_hex(std::string_view text);

/// Whether an address lies in a network, both as above; false for different families.
bool in_network(std::string_view address, std::string_view network);

}  // namespace gyr::filter
