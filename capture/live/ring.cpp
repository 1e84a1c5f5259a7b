#include "capture/live/ring.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace gyr {

namespace {

size_t page_size() { return static_cast<size_t>(::sysconf(_SC_PAGESIZE)); }

Error cannot_map() {
  return Error{fmt::format("cannot map a ring of the probe: {}", std::strerror(errno))};
}

}  // namespace

Result<Ring> Ring::map(int fd, size_t size) {
  const size_t page = page_size();
  Ring ring;
  void* consumer = ::mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (consumer == MAP_FAILED) return fail(cannot_map());
  ring.consumer_ = static_cast<uint64_t*>(consumer);
  const size_t mapped = page + 2 * size;
  void* producer = ::mmap(nullptr, mapped, PROT_READ, MAP_SHARED, fd, static_cast<off_t>(page));
  if (producer == MAP_FAILED) return fail(cannot_map());
  ring.producer_ = static_cast<const uint64_t*>(producer);
  ring.data_ = static_cast<const std::byte*>(producer) + page;
  ring.mask_ = size - 1;
  ring.mapped_ = mapped;
  return ring;
}

Ring::Ring(Ring&& other) noexcept
    : consumer_(std::exchange(other.consumer_, nullptr)),
      producer_(std::exchange(other.producer_, nullptr)),
      data_(other.data_),
      mask_(other.mask_),
      position_(other.position_),
      produced_(other.produced_),
      size_(other.size_),
      mapped_(other.mapped_) {}

Ring::~Ring() {
  if (consumer_ != nullptr) ::munmap(consumer_, page_size());
  if (producer_ != nullptr) ::munmap(const_cast<uint64_t*>(producer_), mapped_);
}

}  // namespace gyr
