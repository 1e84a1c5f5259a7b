#include "cli/scan/config/keys.hpp"

namespace gyr {

namespace {

template <auto First, auto... Rest, class Object>
auto& member(Object& object) {
  if constexpr (sizeof...(Rest) == 0)
    return object.*First;
  else
    return member<Rest...>(object.*First);
}

/// What people call the type that a path of members leads to.
constexpr std::string_view name_of(const bool*) { return "true or false"; }
constexpr std::string_view name_of(const uint64_t*) { return "a number"; }
constexpr std::string_view name_of(const std::string*) { return "a text"; }
constexpr std::string_view name_of(const Texts*) { return "a list of texts"; }
constexpr std::string_view name_of(const TextMap*) { return "a mapping of texts"; }
constexpr std::string_view name_of(const LineFormat*) { return "text, json or auto"; }
constexpr std::string_view name_of(const rules::Priority*) { return "a priority"; }
constexpr std::string_view name_of(const std::vector<RuleSelection>*) { return "a list"; }
constexpr std::string_view name_of(const std::vector<rules::OutputAddition>*) { return "a list"; }
constexpr std::string_view name_of(const std::vector<IncludedConfig>*) { return "a list"; }

template <auto... Path>
void set_member(ScanConfig& config, const YamlNode& node, std::string_view key,
                ConfigProblems& problems) {
  read_value(node, key, member<Path...>(config), problems);
}

template <auto... Path>
constexpr ConfigKey row(std::string_view name, std::string_view preset, std::string_view doc) {
  using Type = std::remove_reference_t<decltype(member<Path...>(std::declval<ScanConfig&>()))>;
  return {name, name_of(static_cast<const Type*>(nullptr)), preset, doc, set_member<Path...>};
}

void set_matching(ScanConfig& config, const YamlNode& node, std::string_view key,
                  ConfigProblems& problems) {
  read_matching(node, key, config.first, problems);
}

void set_static_fields(ScanConfig& config, const YamlNode& node, std::string_view key,
                       ConfigProblems& problems) {
  read_static_fields(node, key, config.static_fields, problems);
}

using C = ScanConfig;
using Style = rules::AlertStyle;
using File = FileChannelConfig;
using Program = ProgramChannelConfig;
using Http = HttpChannelConfig;

constexpr std::string_view format_doc =
    "Lines as Falco's text or JSON; auto: JSON if json_output says so.";

const ConfigKey keys[] = {
    row<&C::config_files>(
        "config_files", "[]",
        "Files, and directories of them, that are part of the configuration, in order: each a "
        "path, or {path: PATH, strategy: WORD} for what becomes of a key that stands before them "
        "too. append (the default) puts lists behind that of the key and replaces every other "
        "value, override replaces all, add-only leaves it as it is. Those that do not exist are "
        "left out with a warning, and they cannot name others."),
    row<&C::rules_files>("rules_files", "[]",
                         "Rule files and directories of them, in order, when -r is not given. "
                         "Those that do not exist are left out with a warning."),
    row<&C::priority>("priority", "debug",
                      "Only rules that are at least so severe; --min-priority goes before it."),
    {"rule_matching", "first or all", "all",
     "Whether an event gives an alert for the first rule that it matches only, or for all. Falco's "
     "default is first; so is --first.",
     set_matching},
    row<&C::rules>("rules", "[]",
                   "Which rules are run, in order: {enable: {rule: NAME}}, {disable: {tag: TAG}}; "
                   "in a name, * stands for anything. -D, -E, -t and -T come after it."),
    row<&C::json>("json_output", "false",
                  "Alerts as JSON, in all channels and, unless --format is given, in the output of "
                  "gyr scan itself."),
    row<&C::style, &Style::output>("json_include_output_property", "true",
                                   "JSON: the member \"output\", which is the whole text."),
    row<&C::style, &Style::message>("json_include_message_property", "false",
                                    "JSON: the member \"message\", the text without time and "
                                    "priority."),
    row<&C::style, &Style::tags>("json_include_tags_property", "true",
                                 "JSON: the member \"tags\"."),
    row<&C::style, &Style::output_fields>("json_include_output_fields_property", "true",
                                          "JSON: the member \"output_fields\"."),
    row<&C::style, &Style::iso_time>("time_format_iso_8601", "false",
                                     "Times in texts with their date, in UTC."),
    row<&C::append_output>(
        "append_output", "[{suggested_output: true}]",
        "What is added to alerts. Each entry has match (source, tags of which all must be there, "
        "rule: the rules it is for), extra_output (a format that follows the rule's own), "
        "extra_fields (names of fields, or NAME: FORMAT; JSON only), and suggested_output (what "
        "container and pod it was)."),
    {"static_fields", "a mapping of texts", "{}",
     "Texts by their names, for conditions and outputs: static.NAME. Where append_output has "
     "suggested_output, outputs say them too.",
     set_static_fields},
    row<&C::standard_output>("stdout_output.enabled", "true",
                             "The output of gyr scan itself, which --format and --output also "
                             "turn on."),
    row<&C::queue, &QueueConfig::capacity>(
        "outputs_queue.capacity", "4096",
        "Alerts that wait for the channels at most; 0: without bound. When it is full, a trace is "
        "scanned no further until there is room; live, alerts are dropped, and counted."),
    row<&C::queue, &QueueConfig::grace>("outputs_queue.grace", "5000",
                                        "At the end, milliseconds that a channel may go without an "
                                        "alert arriving; after an interrupt, milliseconds in all."),
    row<&C::file, &File::enabled>("file_output.enabled", "false", "Append alerts to a file."),
    row<&C::file, &File::filename>("file_output.filename", "''", "Which file."),
    row<&C::file, &File::keep_alive>("file_output.keep_alive", "false",
                                     "Keep it open; otherwise it is opened for each alert."),
    row<&C::file, &File::format>("file_output.format", "auto", format_doc),
    row<&C::syslog, &SyslogChannelConfig::enabled>(
        "syslog_output.enabled", "false",
        "Send alerts to the syslog, with facility user and the priority of the rule."),
    row<&C::syslog, &SyslogChannelConfig::socket>("syslog_output.socket", "/dev/log",
                                                  "The socket that it listens at."),
    row<&C::syslog, &SyslogChannelConfig::format>("syslog_output.format", "auto", format_doc),
    row<&C::program, &Program::enabled>("program_output.enabled", "false",
                                        "Write alerts to a program's standard input."),
    row<&C::program, &Program::program>("program_output.program", "''",
                                        "A command for /bin/sh -c."),
    row<&C::program, &Program::keep_alive>("program_output.keep_alive", "false",
                                           "Run it once for all alerts, and not for each."),
    row<&C::program, &Program::format>("program_output.format", "auto", format_doc),
    row<&C::http, &Http::enabled>("http_output.enabled", "false",
                                  "POST each alert to an address over HTTP or HTTPS."),
    row<&C::http, &Http::url>("http_output.url", "''", "The address."),
    row<&C::http, &Http::format>("http_output.format", "auto", format_doc),
    row<&C::http, &Http::user_agent>("http_output.user_agent", "''",
                                     "What it is told who asks; empty: gyr/VERSION."),
    row<&C::http, &Http::headers>("http_output.headers", "{}",
                                  "Headers by their names, besides Content-Type, which is "
                                  "application/json or text/plain unless it is given here."),
    row<&C::http, &Http::connect_timeout>("http_output.connect_timeout", "3000",
                                          "Milliseconds for a connection."),
    row<&C::http, &Http::timeout>("http_output.timeout", "10000",
                                  "Milliseconds for a whole request."),
    row<&C::http, &Http::max_retries>("http_output.max_retries", "5",
                                      "How often an alert is sent again after a connection that "
                                      "failed, or a status of 429 or from 500 on."),
    row<&C::http, &Http::max_consecutive_timeouts>("http_output.max_consecutive_timeouts", "5",
                                                   "How often it is sent again after a timeout."),
    row<&C::http, &Http::retry_wait>("http_output.retry_wait", "250",
                                     "Milliseconds before an alert is sent again; each time twice "
                                     "as long, unless the server names a time (Retry-After)."),
    row<&C::http, &Http::keep_alive>("http_output.keep_alive", "false",
                                     "TCP keep-alive on its connection."),
    row<&C::http, &Http::echo>("http_output.echo", "false",
                               "Write what the server answers to standard output."),
    row<&C::http, &Http::insecure>("http_output.insecure", "false",
                                   "Do not check the server's certificate."),
    row<&C::http, &Http::ca_cert>("http_output.ca_cert", "''",
                                  "A file with the certificate that the server's is signed by."),
    row<&C::http, &Http::ca_bundle>("http_output.ca_bundle", "''",
                                    "A file with several; ca_cert goes before it."),
    row<&C::http, &Http::ca_path>("http_output.ca_path", "''",
                                  "A directory of certificates, as OpenSSL has them."),
    row<&C::http, &Http::mtls>("http_output.mtls", "false",
                               "Show the server a certificate of one's own."),
    row<&C::http, &Http::client_cert>("http_output.client_cert", "''", "The file it is in."),
    row<&C::http, &Http::client_key>("http_output.client_key", "''", "The file of its key."),
};

constexpr std::string_view foreign[] = {
    "base_syscalls",
    "buffer_format_base64",
    "buffered_outputs",
    "capture",
    "engine",
    "falco_libs",
    "grpc",
    "grpc_output",
    "http_output.compress_uploads",
    "libs_logger",
    "load_plugins",
    "log_level",
    "log_stderr",
    "log_syslog",
    "metrics",
    "output_timeout",
    "outputs_queue.recovery",
    "plugins",
    "plugins_hostinfo",
    "syscall_event_drops",
    "syscall_event_timeouts",
    "watch_config_files",
    "webserver",
};

}  // namespace

std::span<const ConfigKey> config_keys() { return keys; }

std::span<const std::string_view> foreign_keys() { return foreign; }

}  // namespace gyr
