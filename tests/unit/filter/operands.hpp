// Sources and formats over one event of a world, for the tests of this folder.
//
// Example:
//   Bench bench;
//   CHECK(bench.text(R"(tolower("ABC"))") == "abc");
#pragma once

#include <string>

#include "filter/json.hpp"
#include "filter/parser.hpp"
#include "filter/render_value.hpp"
#include "tests/support/world.hpp"

namespace gyr::test {

inline std::vector<ThreadRecord> one_shell() {
  ThreadRecord shell;
  shell.tid = shell.pid = 7;
  shell.ptid = 1;
  shell.comm = "sh";
  shell.exe = "/bin/sh";
  shell.cwd = "/root";
  return {shell};
}

/// The error's message, "@" and its offset.
inline std::string error_text(const Error& error) {
  return error.message + (error.offset ? " @" + std::to_string(*error.offset) : std::string());
}

class Bench {
 public:
  Bench() { world.by(7).event(schema::type::getuid_exit, {u32(0)}); }

  filter::Moment moment() const { return {*world.last(), world.state, settings, stream}; }

  /// What an operand gives, as output shows it; "NULL"; or why it cannot be bound.
  std::string text(std::string_view operand) {
    auto source = bound(operand);
    if (!source) return error_text(source.error());
    filter::Extraction out;
    if (!source->extract(moment(), out)) return "NULL";
    Text to;
    const filter::ValueKind kind{source->type(), source->format()};
    if (source->is_list())
      filter::append_list(to, out.values(), kind, settings.render);
    else
      filter::append_value(to, out.first(), kind, settings.render);
    return std::string(to.view());
  }

  Result<filter::Source> bound(std::string_view operand) {
    size_t length = 0;
    auto parsed = filter::parse_operand_prefix(operand, length);
    if (!parsed) return fail(std::move(parsed.error()));
    REQUIRE(length == operand.size());
    return filter::bind(*parsed);
  }

  /// The line of a format, "(dropped)", or what is wrong with it.
  std::string line(std::string_view format) {
    auto parsed = filter::OutputFormat::parse(format);
    if (!parsed) return error_text(parsed.error());
    Text to;
    to.append("before ");
    const bool shown = parsed->append(to, moment());
    return checked(to, shown);
  }

  std::string json(std::string_view format) {
    auto parsed = filter::OutputFormat::parse(format);
    if (!parsed) return error_text(parsed.error());
    filter::JsonFormat json_format(std::move(*parsed));
    Text to;
    to.append("before ");
    const bool shown = json_format.append(to, moment());
    return checked(to, shown);
  }

  World world{one_shell()};
  filter::Settings settings;
  filter::Stream stream;

 private:
  /// What was appended; that which was there before is not touched.
  static std::string checked(const Text& to, bool shown) {
    REQUIRE(to.view().starts_with("before "));
    const std::string added(to.view().substr(7));
    if (!shown) REQUIRE(added.empty());
    return shown ? added : "(dropped)";
  }
};

}  // namespace gyr::test
