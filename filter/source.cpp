#include "filter/source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "filter/render_value.hpp"
#include "filter/transformers.hpp"
#include "filter/wording.hpp"

namespace gyr::filter {

namespace {

/// What a transformer has from the fields inside it; the rest speaks of the values of one field.
constexpr uint32_t inherited_flags =
    filter_only | print_only | no_rhs | stateful | of_stream | deprecated | only_0_29;

Error at(Error error, const Span& span) {
  if (!error.offset) error.offset = span.at;
  return error;
}

}  // namespace

/// Makes sources of the kinds of operand.
struct Binder {
  static Result<Source> field(const Operand& operand);
  static Result<Source> constant(const Operand& operand);
  static Result<Source> list(const Operand& operand);
  static Result<Source> transformer(const Operand& operand);

 private:
  static Result<void> add_inputs(Source& to, const Operand& operand);
};

Result<Source> Binder::field(const Operand& operand) {
  auto bound = resolve(operand.name, operand.arg);
  if (!bound) return fail(at(std::move(bound.error()), operand.span));
  Source source;
  source.field_ = std::move(*bound);
  const Field& row = *source.field_.field;
  source.type_ = source.field_.type();
  source.print_type_ = print_type(row, source.type_);
  source.format_ = row.format;
  source.is_list_ = (row.flags & is_list) != 0;
  source.needs_enter_ = row.needs_enter;
  source.flags_ = row.flags;
  source.depends_ = row.depends;
  source.text_ = dump(operand);
  return source;
}

Result<Source> Binder::constant(const Operand& operand) {
  Source source;
  source.text_ = dump(operand);
  source.transformer_ = std::make_unique<Transformer>();
  source.transformer_->apply = give_constant;
  source.transformer_->text = operand.name;
  source.depends_ = Depends::nothing;
  return source;
}

/// Binds what stands in the parentheses of a transformer or a list.
Result<void> Binder::add_inputs(Source& to, const Operand& operand) {
  to.transformer_ = std::make_unique<Transformer>();
  to.depends_ = Depends::nothing;
  to.text_ = dump(operand);
  for (const Operand& each : operand.operands) {
    auto source = bind(each);
    if (!source) return fail(std::move(source.error()));
    if ((source->flags() & no_transformer) != 0 || source->has_candidates())
      return fail(Error{fmt::format("{} cannot stand inside of a transformer", source->text()),
                        each.span.at});
    to.flags_ |= source->flags() & inherited_flags;
    to.depends_ = combined(to.depends_, source->depends());
    to.needs_enter_ |= source->needs_enter();
    to.transformer_->inputs.push_back({std::move(*source), {}});
  }
  return {};
}

Result<Source> Binder::list(const Operand& operand) {
  Source source;
  if (auto added = add_inputs(source, operand); !added) return fail(std::move(added.error()));
  for (size_t i = 0; i < operand.operands.size(); ++i)
    if (source.transformer_->inputs[i].source.is_list())
      return fail(Error{fmt::format("{} is a list, and a list cannot stand inside of another",
                                    source.transformer_->inputs[i].source.text()),
                        operand.operands[i].span.at});
  source.is_list_ = true;
  source.transformer_->apply = give_list;
  return source;
}

Result<Source> Binder::transformer(const Operand& operand) {
  const TransformerRow* row = find_transformer(operand.name);
  if (row == nullptr)
    return fail(
        Error{fmt::format("there is no transformer {}", shown(operand.name)), operand.span.at});
  const size_t count = operand.operands.size();
  if (count < row->min_inputs || count > row->max_inputs)
    return fail(Error{fmt::format("{0} has other arguments: {0}{1}", row->name, row->arguments),
                      operand.span.at});
  if (operand.arg && !row->takes_argument)
    return fail(Error{fmt::format("{} takes no argument in brackets", row->name), operand.span.at});
  Source source;
  if (auto added = add_inputs(source, operand); !added) return fail(std::move(added.error()));
  auto outcome = row->check(operand, *source.transformer_);
  if (!outcome) return fail(at(std::move(outcome.error()), operand.span));
  source.type_ = source.print_type_ = outcome->type;
  source.is_list_ = outcome->is_list;
  source.transformer_->apply = row->apply;
  source.transformer_->text = operand.arg.value_or("");
  return source;
}

Result<Source> bind(const Operand& operand) {
  switch (operand.kind) {
    case Operand::Kind::field:
      return Binder::field(operand);
    case Operand::Kind::transformer:
      return Binder::transformer(operand);
    case Operand::Kind::list:
      return Binder::list(operand);
    case Operand::Kind::text:
    case Operand::Kind::number:
      break;
  }
  return Binder::constant(operand);
}

Source::Source() = default;
Source::Source(Source&&) noexcept = default;
Source& Source::operator=(Source&&) noexcept = default;
Source::~Source() = default;

bool Source::applies(uint16_t id) const {
  if (field_.field != nullptr) {
    const Field& row = *field_.field;
    if (row.applies != nullptr && !row.applies(id)) return false;
    return row.applies_arg == nullptr || row.applies_arg(field_.argument, id);
  }
  return transformer_ == nullptr ||
         std::ranges::all_of(transformer_->inputs,
                             [id](const Input& input) { return input.source.applies(id); });
}

void Source::choose(schema::ParamType alternative) {
  field_.argument.type = alternative;
  field_.argument.chosen = true;
  type_ = field_.type();
  print_type_ = filter::print_type(*field_.field, type_);
}

bool Source::transform(const Moment& moment, Extraction& out) {
  const bool found = transformer_ != nullptr && transformer_->apply(*transformer_, moment, out);
  out.seal();
  return found;
}

bool Source::extract_by(Extract how, const Moment& moment, Extraction& out) {
  out.clear();
  const Site site{moment.event,  moment.state,    moment.settings,
                  moment.stream, field_.argument, memory_};
  const bool found = how(site, out);
  out.seal();
  return found;
}

bool Source::extract_for_print(const Moment& moment, Extraction& out) {
  const bool differs = field_.field != nullptr && field_.field->print != nullptr;
  return differs ? extract_by(field_.field->print, moment, out) : extract(moment, out);
}

bool Source::extract_for_json(const Moment& moment, Extraction& out) {
  return has_json_number() ? extract_by(field_.field->json, moment, out)
                           : extract_for_print(moment, out);
}

schema::ParamType print_type(const Field& field, schema::ParamType type) {
  return field.print != nullptr && !is_integer(type) ? schema::ParamType::charbuf : type;
}

std::string type_text(schema::ParamType type, bool is_list) {
  const std::string_view name = schema::param_types[static_cast<size_t>(type)].name;
  return fmt::format("{}{}", is_list ? "list of " : "", name);
}

}  // namespace gyr::filter
