// The file descriptors of a process.
//
// Purpose: number to Descriptor, cheap to copy: a fork shares pages of 64 descriptors until one of
// the two processes changes something in them.
//
// Contract: `find` may be used freely; `modify`, `put` and `erase` unshare what they touch. Numbers
// outside 0..max_paged_fd go to a small map. The table never grows beyond the limits of FdUsage:
// what does not fit is refused and counted.
//
// Example:
//   table.put(3, make_ref<Descriptor>());
//   if (const Descriptor* d = table.find(3)) ...
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "base/ref.hpp"
#include "decoder/descriptor.hpp"

namespace gyr {

/// What all fd tables of this thread hold together.
struct FdUsage {
  static constexpr size_t max_pages = 1u << 18;
  static inline thread_local size_t pages = 0;
  static inline thread_local uint64_t refused = 0;
};

class FdTable : public RefCounted {
 public:
  static constexpr int64_t max_paged_fd = (1 << 16) - 1;
  static constexpr size_t max_unpaged = 1024;

  const Descriptor* find(int64_t fd) const {
    if (fd >= 0 && fd <= max_paged_fd) [[likely]] {
      const size_t page = static_cast<size_t>(fd) / page_size;
      if (page >= pages_.size() || !pages_[page]) return nullptr;
      return pages_[page]->slots[static_cast<size_t>(fd) % page_size].get();
    }
    return find_unpaged(fd);
  }

  /// The descriptor to change; nullptr when the number is not open.
  Descriptor* modify(int64_t fd);
  /// Replaces what was there. False: refused.
  bool put(int64_t fd, Ref<Descriptor> descriptor);
  /// The reference itself, to put the same descriptor under another number.
  Ref<Descriptor> share(int64_t fd) const;
  void erase(int64_t fd);
  /// Calls f(fd, const Descriptor&) in ascending order of the paged numbers, then the others.
  template <class F>
  void for_each(F f) const;
  size_t count() const;

 private:
  static constexpr size_t page_size = 64;
  struct Page : RefCounted {
    Page() { ++FdUsage::pages; }
    Page(const Page& other) : RefCounted(other), slots(other.slots) { ++FdUsage::pages; }
    Page& operator=(const Page&) = delete;
    ~Page() { --FdUsage::pages; }
    std::array<Ref<Descriptor>, page_size> slots;
  };

  const Descriptor* find_unpaged(int64_t fd) const;
  Ref<Descriptor>* own_slot(int64_t fd, bool create);

  std::vector<Ref<Page>> pages_;
  std::map<int64_t, Ref<Descriptor>> unpaged_;
};

template <class F>
void FdTable::for_each(F f) const {
  for (size_t p = 0; p < pages_.size(); ++p) {
    if (!pages_[p]) continue;
    for (size_t i = 0; i < page_size; ++i) {
      if (const auto& slot = pages_[p]->slots[i]) f(static_cast<int64_t>(p * page_size + i), *slot);
    }
  }
  for (const auto& [fd, descriptor] : unpaged_) f(fd, *descriptor);
}

}  // namespace gyr
