#include "cli/list_fields.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <csignal>

#include "cli/output/writer.hpp"
#include "cli/run.hpp"
#include "filter/json.hpp"
#include "filter/parser.hpp"

namespace gyr {

namespace {

using namespace filter;

constexpr size_t doc_column = 30;

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }
bool is_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  });
  return text;
}

// ---- choosing ----

/// The first place of `word` in `text` from `from` on.
size_t find(std::string_view text, std::string_view word, size_t from = 0) {
  if (from > text.size()) return std::string_view::npos;
  const auto* const found = std::search(text.begin() + from, text.end(), word.begin(), word.end(),
                                        [](char a, char b) { return lower(a) == lower(b); });
  return found == text.end() ? std::string_view::npos : static_cast<size_t>(found - text.begin());
}

/// Whether `word` stands in `text` for itself, or in the plural.
bool has_word(std::string_view text, std::string_view word) {
  for (size_t at = find(text, word); at != std::string_view::npos; at = find(text, word, at + 1)) {
    if (at != 0 && is_letter(text[at - 1])) continue;
    std::string_view behind = text.substr(at + word.size());
    if (behind.starts_with('s')) behind.remove_prefix(1);
    if (behind.empty() || !is_letter(behind.front())) return true;
  }
  return false;
}

bool matches(const Field& field, const std::vector<std::string>& words) {
  if ((field.flags & hidden) != 0) return false;
  return std::ranges::all_of(words, [&](const std::string& word) {
    return !word.empty() &&
           (find(field.name, word) != std::string_view::npos || has_word(field.doc, word));
  });
}

/// The field that a name means, whatever argument stands with it; nullptr: none.
const Field* field_of(std::string_view name) {
  size_t length = 0;
  const auto operand = parse_operand_prefix(name, length);
  if (!operand || length != name.size() || operand->kind != Operand::Kind::field) return nullptr;
  if (const Field* field = find_field(operand->name)) return field;
  const auto bound = resolve(operand->name, operand->arg);
  return bound ? bound->field : nullptr;
}

ChosenFields only(const Field* field) {
  for (const FieldClass& group : field_classes()) {
    if (!group.fields.empty() && field >= group.fields.data() &&
        field < group.fields.data() + group.fields.size())
      return {{{&group, {field}}}, {}, true};
  }
  return {};
}

std::string nothing_found(const std::vector<std::string>& words) {
  return fmt::format("no field has {} in its name or description; gyr -l lists all",
                     fmt::join(words, " and "));
}

// ---- showing ----

std::string marks(const Field& field) {
  std::string text;
  if ((field.flags & filter_only) != 0) text += "(FILTER ONLY) ";
  if ((field.flags & print_only) != 0) text += "(OUTPUT ONLY) ";
  if ((field.flags & deprecated) != 0) text += "(DEPRECATED) ";
  return text;
}

void append_row(std::string& to, std::string_view title, const std::string& text, size_t width) {
  to += title;
  if (title.size() < doc_column)
    to += std::string(doc_column - title.size(), ' ');
  else
    to += '\n' + std::string(doc_column, ' ');
  to += wrap(text, doc_column, width) + '\n';
}

void append_class(std::string& to, const ChosenClass& chosen, const ListLayout& layout) {
  const FieldClass& group = *chosen.group;
  to += std::string(31, '-') + '\n';
  const std::string summary =
      group.summary.empty() ? std::string() : fmt::format(" ({})", group.summary);
  append_row(to, "Field Class:", fmt::format("{}{}", group.name, summary), layout.width);
  append_row(to, "Description:", std::string(group.description), layout.width);
  to += '\n';
  for (const Field* field : chosen.fields) {
    const std::string type =
        layout.types ? fmt::format("(Type: {}) ",
                                   upper(type_text(field->type, (field->flags & is_list) != 0)))
                     : "";
    append_row(to, field->name, fmt::format("{}{}{}", type, marks(*field), field->doc),
               layout.width);
  }
  to += '\n';
}

std::string use_of(const Field& field) {
  if ((field.flags & filter_only) != 0) return "filters only";
  if ((field.flags & print_only) != 0) return "output only";
  return "filters and output";
}

/// All about one field.
std::string whole_field(const FieldClass& group, const Field& field, const ListLayout& layout) {
  const bool list = (field.flags & is_list) != 0;
  const std::string argument = argument_text(field);
  std::string text = fmt::format("{}\n", field.name);
  const auto row = [&](std::string_view title, const std::string& value) {
    constexpr size_t column = 14;
    text += fmt::format("  {:<{}}{}\n", title, column - 2, wrap(value, column, layout.width));
  };
  row("does", std::string(field.doc));
  row("type", type_text(field.type, list));
  row("in JSON", list ? fmt::format("array of {}", json_type_name(json_type(field)))
                      : std::string(json_type_name(json_type(field))));
  row("argument", argument.empty() ? "none" : argument);
  row("for", use_of(field));
  if ((field.flags & deprecated) != 0) row("state", "deprecated");
  if ((field.flags & only_0_29) != 0)
    row("known to", "sysdig 0.29; today's libraries do not have it");
  row("class", fmt::format("{}{}", group.name,
                           group.summary.empty() ? "" : fmt::format(" ({})", group.summary)));
  return text;
}

/// As wide as the terminal, or as sysdig where there is none.
size_t output_width() {
  constexpr size_t narrowest = 60;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return ListLayout().width;
  return std::max<size_t>(narrowest, size.ws_col);
}

std::string markdown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '<' || c == '*' || c == '_') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

Result<ChosenFields> choose_fields(const std::vector<std::string>& words) {
  if (words.size() == 1) {
    if (const Field* field = field_of(words[0])) return only(field);
    if (const TransformerRow* row = find_transformer(words[0]))
      return ChosenFields{{}, {row}, true};
  }
  ChosenFields chosen;
  for (const FieldClass& group : field_classes()) {
    ChosenClass part{&group, {}};
    for (const Field& field : group.fields)
      if (matches(field, words)) part.fields.push_back(&field);
    if (!part.fields.empty()) chosen.classes.push_back(std::move(part));
  }
  if (words.empty())
    for (const TransformerRow& row : transformer_table()) chosen.transformers.push_back(&row);
  if (chosen.classes.empty() && !words.empty()) return fail(nothing_found(words));
  return chosen;
}

std::string fields_text(const ChosenFields& chosen, const ListLayout& layout) {
  std::string text;
  if (chosen.one) {
    for (const ChosenClass& part : chosen.classes)
      text += whole_field(*part.group, *part.fields.front(), layout);
    for (const TransformerRow* row : chosen.transformers)
      text +=
          fmt::format("{}{}\n  {}\n", row->name, row->arguments, wrap(row->doc, 2, layout.width));
    return text;
  }
  for (const ChosenClass& part : chosen.classes) append_class(text, part, layout);
  return text;
}

std::string fields_markdown(const ChosenFields& chosen) {
  std::string text;
  for (const ChosenClass& part : chosen.classes) {
    text += fmt::format("\n## Field Class: {}\n\n{}\n\n", part.group->name,
                        markdown(part.group->description));
    text += "Name | Type | Description\n:----|:-----|:-----------\n";
    for (const Field* field : part.fields)
      text += fmt::format("`{}` | {} | {}{}\n", field->name,
                          upper(type_text(field->type, (field->flags & is_list) != 0)),
                          marks(*field), markdown(field->doc));
  }
  return text;
}

std::string argument_text(const Field& field) {
  if ((field.flags & (arg_allowed | arg_required)) == 0) return {};
  return fmt::format("{}{}{}", (field.flags & arg_required) != 0 ? "required" : "optional",
                     (field.flags & arg_is_index) != 0 ? ", a number" : "",
                     (field.flags & arg_dotted) != 0
                         ? fmt::format(", as {0}.ARG or {0}[ARG]", field.name)
                         : fmt::format(", as {}[ARG]", field.name));
}

int run_list_fields(const Options& options) {
  auto chosen = choose_fields(options.filter_words);
  if (!chosen) {
    report(chosen.error().message);
    return exit_user_error;
  }
  std::signal(SIGPIPE, SIG_IGN);
  Writer out(STDOUT_FILENO, false);
  switch (options.listing) {
    case Listing::text:
      out.line().append(fields_text(*chosen, {output_width(), options.verbose}));
      break;
    case Listing::markdown:
      out.line().append(fields_markdown(*chosen));
      break;
    case Listing::json:
      out.line().append(fields_json(*chosen));
      break;
  }
  out.flush();
  if (out.failure().empty()) return exit_done;
  report("cannot write: " + out.failure());
  return exit_user_error;
}

}  // namespace gyr
