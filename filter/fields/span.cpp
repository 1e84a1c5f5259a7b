// Tracers: spans that old programs marked by writing to /dev/null. gyr does not decode them, so no
// event has a value; filters and formats that name these fields are accepted all the same.
#include "filter/fields/registry.hpp"

namespace gyr::filter {

namespace {

using schema::ParamType;

bool nothing(const Site&, Extraction&) { return false; }
bool to_no_event(uint16_t) { return false; }

constexpr Field span_field(std::string_view name, ParamType type, uint32_t flags,
                           std::string_view doc) {
  return {.name = name,
          .type = type,
          .flags = flags | only_0_29,
          .depends = Depends::type,
          .applies = to_no_event,
          .extract = nothing,
          .doc = doc};
}

constexpr uint32_t with_index = arg_required;
constexpr uint32_t with_name = arg_required | arg_dotted;

constexpr Field rows[] = {
    span_field("span.id", ParamType::int64, 0, "Id of a span. Tracers are not decoded: no value."),
    span_field("span.time", ParamType::charbuf, 0, "Time of a span's start. No value."),
    span_field("span.ntags", ParamType::uint32, 0, "Number of a span's tags. No value."),
    span_field("span.nargs", ParamType::uint32, 0, "Number of a span's arguments. No value."),
    span_field("span.tags", ParamType::charbuf, 0, "Tags of a span. No value."),
    span_field("span.tag", ParamType::charbuf, with_index, "One tag of a span. No value."),
    span_field("span.args", ParamType::charbuf, 0, "Arguments of a span. No value."),
    span_field("span.arg", ParamType::charbuf, with_name, "One argument of a span. No value."),
    span_field("span.enterargs", ParamType::charbuf, 0,
               "Arguments at the start of a span. No value."),
    span_field("span.enterarg", ParamType::charbuf, with_name,
               "One argument at the start of a span. No value."),
    span_field("span.duration", ParamType::reltime, 0, "Nanoseconds of a span. No value."),
    span_field("span.duration.quantized", ParamType::uint64, hidden,
               "Column of a span in a spectrogram. No value."),
    span_field("span.duration.human", ParamType::charbuf, 0,
               "How long a span was, with a unit. No value."),
    span_field("span.duration.fortag", ParamType::reltime, hidden | with_index,
               "Nanoseconds of a span with so many tags. No value."),
    span_field("span.count", ParamType::uint64, hidden, "1 at the end of a span. No value."),
    span_field("span.count.fortag", ParamType::uint64, hidden | with_index,
               "1 at the end of a span with so many tags. No value."),
    span_field("span.childcount.fortag", ParamType::uint64, hidden | with_index,
               "1 at the end of a span with more tags. No value."),
    span_field("span.idtag", ParamType::charbuf, hidden | with_index,
               "Id of a span followed by one of its tags. No value."),
    span_field("span.rawtime", ParamType::charbuf, hidden, "Time of a span's start. No value."),
    span_field("span.rawparenttime", ParamType::charbuf, hidden,
               "Time of the start of the span around a span. No value."),

    span_field("evtin.span.id", ParamType::int64, 0, "Id of a span of the thread. No value."),
    span_field("evtin.span.ntags", ParamType::uint32, 0, "Its number of tags. No value."),
    span_field("evtin.span.nargs", ParamType::uint32, 0, "Its number of arguments. No value."),
    span_field("evtin.span.tags", ParamType::charbuf, 0, "Its tags. No value."),
    span_field("evtin.span.tag", ParamType::charbuf, with_index, "One of its tags. No value."),
    span_field("evtin.span.args", ParamType::charbuf, 0, "Its arguments. No value."),
    span_field("evtin.span.arg", ParamType::charbuf, with_name, "One argument. No value."),
    span_field("evtin.span.p.id", ParamType::int64, 0, "Id of a span of the process. No value."),
    span_field("evtin.span.p.ntags", ParamType::uint32, 0, "Its number of tags. No value."),
    span_field("evtin.span.p.nargs", ParamType::uint32, 0, "Its number of arguments. No value."),
    span_field("evtin.span.p.tags", ParamType::charbuf, 0, "Its tags. No value."),
    span_field("evtin.span.p.tag", ParamType::charbuf, with_index, "One of its tags. No value."),
    span_field("evtin.span.p.args", ParamType::charbuf, 0, "Its arguments. No value."),
    span_field("evtin.span.p.arg", ParamType::charbuf, with_name, "One argument. No value."),
    span_field("evtin.span.s.id", ParamType::int64, 0,
               "Id of a span of the script that started the process. No value."),
    span_field("evtin.span.s.ntags", ParamType::uint32, 0, "Its number of tags. No value."),
    span_field("evtin.span.s.nargs", ParamType::uint32, 0, "Its number of arguments. No value."),
    span_field("evtin.span.s.tags", ParamType::charbuf, 0, "Its tags. No value."),
    span_field("evtin.span.s.tag", ParamType::charbuf, with_index, "One of its tags. No value."),
    span_field("evtin.span.s.args", ParamType::charbuf, 0, "Its arguments. No value."),
    span_field("evtin.span.s.arg", ParamType::charbuf, with_name, "One argument. No value."),
    span_field("evtin.span.m.id", ParamType::int64, 0, "Id of any span that is open. No value."),
    span_field("evtin.span.m.ntags", ParamType::uint32, 0, "Its number of tags. No value."),
    span_field("evtin.span.m.nargs", ParamType::uint32, 0, "Its number of arguments. No value."),
    span_field("evtin.span.m.tags", ParamType::charbuf, 0, "Its tags. No value."),
    span_field("evtin.span.m.tag", ParamType::charbuf, with_index, "One of its tags. No value."),
    span_field("evtin.span.m.args", ParamType::charbuf, 0, "Its arguments. No value."),
    span_field("evtin.span.m.arg", ParamType::charbuf, with_name, "One argument. No value."),
};

}  // namespace

FieldClass span_fields() {
  return {"span", "", "Spans that programs marked in old traces. gyr does not decode them yet.",
          rows};
}

}  // namespace gyr::filter
