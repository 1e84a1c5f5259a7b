#include "rules/exceptions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "filter/condition_parser.hpp"
#include "filter/lexer.hpp"
#include "filter/parser.hpp"
#include "filter/source.hpp"
#include "filter/wording.hpp"

namespace gyr::rules {

namespace {

using Kind = YamlNode::Kind;

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

std::string_view without_blanks(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

/// "startswith oneof".
bool has_modifier(std::string_view comp) {
  const size_t blank = comp.rfind(' ');
  return blank != std::string_view::npos &&
         is_one_of(comp.substr(blank + 1), {"oneof", "anyof", "allof"});
}

bool takes_list(std::string_view comp) {
  return is_one_of(comp, {"in", "intersects", "pmatch"}) || has_modifier(comp);
}

bool is_operator(std::string_view comp) {
  if (has_modifier(comp)) comp = without_blanks(comp.substr(0, comp.rfind(' ')));
  if (comp == "exists") return true;
  const filter::Lexer lexer(comp, true);
  const std::string_view token = lexer.sign().empty() ? lexer.word() : lexer.sign();
  return filter::at_operator(lexer) && token == comp;
}

/// One text, or a list of them.
bool read_names(const Item& item, std::string_view key, std::vector<TracedText>& to,
                bool& is_list) {
  const YamlNode* value = item.node().find(key);
  if (value == nullptr || value->kind == Kind::null) return true;
  is_list = value->kind == Kind::sequence;
  if (is_list) {
    auto texts = item.texts(key);
    if (texts) to = std::move(*texts);
    return texts.has_value();
  }
  auto text = item.text(key);
  if (text) to.push_back(std::move(*text));
  return text.has_value();
}

ExceptionValue read_value(const YamlNode& node) {
  ExceptionValue value;
  value.place = node.place;
  value.text = node.text;
  value.is_list = node.kind == Kind::sequence;
  for (const YamlPtr& item : node.items) value.items.push_back(read_value(*item));
  return value;
}

std::optional<Exception> read_exception(const Item& rule, const YamlNode& node,
                                        Findings& findings) {
  Item item(node, "exception", findings);
  item.set_context(rule.context());
  if (node.kind != Kind::mapping) {
    item.error(node.place,
               fmt::format("an exception is a mapping, found {}", kind_name(node.kind)));
    return std::nullopt;
  }
  item.check_keys({"name", "fields", "comps", "values"});
  Exception exception;
  exception.place = node.place;
  const auto name = item.need("name");
  bool comps_is_list = false;
  const bool names = read_names(item, "fields", exception.fields, exception.fields_is_list);
  const bool comps = read_names(item, "comps", exception.comps, comps_is_list);
  if (names && comps && !exception.fields.empty() && !exception.comps.empty() &&
      comps_is_list != exception.fields_is_list) {
    item.error(item.place_of("comps"), "'fields' and 'comps' are both lists, or both one text each",
               Code::validate);
    return std::nullopt;
  }
  const YamlNode* values = node.find("values");
  if (values != nullptr && values->kind != Kind::null) {
    values = item.of_kind("values", Kind::sequence);
    if (values == nullptr) return std::nullopt;
    for (const YamlPtr& value : values->items) exception.values.push_back(read_value(*value));
  }
  if (!name || !names || !comps) return std::nullopt;
  exception.name = *name;
  return exception;
}

/// What is wrong with the values of a complete exception.
bool check_values(const Exception& exception, const std::string& context, Findings& findings) {
  bool fits = true;
  const auto error = [&](Place place, std::string message) {
    findings.error(Code::validate, place, std::move(message), context);
    fits = false;
  };
  for (const ExceptionValue& value : exception.values) {
    if (!exception.fields_is_list && value.is_list)
      error(value.place, "the values of an exception with one field are texts, found a list");
    if (!exception.fields_is_list) continue;
    if (!value.is_list)
      error(value.place,
            "the values of an exception with several fields are lists, one item for "
            "each field, found a text");
    else if (value.items.size() != exception.fields.size())
      error(value.place, fmt::format("fields: {}, values for them: {}", exception.fields.size(),
                                     value.items.size()));
  }
  return fits;
}

}  // namespace

bool check_exception(const Exception& exception, bool check_fields, const std::string& context,
                     Findings& findings) {
  bool fits = true;
  const auto error = [&](Place place, std::string message, Code code = Code::validate) {
    findings.error(code, place, std::move(message), context);
    fits = false;
  };
  if (exception.fields.empty())
    error(exception.place, "the exception has no 'fields'", Code::yaml_validate);
  if (!exception.comps.empty() && exception.comps.size() != exception.fields.size())
    error(exception.comps.front().begin(),
          fmt::format("fields: {}, operators for them: {}", exception.fields.size(),
                      exception.comps.size()));
  for (const TracedText& comp : exception.comps) {
    const std::string_view word = without_blanks(comp.text());
    if (!is_operator(word))
      error(comp.begin(), fmt::format("{} is not an operator", filter::shown(comp.text())));
    else if (!exception.fields_is_list && !takes_list(word))
      error(comp.begin(), fmt::format("the operator for a single field is in, pmatch, intersects "
                                      "or one with oneof, anyof or allof, found {}",
                                      filter::shown(word)));
  }
  for (const TracedText& field : exception.fields) {
    if (!check_fields) break;
    size_t length = 0;
    auto operand = filter::parse_operand_prefix(field.text(), length);
    if (operand && length != field.size())
      error(field.begin(), fmt::format("{} is not a field", filter::shown(field.text())));
    else if (!operand)
      error(field.begin(), operand.error().message);
    else if (auto bound = filter::bind(*operand); !bound)
      error(field.begin(), bound.error().message);
  }
  return check_values(exception, context, findings) && fits;
}

std::vector<Exception> read_exceptions(const Item& rule) {
  std::vector<Exception> exceptions;
  const YamlNode* node = rule.node().find("exceptions");
  if (node == nullptr || node->kind == Kind::null) return exceptions;
  node = rule.of_kind("exceptions", Kind::sequence);
  if (node == nullptr) return exceptions;
  for (const YamlPtr& each : node->items) {
    auto exception = read_exception(rule, *each, rule.findings());
    if (!exception) continue;
    if (find_by_name(exceptions, exception->name.text()) != nullptr)
      rule.warn(Code::exception_name_not_unique, exception->name.begin(),
                fmt::format("there are two exceptions {}", filter::shown(exception->name.text())));
    exceptions.push_back(std::move(*exception));
  }
  return exceptions;
}

void merge_exceptions(const Item& item, const std::vector<Exception>& from,
                      std::vector<Exception>& to) {
  for (const Exception& exception : from) {
    const Place place = exception.name.begin();
    Exception* known = find_by_name(to, exception.name.text());
    if (known == nullptr) {
      if (exception.fields.empty() || exception.values.empty())
        item.error(place, "a new exception has 'fields' and 'values'", Code::validate);
      else
        to.push_back(exception);
      continue;
    }
    if (!exception.fields.empty() || !exception.comps.empty())
      item.error(place, "to an exception that there is only 'values' can be added", Code::validate);
    if (exception.values.empty())
      item.warn(Code::append_no_values, place, "nothing is added to the exception");
    known->values.insert(known->values.end(), exception.values.begin(), exception.values.end());
  }
}

}  // namespace gyr::rules
