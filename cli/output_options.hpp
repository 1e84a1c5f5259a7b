// The options that say how a trace is compressed, for the commands that write one.
//
// Contract: Options has the members `codec`, `codec_given`, `level` and `output`.
//
// Example:
//   constexpr CommandOption<MergeOptions> rows[] = {..., compress_row<MergeOptions>, ...};
#pragma once

#include <charconv>
#include <string>

#include "capture/file/frame_encoder.hpp"
#include "cli/command_line.hpp"

namespace gyr {

template <class Options, Codec codec>
Result<void> choose_codec(Options& options, const std::string&) {
  if (options.codec_given && options.codec != codec)
    return fail("only one of -z, --zstd and --plain can be given");
  options.codec = codec;
  options.codec_given = true;
  return {};
}

template <class Options>
Result<void> choose_level(Options& options, const std::string& text) {
  int level = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), level);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size())
    return fail("'" + text + "' is not a number");
  options.level = level;
  return {};
}

template <class Options>
Result<void> choose_output(Options& options, const std::string& text) {
  options.output = text;
  return {};
}

template <class Options>
inline constexpr CommandOption<Options> output_row = {
    "-o,--output", "FILE", "The trace to write; - is standard output.", choose_output<Options>};
template <class Options>
inline constexpr CommandOption<Options> zstd_row = {
    "--zstd", "", "Compress with zstd (the default).", choose_codec<Options, Codec::zstd>};
template <class Options>
inline constexpr CommandOption<Options> gzip_row = {
    "-z,--compress", "", "Compress with gzip, which sysdig and Falco read.",
    choose_codec<Options, Codec::gzip>};
template <class Options>
inline constexpr CommandOption<Options> plain_row = {"--plain", "", "Do not compress.",
                                                     choose_codec<Options, Codec::plain>};
template <class Options>
inline constexpr CommandOption<Options> level_row = {
    "--level", "N", "How much to compress: 1 to 19 for zstd, 1 to 9 for gzip.",
    choose_level<Options>};
template <class Options>
inline constexpr CommandOption<Options> help_row = {"-h,--help", "", "Print this help.",
                                                    set_flag<&Options::help>};

}  // namespace gyr
