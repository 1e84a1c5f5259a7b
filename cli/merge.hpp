// gyr merge: several traces in one, in the order of time.
//
// Contract: traces of one host (same name, same boot) keep their ids; of several hosts, the ids of
// each further one are raised (decoder/host_ids.hpp). Whenever a trace begins, the merged trace
// begins a section whose snapshot says what is known at that time, of all of them; so every event
// has its names, and the traces need not overlap. Options are rows of `merge_options`.
//
// Example:
//   return run_merge({"a.scap", "b.scap", "-o", "both.scap.zst"});
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "capture/file/codec.hpp"
#include "cli/command_line.hpp"

namespace gyr {

struct MergeOptions {
  std::vector<std::string> inputs;
  std::string output;
  Codec codec = Codec::zstd;
  bool codec_given = false;
  std::optional<int> level;
  bool help = false;
};

std::span<const CommandOption<MergeOptions>> merge_options();

/// `arguments`: what follows the word "merge".
Result<MergeOptions> parse_merge(std::vector<std::string> arguments);

/// The command; gives the exit status.
int run_merge(std::vector<std::string> arguments);

}  // namespace gyr
