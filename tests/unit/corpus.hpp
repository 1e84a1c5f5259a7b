// Where the real traces and rule files are that some tests look at; not everybody has them.
//
// Example:
//   const std::string path = corpus_file("attack.scap.zst");
//   if (path.empty()) { MESSAGE("skipped: no corpus (GYR_CORPUS)"); return; }
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace gyr::test {

/// A file or folder of the corpus; empty where there is none.
inline std::string corpus_path(const std::string& name) {
  const char* corpus = std::getenv("GYR_CORPUS");
  const std::string path =
      std::string(corpus != nullptr ? corpus : GYR_DEFAULT_CORPUS) + "/" + name;
  return std::filesystem::exists(path) ? path : "";
}

/// A trace of the corpus.
inline std::string corpus_file(const std::string& name) { return corpus_path("scap/" + name); }

}  // namespace gyr::test
