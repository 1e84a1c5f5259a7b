// All fields, by class, and how a written name finds its field.
//
// Contract: `resolve` takes what the parser read: a name, perhaps with an argument in brackets.
// Where the whole name is no field, the longest field that is the start of it and takes dotted
// arguments gets the rest as argument. Errors name the nearest fields.
//
// Example:
//   auto bound = resolve("evt.arg.flags", std::nullopt);   // field evt.arg, argument "flags"
#pragma once

#include "filter/fields/field.hpp"

namespace gyr::filter {

/// A field with its argument.
struct BoundField {
  const Field* field = nullptr;
  Argument argument;

  schema::ParamType type() const {
    return argument.type != schema::ParamType::none ? argument.type : field->type;
  }
  bool has_candidates() const { return (field->flags & candidates) != 0 && !argument.given; }
};

/// In the order of the listings.
std::span<const FieldClass> field_classes();

/// By its exact name; nullptr: there is none.
const Field* find_field(std::string_view name);

/// Whether the name is that of a field, perhaps with something behind it that may be a dotted
/// argument; `resolve` then says whether it is one.
bool is_field_name(std::string_view name);

Result<BoundField> resolve(std::string_view name, const std::optional<std::string>& argument);

// The classes, each in a file of its own.
FieldClass event_stream_fields();  // evt.num, evt.time, ...: of every event
FieldClass event_fields();         // evt.*
FieldClass process_fields();       // proc.*
FieldClass thread_fields();        // thread.*
FieldClass user_fields();          // user.*
FieldClass group_fields();         // group.*
FieldClass container_fields();     // container.*
FieldClass fd_fields();            // fd.*
FieldClass fs_path_fields();       // fs.path.*
FieldClass syslog_fields();        // syslog.*
FieldClass fdlist_fields();        // fdlist.*
FieldClass util_fields();          // util.*
FieldClass k8s_fields();           // k8s.*
FieldClass static_fields();        // static.*: of the configuration
FieldClass span_fields();          // span.*, evtin.*: the tracers of old traces

}  // namespace gyr::filter
