#include "decoder/fd_table.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace gyr;

namespace {

Ref<Descriptor> file(std::string_view name) {
  auto descriptor = make_ref<Descriptor>();
  descriptor->type = FdType::file;
  descriptor->name = SharedText(name);
  return descriptor;
}

std::string name_of(const FdTable& table, int64_t fd) {
  const Descriptor* found = table.find(fd);
  return found != nullptr ? std::string(found->name.view()) : "none";
}

}  // namespace

TEST_CASE("put, find, replace, erase, for all kinds of numbers") {
  FdTable table;
  const std::vector<int64_t> numbers{0, 1, 63, 64, 65535, 65536, 1 << 20, INT64_MAX, -1, INT64_MIN};
  for (const int64_t fd : numbers) CHECK(name_of(table, fd) == "none");
  for (const int64_t fd : numbers) CHECK(table.put(fd, file(std::to_string(fd))));
  CHECK(table.count() == numbers.size());
  for (const int64_t fd : numbers) CHECK(name_of(table, fd) == std::to_string(fd));
  for (const int64_t fd : numbers) CHECK(table.put(fd, file("new")));
  CHECK(table.count() == numbers.size());
  for (const int64_t fd : numbers) CHECK(name_of(table, fd) == "new");
  for (const int64_t fd : numbers) table.erase(fd);
  for (const int64_t fd : numbers) CHECK(name_of(table, fd) == "none");
  CHECK(table.count() == 0);
  table.erase(5);
  CHECK(table.modify(5) == nullptr);
}

TEST_CASE("for_each visits in ascending order") {
  FdTable table;
  for (const int64_t fd : {70'000, 200, 3, 64, 63}) table.put(fd, file("x"));
  std::vector<int64_t> seen;
  table.for_each([&](int64_t fd, const Descriptor&) { seen.push_back(fd); });
  CHECK(seen == std::vector<int64_t>{3, 63, 64, 200, 70'000});
}

TEST_CASE("a copy shares until one of the two changes") {
  const size_t pages_before = FdUsage::pages;
  FdTable parent;
  for (int fd = 0; fd < 128; ++fd) parent.put(fd, file("parent"));
  parent.put(100'000, file("parent"));
  CHECK(FdUsage::pages == pages_before + 2);
  {
    FdTable child(parent);
    CHECK(FdUsage::pages == pages_before + 2);
    CHECK(child.find(5) == parent.find(5));
    child.put(5, file("child"));
    CHECK(FdUsage::pages == pages_before + 3);
    CHECK(name_of(child, 5) == "child");
    CHECK(name_of(parent, 5) == "parent");
    CHECK(child.find(6) == parent.find(6));  // same descriptor, in pages of their own
    child.modify(6)->name = SharedText("modified");
    CHECK(name_of(child, 6) == "modified");
    CHECK(name_of(parent, 6) == "parent");
    child.erase(70);
    CHECK(name_of(parent, 70) == "parent");
    CHECK(name_of(child, 70) == "none");
    parent.modify(100'000)->name = SharedText("modified");
    CHECK(name_of(child, 100'000) == "parent");
  }
  CHECK(FdUsage::pages == pages_before + 2);
}

TEST_CASE("modify does not touch the other numbers of a shared descriptor") {
  FdTable table;
  table.put(3, file("a"));
  table.put(4, table.share(3));
  CHECK(table.find(3) == table.find(4));
  table.modify(4)->open_flags = 7;
  CHECK(table.find(3)->open_flags == 0);
  CHECK(table.find(4)->open_flags == 7);
  CHECK_FALSE(table.share(99));
}

TEST_CASE("numbers outside the pages are limited and the rest is refused and counted") {
  FdTable table;
  const uint64_t refused_before = FdUsage::refused;
  for (size_t i = 0; i < FdTable::max_unpaged + 10; ++i)
    table.put(static_cast<int64_t>(1'000'000 + i), file("x"));
  CHECK(table.count() == FdTable::max_unpaged);
  CHECK(FdUsage::refused == refused_before + 10);
  CHECK(table.put(1'000'000, file("again")));  // replacing needs no room
}

TEST_CASE("the pages of all tables together are limited") {
  const size_t pages_before = FdUsage::pages;
  const uint64_t refused_before = FdUsage::refused;
  {
    std::vector<FdTable> tables(300);
    size_t accepted = 0;
    for (FdTable& table : tables) {
      for (int64_t fd = 0; fd <= FdTable::max_paged_fd; fd += 64)
        accepted += table.put(fd, Ref<Descriptor>()) ? 1 : 0;
    }
    CHECK(FdUsage::pages == FdUsage::max_pages);
    CHECK(accepted == FdUsage::max_pages - pages_before);
    CHECK(FdUsage::refused - refused_before == 300 * 1024 - accepted);
    FdTable copy(tables[0]);
    CHECK_FALSE(copy.put(0, file("x")));  // would need a page of its own
  }
  CHECK(FdUsage::pages == pages_before);
}
