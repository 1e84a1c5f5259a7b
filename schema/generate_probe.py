#!/usr/bin/env python3
"""Writes the C of the eBPF programs that the schema decides.

    generate_probe.py OUTPUT_DIR

writes probe_schema.h (numbers by name, tables by system call number, mapping of flags) and
probe_calls.h (the programs of regular calls, from arguments.tsv).
"""

import re

from model import SchemaError, rows
from output import write_files

MACHINES = (("x86", 0), ("arm64", 1))
INTEGER = {1: "u8", 2: "u16", 4: "u32", 8: "u64"}


def shifts_of(pairs):
    """Masks of the kernel's bits by how far they are to be shifted left (negative: right)."""
    groups = {}
    for kernel, stored in pairs:
        shift = stored.bit_length() - kernel.bit_length()
        groups[shift] = groups.get(shift, 0) | kernel
    return sorted(groups.items())


def shifted(mask, shift):
    masked = f"(v & {mask:#x}u)"
    return masked if shift == 0 else f"{masked} {'<<' if shift > 0 else '>>'} {abs(shift)}"


def bits_function(name, pairs):
    for kernel, stored in pairs:
        if kernel.bit_count() != 1 or stored.bit_count() != 1:
            raise SchemaError(f"kernel_flags.tsv: {name}: not a single bit")
    parts = " | ".join(f"({shifted(mask, shift)})" for shift, mask in shifts_of(pairs))
    yield f"static __always_inline u32 map_{name}(u32 v) {{ return {parts}; }}"


def values_function(name, pairs):
    yield f"static __always_inline u32 map_{name}(u32 v) {{"
    yield "  switch (v) {"
    yield from (f"    case {kernel:#x}: return {stored};" for kernel, stored in pairs)
    yield "    default: return 0;"
    yield "  }\n}"


def maps(schema, machine):
    stored = {f"{table}:{n}": v for table, names in schema.flags.items() for n, v in names}
    found = {}
    for row in rows("kernel_flags.tsv", 5):
        name, kind, x86, arm64, target = row.cells
        kernel = int(arm64 if machine == 1 and arm64 != "-" else x86, 0)
        found.setdefault((name, kind), []).append(
            (kernel, row.lookup("flag", stored, target)))
    for (name, kind), pairs in found.items():
        yield from (bits_function if kind == "bits" else values_function)(name, pairs)


def scap_codes(schema, machine):
    yield "static const volatile u16 scap_code[max_syscalls] = {"
    for code, (_, *natives, _, _) in enumerate(schema.syscalls):
        if natives[machine] >= 0:
            yield f"  [{natives[machine]}] = {code},"
    yield "};"


def x86_64_numbers(name, size, entries):
    """no_call where there is none."""
    cells = ["no_call"] * size
    for index, number in entries:
        cells[index] = str(number)
    yield f"static const volatile u16 {name}[{size}] SEC(\".rodata.{name}\") ="
    yield f"    {{{', '.join(cells)}}};"


def i386_tables(schema):
    """x86_64 numbers by those of i386, and by what selects among the calls behind one number."""
    calls = [(number, selector, schema.syscalls[code][1]) for number, selector, code in schema.i386]
    yield "enum { no_call = 0xffff };"
    yield from x86_64_numbers("native_of_i386", 512, ((n, x) for n, s, x in calls if s < 0))
    for name, number in (("socketcall", 102), ("ipc", 117)):
        yield from x86_64_numbers(f"native_of_{name}", 32,
                                  ((s, x) for n, s, x in calls if n == number and s >= 0))


def flag_values(schema):
    """As TABLE_NAME, for programs that set flags of their own."""
    for table, names in schema.flags.items():
        unique = {n: v for n, v in names if n.isidentifier()}
        yield f"enum {{ {', '.join(f'{table}_{n} = {v}' for n, v in unique.items())} }};"


def schema_header(schema):
    yield "// Generated from the .tsv files of schema/."
    yield '#pragma once\n\n#include "probe/maps.h"\n'
    for event in schema.events:
        if "unused" not in event.flags:
            yield f"#define EVENT_{event.identifier.upper()} {event.file_id}"
    yield from flag_values(schema)
    for machine, column in MACHINES:
        yield f"\n#if defined(__TARGET_ARCH_{machine})\n"
        yield from maps(schema, column)
        yield from scap_codes(schema, column)
        if machine == "x86":
            yield from i386_tables(schema)
        yield "#endif"


def put_statement(row, source, param):
    put = f"put_{INTEGER.get(param.type.size, '')}"
    if source == "ret":
        return f"{put}(&r, ret);"
    if re.fullmatch(r"\d+", source):
        return f"{put}(&r, {source});"
    match = re.fullmatch(r"(s?)a(\d)", source)
    if match:
        cast = "(s32)" if match[1] else ""
        return f"{put}(&r, {cast}argument(regs, {match[2]}));"
    match = re.fullmatch(r"(\w+)\((\d)\)", source)
    if not match:
        row.fail(f"unknown source '{source}'")
    name, number = match.groups()
    if name == "fd":
        return f"{put}(&r, descriptor(argument(regs, {number})));"
    if name == "str":
        return f"put_str(&r, argument(regs, {number}));"
    return f"{put}(&r, map_{name}(argument(regs, {number})));"


def program(schema, row, event):
    params = list(event.params)
    yield f"CALL({row.cells[0]}) {{"
    yield "  struct record r;"
    yield f"  if (!record_begin(&r, EVENT_{event.identifier.upper()}, {len(params)})) return 0;"
    for source in row.items(1):
        if source == "memory":
            yield "  put_memory(&r, current_task());"
            del params[:3]
        elif not params:
            row.fail("more sources than parameters")
        else:
            yield f"  {put_statement(row, source, params.pop(0))}"
    if params:
        row.fail(f"no source for {params[0].name}")
    yield "  return record_send(&r, to_cpu_ring);"
    yield "}\n"


def calls_header(schema):
    yield "// Generated from the .tsv files of schema/: the programs of regular system calls."
    yield '#pragma once\n\n#include "probe/arguments.h"\n#include "probe/task.h"\n'
    events = {name: event for name, *_, event, _ in schema.syscalls}
    for row in rows("arguments.tsv", 2):
        enter = row.lookup("system call", events, row.cells[0])
        yield from program(schema, row, schema.events[enter + 1])


if __name__ == "__main__":
    write_files((("probe_schema.h", schema_header), ("probe_calls.h", calls_header)))
