// libcurl, loaded when it is first asked for.
//
// Purpose: it brings some thirty libraries along, which every start of gyr would pay for (half of
// its time), and only http_output needs it.
//
// Contract: the functions of libcurl without `curl_` in front, as its headers declare them. Loaded
// once, never unloaded; the error says what the loader says.
//
// Example:
//   auto curl = curl_library();
//   if (!curl) return fail(std::move(curl.error()));
//   CURL* easy = (*curl)->easy_init();
#pragma once

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "base/result.hpp"

namespace gyr {

struct CurlLibrary {
  decltype(&curl_global_init) global_init;
  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_cleanup) easy_cleanup;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_multi_init) multi_init;
  decltype(&curl_multi_cleanup) multi_cleanup;
  decltype(&curl_multi_add_handle) multi_add_handle;
  decltype(&curl_multi_remove_handle) multi_remove_handle;
  decltype(&curl_multi_perform) multi_perform;
  decltype(&curl_multi_poll) multi_poll;
  decltype(&curl_multi_info_read) multi_info_read;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;
};

Result<const CurlLibrary*> curl_library();

}  // namespace gyr
