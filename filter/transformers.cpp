#include "filter/transformers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "filter/getopt.hpp"
#include "filter/render_value.hpp"
#include "filter/wording.hpp"

namespace gyr::filter {

namespace {

using schema::ParamType;

bool is_buffer(ParamType type) { return type == ParamType::bytebuf; }

// ---- checks: what may go in, and what comes out ----

/// An error at input `i` of the call.
tl::unexpected<Error> wrong_input(const Operand& call, const Transformer& bound, size_t i,
                                  std::string_view wanted) {
  const Source& source = bound.inputs[i].source;
  return fail(Error{fmt::format("{} takes {}; {} is a {}", call.name, wanted, source.text(),
                                type_text(source.type(), source.is_list())),
                    call.operands[i].span.at});
}

Result<Outcome> check_text(const Operand& call, const Transformer& bound) {
  const Source& source = bound.inputs[0].source;
  if (!is_text(source.type())) return wrong_input(call, bound, 0, "a text");
  return Outcome{source.type(), source.is_list()};
}

Result<Outcome> check_text_or_buffer(const Operand& call, const Transformer& bound) {
  const Source& source = bound.inputs[0].source;
  if (!is_text(source.type()) && !is_buffer(source.type()))
    return wrong_input(call, bound, 0, "a text or a buffer");
  return Outcome{source.type(), source.is_list()};
}

Result<Outcome> check_len(const Operand& call, const Transformer& bound) {
  const Source& source = bound.inputs[0].source;
  if (!source.is_list() && !is_text(source.type()) && !is_buffer(source.type()))
    return wrong_input(call, bound, 0, "a list, a text or a buffer");
  return Outcome{ParamType::uint64, false};
}

Result<Outcome> check_join(const Operand& call, const Transformer& bound) {
  const Source &separator = bound.inputs[0].source, &list = bound.inputs[1].source;
  if (separator.is_list() || !is_text(separator.type()))
    return wrong_input(call, bound, 0, "a text as separator");
  if (!list.is_list()) return wrong_input(call, bound, 1, "a list behind the separator");
  return Outcome{};
}

Result<Outcome> check_concat(const Operand& call, const Transformer& bound) {
  for (size_t i = 0; i < bound.inputs.size(); ++i)
    if (bound.inputs[i].source.is_list()) return wrong_input(call, bound, i, "single values");
  return Outcome{};
}

Result<Outcome> check_getopt(const Operand& call, const Transformer& bound) {
  const Source &list = bound.inputs[0].source, &letters = bound.inputs[1].source;
  if (!list.is_list() || !is_text(list.type()))
    return wrong_input(call, bound, 0, "a list of texts first");
  if (letters.is_list() || !is_text(letters.type()))
    return wrong_input(call, bound, 1, "the option letters as a text");
  if (call.arg && call.arg->size() != 1)
    return fail(fmt::format("getopt(...)[c] takes one option letter, not {}", shown(*call.arg)));
  return Outcome{ParamType::charbuf, !call.arg};
}

// ---- what they do ----

bool extract_all(Transformer& self, const Moment& moment) {
  return std::ranges::all_of(self.inputs, [&](Input& input) { return input.extract(moment); });
}

/// Applies `append_one` to a text, or to each text of a list; it says whether there is a result.
template <class F>
bool each_text(Transformer& self, const Moment& moment, Extraction& out, F append_one) {
  Input& input = self.inputs[0];
  if (!input.extract(moment)) return false;
  if (!input.source.is_list()) return append_one(out.compose(), input.first().text);
  for (const Value& value : input.values()) {
    const size_t begin = out.buffer().size();
    if (!append_one(out.buffer(), value.text)) return false;
    out.add_composed(begin);
  }
  return true;
}

/// Changes the letters from `first` to `last` to the other case, which is one bit away.
bool append_in_case(Text& to, std::string_view text, char first, char last) {
  constexpr char case_bit = 0x20;
  char* const at = to.room(text.size());
  std::ranges::transform(text, at, [&](char c) {
    return c >= first && c <= last ? static_cast<char>(c ^ case_bit) : c;
  });
  to.added(text.size());
  return true;
}

bool to_lower(Transformer& self, const Moment& moment, Extraction& out) {
  return each_text(self, moment, out, [](Text& to, std::string_view text) {
    return append_in_case(to, text, 'A', 'Z');
  });
}

bool to_upper(Transformer& self, const Moment& moment, Extraction& out) {
  return each_text(self, moment, out, [](Text& to, std::string_view text) {
    return append_in_case(to, text, 'a', 'z');
  });
}

/// The value of a base64 digit, 64 if it is none.
unsigned base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<unsigned>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<unsigned>(c - 'a' + 26);
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0' + 52);
  return c == '+' ? 62 : c == '/' ? 63 : 64;
}

bool append_decoded(Text& to, std::string_view text) {
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  if (text.size() % 4 == 1) return false;  // six bits are no byte
  uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const unsigned value = base64_value(c);
    if (value == 64) return false;
    bits = bits << 6 | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    to.append(static_cast<char>(bits >> count));
  }
  return true;
}

bool decode_base64(Transformer& self, const Moment& moment, Extraction& out) {
  return each_text(self, moment, out, append_decoded);
}

bool base_name(Transformer& self, const Moment& moment, Extraction& out) {
  Input& input = self.inputs[0];
  if (!input.extract(moment)) return false;
  const auto last_part = [](std::string_view path) { return path.substr(path.rfind('/') + 1); };
  if (!input.source.is_list()) return out.set_text(last_part(input.first().text));
  for (const Value& value : input.values()) out.add({0, last_part(value.text)});
  return true;
}

bool length(Transformer& self, const Moment& moment, Extraction& out) {
  Input& input = self.inputs[0];
  if (!input.extract(moment)) return false;
  if (input.source.is_list()) return out.set_number(input.values().size());
  const std::string_view text = input.first().text;
  const bool ends_at_nul = !is_buffer(input.source.type());
  return out.set_number(ends_at_nul ? std::min(text.find('\0'), text.size()) : text.size());
}

/// A value inside a text that is put together: texts and buffers as they are, whatever the output.
void append_plain(Text& to, const Value& value, const Source& source) {
  static constexpr RenderOptions plain{};
  if (is_text(source.type()) || is_buffer(source.type()))
    to.append(value.text);
  else
    append_value(to, value, {source.type(), source.format()}, plain);
}

bool join(Transformer& self, const Moment& moment, Extraction& out) {
  if (!extract_all(self, moment)) return false;
  const Input &separator = self.inputs[0], &list = self.inputs[1];
  Text& text = out.compose();
  for (size_t i = 0; i < list.values().size(); ++i) {
    if (i != 0) text.append(separator.first().text);
    append_plain(text, list.values()[i], list.source);
  }
  return true;
}

bool concat(Transformer& self, const Moment& moment, Extraction& out) {
  if (!extract_all(self, moment)) return false;
  Text& text = out.compose();
  for (const Input& input : self.inputs) append_plain(text, input.first(), input.source);
  return true;
}

bool get_option(Transformer& self, const Moment& moment, Extraction& out) {
  if (!extract_all(self, moment)) return false;
  const auto words = self.inputs[0].values();
  const std::string_view letters = self.inputs[1].first().text;
  if (!self.text.empty()) {
    bool found = false;
    scan_options(words, letters, [&](const ScannedOption& option) {
      if (option.known && option.letter == self.text) found = out.set_text(option.text());
    });
    return found;
  }
  scan_options(words, letters, [&](const ScannedOption& option) {
    if (option.has_value) out.add({0, option.letter});
    out.add({0, option.text()});
  });
  return true;
}

constexpr TransformerRow rows[] = {
    {"tolower", "(TEXT)", "The text with the letters A to Z in lower case.", 1, 1, false,
     check_text, to_lower},
    {"toupper", "(TEXT)", "The text with the letters a to z in upper case.", 1, 1, false,
     check_text, to_upper},
    {"b64", "(TEXT)",
     "The text or buffer decoded from base64; missing when it is not valid. Up to two '=' at the "
     "end are passed over.",
     1, 1, false, check_text_or_buffer, decode_base64},
    {"basename", "(TEXT)",
     "What stands behind the last '/' of a path; all of it when there is none, nothing when the "
     "path ends with one.",
     1, 1, false, check_text, base_name},
    {"len", "(TEXT or LIST)",
     "The number of bytes of a text or buffer, or of the values of a list.", 1, 1, false, check_len,
     length},
    {"join", "(SEPARATOR, LIST)",
     "The values of the list as one text, with the separator between them.", 2, 2, false,
     check_join, join},
    {"concat", "(VALUE, VALUE, ...)", "The values as one text, one directly after the other.", 2,
     SIZE_MAX, false, check_concat, concat},
    {"getopt", "(LIST, LETTERS)",
     "Reads the list as the options of a program, as getopt(3) does; in LETTERS a ':' follows a "
     "letter that takes a value. The result is a list: letters, those with a value followed by it; "
     "'?' for an unknown letter, and an empty text in the place of both when the value is missing. "
     "With [c] behind it: the value that option c has at its last occurrence, c itself if it takes "
     "no value; missing when the option is not there.",
     2, 2, true, check_getopt, get_option},
};

}  // namespace

std::span<const TransformerRow> transformer_table() { return rows; }

const TransformerRow* find_transformer(std::string_view name) {
  const auto* const found = std::ranges::find(rows, name, &TransformerRow::name);
  return found != std::end(rows) ? found : nullptr;
}

bool give_constant(Transformer& self, const Moment&, Extraction& out) {
  return out.set_text(self.text);
}

bool give_list(Transformer& self, const Moment& moment, Extraction& out) {
  for (Input& input : self.inputs) {
    if (!input.extract(moment)) return false;
    if (is_text(input.source.type())) {
      out.add({0, input.first().text});
      continue;
    }
    const size_t begin = out.buffer().size();
    append_plain(out.buffer(), input.first(), input.source);
    out.add_composed(begin);
  }
  return true;
}

}  // namespace gyr::filter
