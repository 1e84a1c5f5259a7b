// Answers that are kept per thread until something that they depend on changes.
//
// Purpose: the name of a process changes once in its life, and is asked for at each of its events.
//
// Contract: an answer is one bit, numbered by `add`. `Depends::thread` answers hold until
// Thread::version changes, `Depends::tree` answers until ThreadTable::tree_version does too. Memory
// grows with the number of threads that live at once.
//
// Example:
//   const int32_t bit = memo.add(Depends::thread);
//   uint64_t* kept = memo.of(thread, state);
//   if (ThreadMemo::known(kept, bit)) return ThreadMemo::answer(kept, bit);
#pragma once

#include <cstdint>
#include <vector>

#include "decoder/state.hpp"
#include "filter/fields/field.hpp"

namespace gyr::filter {

class ThreadMemo {
 public:
  /// Before the first event.
  int32_t add(Depends depends) {
    const auto bit = static_cast<int32_t>(count_++);
    const size_t words = (count_ + 63) / 64;
    if (tree_bits_.size() < words) tree_bits_.resize(words);
    if (depends == Depends::tree) tree_bits_[words - 1] |= mask(bit);
    words_.clear();
    return bit;
  }

  /// The words of a thread, with what no longer holds taken out.
  uint64_t* of(const Thread& thread, const State& state) {
    const size_t stride = 2 + 2 * tree_bits_.size();
    const size_t at = thread.slot * stride;
    if (at + stride > words_.size()) words_.resize(at + stride);
    uint64_t* words = words_.data() + at;
    const uint64_t tree_version = state.threads.tree_version();
    if (words[0] != thread.version) {
      for (size_t i = 0; i < tree_bits_.size(); ++i) words[2 + 2 * i] = 0;
      words[0] = thread.version;
      words[1] = tree_version;
    } else if (words[1] != tree_version) {
      for (size_t i = 0; i < tree_bits_.size(); ++i) words[2 + 2 * i] &= ~tree_bits_[i];
      words[1] = tree_version;
    }
    return words;
  }

  static bool known(const uint64_t* words, int32_t bit) {
    return (words[2 + 2 * (bit / 64)] & mask(bit)) != 0;
  }
  static bool answer(const uint64_t* words, int32_t bit) {
    return (words[3 + 2 * (bit / 64)] & mask(bit)) != 0;
  }
  static void keep(uint64_t* words, int32_t bit, bool answer) {
    words[2 + 2 * (bit / 64)] |= mask(bit);
    uint64_t& answers = words[3 + 2 * (bit / 64)];
    answers = answer ? answers | mask(bit) : answers & ~mask(bit);
  }

 private:
  static uint64_t mask(int32_t bit) { return uint64_t{1} << (bit % 64); }

  size_t count_ = 0;
  std::vector<uint64_t> tree_bits_;  // which answers depend on the tree
  // By slot: the thread's version, the tree's, then known bits and answers by turns.
  std::vector<uint64_t> words_;
};

}  // namespace gyr::filter
