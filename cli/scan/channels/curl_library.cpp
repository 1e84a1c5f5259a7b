#include "cli/scan/channels/curl_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <string>
#include <type_traits>

namespace gyr {

namespace {

constexpr const char* file_name = "libcurl.so.4";

Result<CurlLibrary> load() {
  void* library = ::dlopen(file_name, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return fail(fmt::format("cannot load {}: {}", file_name, ::dlerror()));
  std::string missing;
  const auto find = [&](auto& function, const char* name) {
    function =
        reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(library, name));
    if (function == nullptr) missing = name;
  };
  CurlLibrary curl{};
#define GYR_FIND(name) find(curl.name, "curl_" #name)
  GYR_FIND(global_init);
  GYR_FIND(easy_init);
  GYR_FIND(easy_cleanup);
  GYR_FIND(easy_setopt);
  GYR_FIND(easy_getinfo);
  GYR_FIND(easy_strerror);
  GYR_FIND(multi_init);
  GYR_FIND(multi_cleanup);
  GYR_FIND(multi_add_handle);
  GYR_FIND(multi_remove_handle);
  GYR_FIND(multi_perform);
  GYR_FIND(multi_poll);
  GYR_FIND(multi_info_read);
  GYR_FIND(slist_append);
  GYR_FIND(slist_free_all);
#undef GYR_FIND
  if (!missing.empty()) return fail(fmt::format("{} has no {}", file_name, missing));
  curl.global_init(CURL_GLOBAL_DEFAULT);
  return curl;
}

}  // namespace

Result<const CurlLibrary*> curl_library() {
  static const Result<CurlLibrary> library = load();
  if (!library) return fail(library.error());
  return &*library;
}

}  // namespace gyr
