#include "filter/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/utf8.hpp"
#include "decoder/paths.hpp"
#include "filter/parser.hpp"
#include "filter/render_value.hpp"

namespace gyr::filter {

namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_argument_error(const Operand& operand) {
  const Field* field = find_field(operand.name);
  return field != nullptr && (field->flags & (arg_allowed | arg_required)) != 0 &&
         !operand.arg->starts_with('%');
}

/// The field that the start of the name is, the longest one. `length` gets the number of bytes
/// taken.
std::optional<Source> bind_start_of(const Operand& operand, size_t& length) {
  constexpr size_t longest = 64;  // no field and no argument of one goes beyond
  Operand shorter;
  shorter.span = operand.span;
  for (size_t n = std::min(operand.name.size(), longest); n != 0; --n) {
    shorter.name = operand.name.substr(0, n);
    if (!is_field_name(shorter.name)) continue;
    auto source = bind(shorter);
    if (!source) continue;
    length = n;
    return std::move(*source);
  }
  return std::nullopt;
}

/// Binds the field or transformer that `text` begins with, and says how much of it that is.
Result<Source> bind_prefix(std::string_view text, size_t& length) {
  auto operand = parse_operand_prefix(text, length);
  if (!operand) return fail(std::move(operand.error()));
  auto source = bind(*operand);
  if (source || operand->kind != Operand::Kind::field) return source;
  if (operand->arg && is_argument_error(*operand)) return source;
  if (auto shorter = bind_start_of(*operand, length)) return std::move(*shorter);
  return source;
}

/// Cuts what was appended behind `start` to at most `width` bytes.
void cut(Text& to, size_t start, size_t width, bool keep_characters) {
  size_t end = start + width;
  const std::string_view text = to.view();
  const auto continues = [&](size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
  };
  if (keep_characters && continues(end)) {
    constexpr size_t most_behind_first = 3;
    size_t first = end;
    while (first > start && end - first < most_behind_first && continues(first)) --first;
    if (utf8_length(text.substr(first)) > end - first) end = first;
  }
  to.truncate(end);
}

void fit(Text& to, size_t start, size_t width, const RenderOptions& options) {
  if (to.size() - start > width) cut(to, start, width, options.dialect == Dialect::today);
  while (to.size() - start < width) to.append(' ');
}

void append_field(Text& to, const FormatField& field, const RenderOptions& options) {
  const Source& source = field.source;
  const schema::ParamType own = field.extraction.type();
  const ValueKind kind{own != schema::ParamType::none ? own : source.print_type(), source.format()};
  if (source.is_list())
    append_list(to, field.extraction.values(), kind, options);
  else
    append_value(to, field.extraction.first(), kind, options);
}

/// Takes the format apart.
class FormatParser {
 public:
  FormatParser(std::string_view text, size_t at) : text_(text), at_(at) {}

  /// Text up to the next '%', or the end.
  std::string_view literal() {
    const size_t end = std::min(text_.find('%', at_), text_.size());
    const std::string_view taken = text_.substr(at_, end - at_);
    at_ = end;
    return taken;
  }
  bool at_end() const { return at_ == text_.size(); }
  /// Takes a field with its '%'.
  Result<void> field(FormatField& to);

 private:
  Result<size_t> width();
  Result<void> check_shown(const FormatField& field) const;

  std::string_view text_;
  size_t at_;
};

Result<size_t> FormatParser::width() {
  const size_t begin = at_;
  while (!at_end() && is_digit(text_[at_])) ++at_;
  if (begin == at_) return 0;
  size_t number = 0;
  const auto parsed = std::from_chars(text_.data() + begin, text_.data() + at_, number);
  if (parsed.ec != std::errc() || number > max_width)
    return fail(Error{fmt::format("a width is at most {}", max_width), begin});
  return number;
}

Result<void> FormatParser::check_shown(const FormatField& field) const {
  if ((field.source.flags() & filter_only) == 0) return {};
  return fail(
      Error{fmt::format("{} is for filters only, it has no value to print", field.name), at_});
}

Result<void> FormatParser::field(FormatField& to) {
  const size_t percent = at_++;
  auto width_of_field = width();
  if (!width_of_field) return fail(std::move(width_of_field.error()));
  to.width = *width_of_field;
  if (at_end())
    return fail(Error{
        at_ == percent + 1 ? "a field must follow '%'" : "a field must follow the width", at_});
  if (text_[at_] == '%' && at_ == percent + 1)
    return fail(Error{"a field must follow '%'; there is no way to print a '%'", at_});
  size_t length = 0;
  auto source = bind_prefix(text_.substr(at_), length);
  if (!source) {
    Error error = std::move(source.error());
    error.offset = at_ + error.offset.value_or(0);
    return fail(std::move(error));
  }
  to.source = std::move(*source);
  to.name = text_.substr(at_, length);
  if (auto shown = check_shown(to); !shown) return shown;
  at_ += length;
  return {};
}

}  // namespace

Result<OutputFormat> OutputFormat::parse(std::string_view text) {
  if (text.empty()) return fail("the format is empty");
  OutputFormat format;
  format.always_ = text.starts_with('*');
  FormatParser parser(text, format.always_ ? 1 : 0);
  for (;;) {
    const std::string_view literal = parser.literal();
    if (parser.at_end()) {
      format.after_ = literal;
      return format;
    }
    FormatField& field = format.fields_.emplace_back();
    field.before = literal;
    if (auto done = parser.field(field); !done) return fail(std::move(done.error()));
  }
}

bool OutputFormat::needs_enter() const {
  return std::any_of(fields_.begin(), fields_.end(),
                     [](const FormatField& field) { return field.source.needs_enter(); });
}

bool OutputFormat::append(Text& to, const Moment& moment) {
  const size_t begin = to.size();
  const RenderOptions& options = moment.settings.render;
  RenderOptions unmasked = options;
  unmasked.safe_for_terminal = false;
  for (FormatField& field : fields_) {
    to.append(field.before);
    const size_t start = to.size();
    if (field.source.extract_for_print(moment, field.extraction)) {
      append_field(to, field, field.source.is_masked() ? unmasked : options);
    } else if (always_) {
      to.append(not_available);
    } else {
      to.truncate(begin);
      return false;
    }
    if (field.width != 0) fit(to, start, field.width, options);
  }
  to.append(after_);
  return true;
}

std::string unescape_format(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    const char next = text[at] == '\\' && at + 1 < text.size() ? text[at + 1] : '\0';
    const size_t known = std::string_view("nte\\").find(next);
    if (next == '\0' || known == std::string_view::npos) {
      out += text[at];
      continue;
    }
    out += "\n\t\033\\"[known];
    ++at;
  }
  return out;
}

}  // namespace gyr::filter
