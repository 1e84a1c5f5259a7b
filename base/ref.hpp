// Intrusive reference counting for the objects of one thread.
//
// Contract: T derives from RefCounted. Counts are not atomic: an object and all its references stay
// on one thread.
//
// Example:
//   struct Page : RefCounted { ... };
//   Ref<Page> page = make_ref<Page>();
#pragma once

#include <cstdint>
#include <utility>

namespace gyr {

struct RefCounted {
  RefCounted() = default;
  RefCounted(const RefCounted&) {}  // a copy has its own references
  RefCounted& operator=(const RefCounted&) { return *this; }
  uint32_t refs = 0;
};

template <class T>
class Ref {
 public:
  Ref() = default;
  explicit Ref(T* object) : object_(object) { hold(); }
  Ref(const Ref& other) : object_(other.object_) { hold(); }
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Ref() {
    if (object_ != nullptr && --object_->refs == 0) delete object_;
  }

  T* get() const { return object_; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }
  bool shared() const { return object_ != nullptr && object_->refs > 1; }

 private:
  void hold() {
    if (object_ != nullptr) ++object_->refs;
  }
  T* object_ = nullptr;
};

template <class T, class... Args>
Ref<T> make_ref(Args&&... args) {
  return Ref<T>(new T(std::forward<Args>(args)...));
}

}  // namespace gyr
