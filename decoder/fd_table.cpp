#include "decoder/fd_table.hpp"

namespace gyr {

const Descriptor* FdTable::find_unpaged(int64_t fd) const {
  const auto found = unpaged_.find(fd);
  return found == unpaged_.end() ? nullptr : found->second.get();
}

/// The slot of a number, in a page that no other table shares. nullptr: not there, or refused.
Ref<Descriptor>* FdTable::own_slot(int64_t fd, bool create) {
  if (fd < 0 || fd > max_paged_fd) {
    const auto found = unpaged_.find(fd);
    if (found != unpaged_.end()) return &found->second;
    if (!create || unpaged_.size() >= max_unpaged) return nullptr;
    return &unpaged_[fd];
  }
  const size_t page = static_cast<size_t>(fd) / page_size;
  const bool absent = page >= pages_.size() || !pages_[page];
  if (absent && !create) return nullptr;
  if (absent || pages_[page].shared()) {
    if (FdUsage::pages >= FdUsage::max_pages) return nullptr;
    if (page >= pages_.size()) pages_.resize(page + 1);
    pages_[page] = absent ? make_ref<Page>() : make_ref<Page>(*pages_[page]);
  }
  return &pages_[page]->slots[static_cast<size_t>(fd) % page_size];
}

Descriptor* FdTable::modify(int64_t fd) {
  if (find(fd) == nullptr) return nullptr;
  Ref<Descriptor>* slot = own_slot(fd, false);
  if (slot == nullptr) return nullptr;
  if (slot->shared()) *slot = make_ref<Descriptor>(**slot);
  return slot->get();
}

bool FdTable::put(int64_t fd, Ref<Descriptor> descriptor) {
  Ref<Descriptor>* slot = own_slot(fd, true);
  if (slot == nullptr) {
    ++FdUsage::refused;
    return false;
  }
  *slot = std::move(descriptor);
  return true;
}

Ref<Descriptor> FdTable::share(int64_t fd) const {
  const Descriptor* found = find(fd);
  // Only the reference count of the shared object changes.
  return Ref<Descriptor>(const_cast<Descriptor*>(found));
}

void FdTable::erase(int64_t fd) {
  if (find(fd) == nullptr) return;
  if (fd < 0 || fd > max_paged_fd) {
    unpaged_.erase(fd);
  } else if (Ref<Descriptor>* slot = own_slot(fd, false)) {
    *slot = {};
  }
}

size_t FdTable::count() const {
  size_t n = 0;
  for_each([&n](int64_t, const Descriptor&) { ++n; });
  return n;
}

}  // namespace gyr
