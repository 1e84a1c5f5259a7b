// The one error style of the project.
//
// Contract: a function that can fail on its input returns Result<T>; the Error's message is a whole
// sentence part without a trailing period, fit to print after "gyr: FILE: ". Each boundary adds
// what it knows with `context`. Exceptions of libraries are caught in the one file that calls them.
//
// Example:
//   Result<int> port = parse_port(text);
//   if (!port) return fail(std::move(port.error()).context("bad option -p"));
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace gyr {

struct Error {
  std::string message;
  std::optional<uint64_t> offset = std::nullopt;  // byte in the uncompressed input, if it has one

  /// The same error with "what: " in front.
  Error context(std::string what) && {
    what += ": ";
    what += message;
    return {std::move(what), offset};
  }
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }
inline tl::unexpected<Error> fail(std::string message) { return fail(Error{std::move(message)}); }

}  // namespace gyr
