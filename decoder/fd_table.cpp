#include "decoder/fd_table.hpp"

namespace gyr {

const Descriptor* FdTable::find_unpaged(int64_t fd) const {
  if (!directory_) return nullptr;
  const auto found = directory_->unpaged.find(fd);
  return found == directory_->unpaged.end() ? nullptr : found->second.get();
}

/// Makes the directory one that no other table shares. False: refused.
bool FdTable::own_directory() {
  if (directory_ && !directory_.shared()) return true;
  const size_t more = directory_ ? directory_->charged : 0;
  if (FdUsage::directory_entries + more > FdUsage::max_directory_entries) return false;
  directory_ = directory_ ? make_ref<Directory>(*directory_) : make_ref<Directory>();
  return true;
}

Ref<Descriptor>* FdTable::own_unpaged_slot(int64_t fd, bool create) {
  auto& unpaged = directory_->unpaged;
  const auto found = unpaged.find(fd);
  if (found != unpaged.end()) return &found->second;
  if (!create || unpaged.size() >= max_unpaged) return nullptr;
  Ref<Descriptor>* slot = &unpaged[fd];
  directory_->charge();
  return slot;
}

/// The slot of a number, in a page that no other table shares. nullptr: not there, or refused.
Ref<Descriptor>* FdTable::own_slot(int64_t fd, bool create) {
  if (!own_directory()) return nullptr;
  if (fd < 0 || fd > max_paged_fd) return own_unpaged_slot(fd, create);
  auto& pages = directory_->pages;
  const size_t page = static_cast<size_t>(fd) / page_size;
  const bool absent = page >= pages.size() || !pages[page];
  if (absent && !create) return nullptr;
  if (absent || pages[page].shared()) {
    if (FdUsage::pages >= FdUsage::max_pages) return nullptr;
    if (page >= pages.size()) pages.resize(page + 1);
    pages[page] = absent ? make_ref<Page>() : make_ref<Page>(*pages[page]);
    directory_->charge();
  }
  return &pages[page]->slots[static_cast<size_t>(fd) % page_size];
}

Descriptor* FdTable::modify(int64_t fd) {
  if (find(fd) == nullptr) return nullptr;
  Ref<Descriptor>* slot = own_slot(fd, false);
  if (slot == nullptr) return nullptr;
  if (slot->shared()) *slot = make_ref<Descriptor>(**slot);
  return slot->get();
}

bool FdTable::put(int64_t fd, Ref<Descriptor> descriptor) {
  const bool affordable = SharedText::live_bytes() <= SharedText::limit;
  Ref<Descriptor>* slot = affordable ? own_slot(fd, true) : nullptr;
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
  Ref<Descriptor>* slot = own_slot(fd, false);
  if (slot == nullptr) return;
  *slot = {};
  if (fd < 0 || fd > max_paged_fd) {
    directory_->unpaged.erase(fd);
    directory_->charge();
  }
}

size_t FdTable::count() const {
  size_t n = 0;
  for_each([&n](int64_t, const Descriptor&) { ++n; });
  return n;
}

}  // namespace gyr
