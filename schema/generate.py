#!/usr/bin/env python3
"""Writes the C++ form of the event schema (model.py).

    generate.py OUTPUT_DIR

writes schema_ids.hpp (numbers by name), schema_params.hpp (parameters by name) and
schema_tables.hpp (the data behind schema.hpp). The same input gives the same output.
"""

from model import FIRST_OWN_ID, upgrades
from output import write_files

# C++ keywords that are also thinkable as names of parameters.
KEYWORDS = frozenset(
    "auto bool case char class const default delete do double enum explicit export extern float "
    "for if int long namespace new operator private public register return short signed static "
    "struct switch template this typedef union unsigned using virtual void volatile while".split())


def value_type(type_):
    if type_.name in ("charbuf", "fspath", "fsrelpath"):
        return "std::string_view"
    if type_.name == "double":
        return "double"
    if type_.size in (1, 2, 4, 8):
        return f"{'int' if type_.signed else 'uint'}{8 * type_.size}_t"
    return "std::span<const std::byte>"


def identifier(name):
    return name + "_" if name in KEYWORDS else name


def ids_header(schema):
    yield "// Generated from the .tsv files of schema/: the numbers of the format by name."
    yield "#pragma once\n\n#include <cstdint>\n\nnamespace gyr::schema {\n"
    yield f"inline constexpr uint32_t event_count = {len(schema.events)};"
    yield f"inline constexpr uint32_t scap_event_count = {schema.scap_events};"
    yield f"inline constexpr uint16_t first_own_file_id = {FIRST_OWN_ID};"
    yield f"inline constexpr uint32_t syscall_count = {len(schema.syscalls)};\n"
    yield "enum class ParamType : uint8_t {"
    yield from (f"  {type_.identifier}," for type_ in schema.types.values())
    yield "};\n\nnamespace type {"
    yield from (f"inline constexpr uint16_t {e.identifier} = {e.id};" for e in schema.events)
    yield "}  // namespace type\n\n}  // namespace gyr::schema"


def params_header(schema):
    yield "// Generated from the .tsv files of schema/: parameters by name, see field.hpp."
    yield '#pragma once\n\n#include "schema/field.hpp"\n\nnamespace gyr::schema::param {\n'
    for event in schema.events:
        if "unused" in event.flags or not event.params:
            continue
        yield f"namespace {event.identifier} {{  // {event.file_id}"
        for index, param in enumerate(event.params):
            yield (f"inline constexpr Field<{value_type(param.type)}> "
                   f"{identifier(param.name)}{{{index}}};")
        yield "}\n"
    yield "}  // namespace gyr::schema::param"


def array(type_, name, items):
    yield f"constexpr {type_} {name}[] = {{"
    yield from (f"  {item}," for item in items)
    yield "};"


def param_items(schema, params):
    tables = list(schema.flags)
    for p in params:
        flags = f"&flag_tables[{tables.index(p.flags)}]" if p.flags else "nullptr"
        variants = f"variants_{p.variants}" if p.variants else "{}"
        yield (f'{{"{p.name}", ParamType::{p.type.identifier}, Format::{p.format}, {p.dirfd}, '
               f"{flags}, {variants}}}")


def write_names(schema):
    yield from array("TypeInfo", "param_types",
                     (f'{{"{t.name}", {t.size}, {str(t.signed).lower()}}}'
                      for t in schema.types.values()))
    for table, names in schema.flags.items():
        yield from array("FlagName", f"names_{table}", (f'{{"{n}", {v}u}}' for n, v in names))
    yield from array("FlagTable", "flag_tables", (f'{{"{t}", names_{t}}}' for t in schema.flags))
    for name, (format_, types) in schema.variants.items():
        yield from array("Variant", f"variants_{name}",
                         (f"{{ParamType::{schema.types[t].identifier}, Format::{format_}}}"
                          for t in types))
    yield from array("Syscall", "syscalls",
                     ('{"%s", %d, %d, %d, Category::%s}' % syscall for syscall in schema.syscalls))


def write_events(schema):
    for event in schema.events:
        if event.params:
            yield from array("Param", f"params_{event.identifier}",
                             param_items(schema, event.params))
    yield from array("Event", "events", (
        f'{{"{e.name}", {" | ".join(e.flags) or "0"}, Source::{e.source}, '
        f"Category::{e.category}, {f'params_{e.identifier}' if e.params else '{}'}}}"
        for e in schema.events))


def write_upgrades(schema):
    lists, items = {}, []
    for id_, found, target, sources in upgrades(schema):
        number = lists.setdefault(tuple(sources), len(lists))
        upgrade = f"{{{target}, {f'sources_{number}' if sources else '{}'}}}"
        items.append(f"{{{id_}, {found}, {upgrade}}}")
    for sources, number in lists.items():
        if sources:
            yield from array("ParamSource", f"sources_{number}",
                             (f"{{ParamSource::{from_}, {i}}}" for from_, i in sources))
    yield from array("UpgradeRow", "upgrades", items)


def write_compat(schema):
    for id_, params in schema.compat:
        if params:
            yield from array("Param", f"compat_029_{id_}", param_items(schema, params))
    yield from array("Compat029", "compat_029", (
        f"{{{id_}, {len(params)}, {f'compat_029_{id_}' if params else '{}'}}}"
        for id_, params in schema.compat))


def tables_header(schema):
    yield "// Generated from the .tsv files of schema/: the data, for schema.cpp only."
    yield '#pragma once\n\n#include "schema/schema.hpp"\n\nnamespace gyr::schema::tables {\n'
    yield "struct UpgradeRow {\n  uint16_t event;\n  uint8_t found;\n  Upgrade upgrade;\n};\n"
    for write in (write_names, write_events, write_upgrades, write_compat):
        yield from write(schema)
    yield "\n}  // namespace gyr::schema::tables"


if __name__ == "__main__":
    write_files((("schema_ids.hpp", ids_header), ("schema_params.hpp", params_header),
                 ("schema_tables.hpp", tables_header)))
