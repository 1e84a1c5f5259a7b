// http_output: a POST for each alert, with libcurl.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "cli/scan/channels/channel.hpp"
#include "cli/scan/channels/curl_library.hpp"
#include "cli/version.hpp"

namespace gyr {

namespace {

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Multi = std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)>;
using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

/// How one try went.
struct Attempt {
  std::string error;  // empty: delivered
  bool timed_out = false;
  bool may_pass = false;  // trying again can help
  uint64_t wait = 0;      // ms that the server asks for
};

size_t pass_over(char*, size_t size, size_t count, void*) { return size * count; }

class HttpChannel : public Channel {
 public:
  HttpChannel(const HttpChannelConfig& config, bool json, const CurlLibrary& curl)
      : Channel("http_output", is_json(config.format, json)), config_(config), curl_(curl) {}

  Result<void> set_up();
  Result<void> deliver(const ChannelAlert& alert, const Stop& stop) override;

 private:
  template <class T>
  void set(CURLoption option, T value) {
    const CURLcode code = curl_.easy_setopt(easy_.get(), option, value);
    if (code != CURLE_OK && error_.empty()) error_ = curl_.easy_strerror(code);
  }
  void set_path(CURLoption option, const std::string& path) {
    if (!path.empty()) set(option, path.c_str());
  }
  Result<void> set_headers();
  void set_tls();
  Attempt post(const ChannelAlert& alert, const Stop& stop);
  CURLcode perform(const Stop& stop);
  Attempt judge(CURLcode code) const;

  HttpChannelConfig config_;
  const CurlLibrary& curl_;
  HeaderList headers_{nullptr, curl_.slist_free_all};
  Multi multi_{curl_.multi_init(), curl_.multi_cleanup};  // its connections
  Easy easy_{curl_.easy_init(), curl_.easy_cleanup};
  std::string error_;     // of an option
  bool failing_ = false;  // the last alert was given up
};

Result<void> HttpChannel::set_up() {
  if (easy_ == nullptr || multi_ == nullptr) return fail("libcurl does not start");
  set(CURLOPT_URL, config_.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_POST, 1L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // a name that is still looked up holds nobody up
  set(CURLOPT_WRITEFUNCTION, pass_over);
  const std::string agent =
      config_.user_agent.empty() ? fmt::format("gyr/{}", version) : config_.user_agent;
  set(CURLOPT_USERAGENT, agent.c_str());
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(config_.timeout));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(config_.connect_timeout));
  set(CURLOPT_TCP_KEEPALIVE, config_.keep_alive ? 1L : 0L);
  set_tls();
  if (auto done = set_headers(); !done) return done;
  if (!error_.empty()) return fail("http_output: " + error_);
  return {};
}

void HttpChannel::set_tls() {
  if (config_.insecure) {
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
  }
  set_path(CURLOPT_CAINFO, config_.ca_cert.empty() ? config_.ca_bundle : config_.ca_cert);
  set_path(CURLOPT_CAPATH, config_.ca_path);
  if (!config_.mtls) return;
  set_path(CURLOPT_SSLCERT, config_.client_cert);
  set_path(CURLOPT_SSLKEY, config_.client_key);
}

Result<void> HttpChannel::set_headers() {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' '; };
  const auto is_type = [](const auto& header) {
    return ::strcasecmp(header.first.c_str(), "Content-Type") == 0;
  };
  std::vector<std::string> lines;
  for (const auto& [name, value] : config_.headers) {
    if (name.empty() || std::ranges::any_of(name + value, is_control))
      return fail(fmt::format("http_output.headers: '{}' is no header of one line", name));
    lines.push_back(value.empty() ? name + ';' : fmt::format("{}: {}", name, value));
  }
  if (std::ranges::none_of(config_.headers, is_type))
    lines.emplace_back(json() ? "Content-Type: application/json" : "Content-Type: text/plain");
  lines.emplace_back("Expect:");  // the alert at once, without asking first
  for (const std::string& line : lines)
    headers_.reset(curl_.slist_append(headers_.release(), line.c_str()));
  set(CURLOPT_HTTPHEADER, headers_.get());
  return {};
}

/// While the server is gone, alerts are tried once each: the first one has waited for all.
Result<void> HttpChannel::deliver(const ChannelAlert& alert, const Stop& stop) {
  constexpr uint64_t longest_wait = 60'000;
  uint64_t wait = config_.retry_wait;
  uint64_t retries = 0, timeouts = 0;
  for (;;) {
    const Attempt attempt = post(alert, stop);
    if (attempt.error.empty()) {
      failing_ = false;
      return {};
    }
    const bool again = attempt.timed_out ? timeouts++ < config_.max_consecutive_timeouts
                                         : retries++ < config_.max_retries;
    if (!attempt.may_pass || failing_ || !again) {
      failing_ = attempt.may_pass;
      return fail(attempt.error);
    }
    if (!stop.wait(std::min(attempt.wait != 0 ? attempt.wait : wait, longest_wait)))
      return fail(attempt.error);
    wait = std::min(2 * wait, longest_wait);
  }
}

Attempt HttpChannel::post(const ChannelAlert& alert, const Stop& stop) {
  set(CURLOPT_POSTFIELDS, alert.line.c_str());
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(alert.line.size()));
  return judge(perform(stop));
}

/// As curl_easy_perform, but for the stop.
CURLcode HttpChannel::perform(const Stop& stop) {
  constexpr int longest_poll = 1000;  // ms
  curl_.multi_add_handle(multi_.get(), easy_.get());
  CURLcode code = CURLE_ABORTED_BY_CALLBACK;
  int running = 1;
  while (running != 0 && !stop.pulled()) {
    if (curl_.multi_perform(multi_.get(), &running) != CURLM_OK) break;
    curl_waitfd stopped{stop.fd(), CURL_WAIT_POLLIN, 0};
    if (running != 0) curl_.multi_poll(multi_.get(), &stopped, 1, longest_poll, nullptr);
  }
  int left = 0;
  while (const CURLMsg* message = curl_.multi_info_read(multi_.get(), &left))
    if (message->msg == CURLMSG_DONE) code = message->data.result;
  curl_.multi_remove_handle(multi_.get(), easy_.get());
  return code;
}

Attempt HttpChannel::judge(CURLcode code) const {
  Attempt attempt;
  if (code != CURLE_OK) {
    long system_error = 0;
    curl_.easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &system_error);
    const bool is_system = code == CURLE_COULDNT_CONNECT && system_error != 0;
    attempt.error =
        is_system ? std::strerror(static_cast<int>(system_error)) : curl_.easy_strerror(code);
    if (code == CURLE_ABORTED_BY_CALLBACK) attempt.error = out_of_time;
    attempt.timed_out = code == CURLE_OPERATION_TIMEDOUT;
    attempt.may_pass = attempt.timed_out || code == CURLE_COULDNT_CONNECT ||
                       code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_GOT_NOTHING ||
                       code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR;
    return attempt;
  }
  constexpr long too_many_requests = 429, server_errors = 500;
  long status = 0;
  curl_.easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 200 && status < 300) return attempt;
  attempt.error = fmt::format("the server answers with status {}", status);
  attempt.may_pass = status == too_many_requests || status >= server_errors;
  curl_off_t seconds = 0;
  curl_.easy_getinfo(easy_.get(), CURLINFO_RETRY_AFTER, &seconds);
  attempt.wait = static_cast<uint64_t>(std::clamp<curl_off_t>(seconds, 0, 3600)) * 1000;
  return attempt;
}

}  // namespace

Result<ChannelPtr> make_http_channel(const HttpChannelConfig& config, bool json) {
  if (config.url.empty()) return fail("http_output.url is empty");
  auto curl = curl_library();
  if (!curl) return fail("http_output: " + curl.error().message);
  auto channel = std::make_unique<HttpChannel>(config, json, **curl);
  if (auto done = channel->set_up(); !done) return fail(std::move(done.error()));
  return channel;
}

}  // namespace gyr
