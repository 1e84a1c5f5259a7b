// gyr convert: a trace in another compression, cut by time or number, or filtered.
//
// Contract: without a cut or a filter every block is copied as it is. A part from the middle begins
// with the state at that point and can be read alone. Options are rows of `convert_options`, from
// which parser, help and manual page are made.
//
// Example:
//   return run_convert({"t.scap", "-o", "part.scap.zst", "--from", "+10", "--to", "+20"});
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "capture/file/codec.hpp"
#include "cli/command_line.hpp"
#include "cli/time_range.hpp"

namespace gyr {

struct ConvertOptions {
  std::string input, output, filter;
  Codec codec = Codec::zstd;
  bool codec_given = false;
  std::optional<int> level;
  CutOptions cut;
  bool help = false;
};

std::span<const CommandOption<ConvertOptions>> convert_options();

/// `arguments`: what follows the word "convert".
Result<ConvertOptions> parse_convert(std::vector<std::string> arguments);

/// The command; gives the exit status.
int run_convert(std::vector<std::string> arguments);

}  // namespace gyr
