// The file descriptors of a process.
//
// Purpose: number to Descriptor, cheap to copy: after a fork the two processes share all until one
// of them changes something, and then all but the page of 64 descriptors it is in.
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
  static constexpr size_t max_directory_entries = 1u << 23;
  static inline thread_local size_t pages = 0;
  static inline thread_local size_t directory_entries = 0;  // page references and unpaged numbers
  static inline thread_local uint64_t refused = 0;
};

class FdTable : public RefCounted {
 public:
  static constexpr int64_t max_paged_fd = (1 << 16) - 1;
  static constexpr size_t max_unpaged = 1024;

  const Descriptor* find(int64_t fd) const {
    if (fd >= 0 && fd <= max_paged_fd) [[likely]] {
      const size_t page = static_cast<size_t>(fd) / page_size;
      if (!directory_ || page >= directory_->pages.size()) return nullptr;
      const Page* found = directory_->pages[page].get();
      return found != nullptr ? found->slots[static_cast<size_t>(fd) % page_size].get() : nullptr;
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

  struct Directory : RefCounted {
    Directory() = default;
    Directory(const Directory& other)
        : RefCounted(other), pages(other.pages), unpaged(other.unpaged) {
      charge();
    }
    Directory& operator=(const Directory&) = delete;
    ~Directory() { FdUsage::directory_entries -= charged; }
    /// Brings the usage up to date after a change of size.
    void charge() {
      const size_t now = pages.size() + unpaged.size();
      FdUsage::directory_entries += now - charged;
      charged = now;
    }
    std::vector<Ref<Page>> pages;
    std::map<int64_t, Ref<Descriptor>> unpaged;
    size_t charged = 0;
  };

  const Descriptor* find_unpaged(int64_t fd) const;
  Ref<Descriptor>* own_slot(int64_t fd, bool create);
  Ref<Descriptor>* own_unpaged_slot(int64_t fd, bool create);
  bool own_directory();

  Ref<Directory> directory_;  // null: nothing was ever open
};

template <class F>
void FdTable::for_each(F f) const {
  if (!directory_) return;
  const auto& pages = directory_->pages;
  for (size_t p = 0; p < pages.size(); ++p) {
    if (!pages[p]) continue;
    for (size_t i = 0; i < page_size; ++i) {
      if (const auto& slot = pages[p]->slots[i]) f(static_cast<int64_t>(p * page_size + i), *slot);
    }
  }
  for (const auto& [fd, descriptor] : directory_->unpaged) f(fd, *descriptor);
}

}  // namespace gyr
