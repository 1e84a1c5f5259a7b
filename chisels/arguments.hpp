// Which words of a command line belong to a chisel, and how they are taken apart.
//
// Contract: sysdig's rules. Behind the name one word holds all arguments: always if the chisel
// needs some; if all are optional only a word that begins with no '-' and after which the rest of
// the line is no filter; never if it takes none. Inside it blanks separate arguments, but for those
// in '...' or `...`. Facts: gyr-chisels(7).
//
// Example:
//   takes_word(description, {"1 disable_color"});    // true for fileslower
//   split_arguments("lsof", "'proc.name=a and fd.num>2'");
#pragma once

#include <span>
#include <string>
#include <vector>

#include "chisels/finder.hpp"

namespace gyr::chisels {

/// `rest`: the words behind the chisel's name.
bool takes_word(const Description& chisel, std::span<const std::string> rest);
Result<std::vector<std::string>> split_arguments(std::string_view chisel, std::string_view word);

}  // namespace gyr::chisels
