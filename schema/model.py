"""The event schema as objects: reads the .tsv files next to this module and checks them.

Each file explains its columns in its first line. read_schema() gives everything as read;
upgrades() composes the single steps of upgrades.tsv. A mistake raises SchemaError, which names
file:line.
"""

import pathlib
from dataclasses import dataclass, field, replace

HERE = pathlib.Path(__file__).resolve().parent
SIDES = ("enter", "exit")
FORMATS = ("none", "dec", "hex", "oct", "dec_padded")
# Types whose name is a keyword or, like errno, a macro of the C library.
# Events of gyr's own have ids from here on in files.
FIRST_OWN_ID = 32768
TYPE_IDENTIFIERS = {"bool": "boolean", "double": "float64", "errno": "errno_code"}


class SchemaError(Exception):
    pass


@dataclass
class Row:
    """One line of a .tsv file."""
    place: str
    cells: list[str]

    def fail(self, message):
        raise SchemaError(f"{self.place}: {message}")

    def items(self, column):
        cell = self.cells[column]
        return [] if cell == "-" else [item.strip() for item in cell.split(",")]

    def number(self, text):
        return int(text) if text.isdecimal() else self.fail(f"'{text}' is not a number")

    def lookup(self, what, table, key):
        return table[key] if key in table else self.fail(f"unknown {what} '{key}'")


@dataclass(frozen=True)
class Type:
    name: str
    size: int
    signed: bool
    format: str
    identifier: str


@dataclass(frozen=True)
class Param:
    name: str
    type: Type
    format: str
    dirfd: int = -1
    flags: str = ""
    variants: str = ""


@dataclass(frozen=True)
class Event:
    id: int       # index in Schema.events
    file_id: int  # the same but for gyr's own
    identifier: str
    name: str = "NA"
    source: str = "none"
    category: str = "unknown"
    flags: tuple[str, ...] = ("unused",)
    params: tuple[Param, ...] = ()


@dataclass
class Schema:
    types: dict[str, Type] = field(default_factory=dict)
    flags: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    variants: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    scap_events: int = 0  # so many are scap's, gyr's own follow
    ids: dict[str, int] = field(default_factory=dict)  # pair symbol -> enter id
    syscalls: list[tuple] = field(default_factory=list)
    steps: dict[tuple[int, int], tuple] = field(default_factory=dict)
    compat: list[tuple] = field(default_factory=list)
    i386: list[tuple[int, int, int]] = field(default_factory=list)  # number, selector or -1, code


# ---- reading ----

def rows(name, columns):
    lines = (HERE / name).read_text(encoding="ascii").splitlines()
    for number, line in enumerate(lines, 1):
        if line.startswith("#"):
            continue
        row = Row(f"{HERE / name}:{number}", line.split("\t"))
        if len(row.cells) != columns:
            row.fail(f"{len(row.cells)} columns instead of {columns}")
        yield row


def read_types(schema):
    for row in rows("param_types.tsv", 5):
        number, name, size, sign, format_ = row.cells
        if row.number(number) != len(schema.types):
            row.fail("types must be numbered without gaps")
        if format_ not in FORMATS or sign not in ("signed", "unsigned"):
            row.fail(f"unknown format '{format_}' or signedness '{sign}'")
        schema.types[name] = Type(name, row.number(size), sign == "signed", format_,
                                  TYPE_IDENTIFIERS.get(name, name))


def read_flags(schema):
    for row in rows("flags.tsv", 3):
        table, name, value = row.cells
        schema.flags.setdefault(table, []).append((name, row.number(value)))


def read_variants(schema):
    for row in rows("variants.tsv", 3):
        types = [row.lookup("type", schema.types, t).name for t in row.items(2)]
        schema.variants[row.cells[0]] = (row.cells[1], types)


def parse_param(schema, row, text):
    """name:type[:format][:flags=table|:dirfd=index|:variants=set]"""
    name, type_name, *options = text.split(":") if ":" in text else row.fail(f"'{text}': no type")
    type_ = row.lookup("type", schema.types, type_name)
    param = Param(name, type_, type_.format)
    for option in options:
        key, equals, value = option.partition("=")
        if not equals and option in FORMATS:
            param = replace(param, format=option)
        elif key == "flags":
            row.lookup("flag table", schema.flags, value)
            param = replace(param, flags=value)
        elif key == "dirfd":
            param = replace(param, dirfd=row.number(value))
        elif key == "variants":
            format_, _ = row.lookup("variant set", schema.variants, value)
            param = replace(param, variants=value, format=format_)
        else:
            row.fail(f"'{text}': unknown option '{option}'")
    if (type_.name == "dyn") != bool(param.variants):
        row.fail(f"'{text}': dyn, and only dyn, has variants")
    return param


def check_event_id(schema, row, id_):
    """Ids have no gaps but one, in front of gyr's own."""
    if id_ == FIRST_OWN_ID and not schema.scap_events:
        schema.scap_events = len(schema.events)
    before_own = FIRST_OWN_ID - schema.scap_events if schema.scap_events else 0
    if id_ != len(schema.events) + before_own:
        row.fail(f"the next pair has id {len(schema.events) + before_own}")


def read_events(schema):
    for row in rows("events.tsv", 10):
        symbol, name, source, category = row.cells[1:5]
        file_id = row.number(row.cells[0])
        check_event_id(schema, row, file_id)
        if not symbol.isidentifier() or symbol in schema.ids:
            row.fail(f"symbol '{symbol}' is taken or no identifier")
        schema.ids[symbol] = len(schema.events)
        for side in (0, 1):
            own_flags = row.items(6 + side)
            params = tuple(parse_param(schema, row, text) for text in row.items(8 + side))
            event = Event(len(schema.events), file_id + side, f"{symbol}_{SIDES[side]}",
                          params=params)
            if "unused" not in own_flags:
                event = replace(event, name=name, source=source, category=category,
                                flags=tuple(row.items(5) + own_flags))
            schema.events.append(event)


def event_of(schema, row, symbol, side):
    if side not in SIDES:
        row.fail(f"side '{side}' is neither enter nor exit")
    return schema.events[row.lookup("event", schema.ids, symbol) + SIDES.index(side)]


def read_syscalls(schema):
    for row in rows("syscalls.tsv", 6):
        code, name, x86_64, aarch64, symbol, category = row.cells
        if row.number(code) != len(schema.syscalls):
            row.fail(f"the next code is {len(schema.syscalls)}")
        natives = [-1 if n == "-" else row.number(n) for n in (x86_64, aarch64)]
        event = 0 if symbol == "-" else row.lookup("event", schema.ids, symbol)
        if (category == "-") != (event != 0):
            row.fail("a category is for calls without an event of their own, and all of them")
        if event != 0:
            category = schema.events[event].category
        schema.syscalls.append((name, *natives, event, category))


def parse_sources(row, column):
    """(from, index) pairs; own:2-4 stands for own:2, own:3, own:4."""
    sources = []
    for text in row.items(column):
        from_, _, index = text.partition(":")
        if from_ in ("zero", "empty"):
            sources.append((from_, 0))
            continue
        if from_ == "enter" and index.endswith("?"):
            from_, index = "enter_or_empty", index[:-1]
        if from_ not in ("own", "enter", "enter_or_empty"):
            row.fail(f"unknown source '{text}'")
        first, _, last = index.partition("-")
        sources += [(from_, i) for i in range(row.number(first), row.number(last or first) + 1)]
    return sources


def read_upgrades(schema):
    for row in rows("upgrades.tsv", 5):
        symbol, side, found, target = row.cells[:4]
        event = event_of(schema, row, symbol, side)
        sources = parse_sources(row, 4)
        found = row.number(found)
        if target == "+":
            after, sources = event, [("own", i) for i in range(found)] + sources
        else:
            after = event_of(schema, row, target, side)
        if found > len(event.params) or len(sources) > len(after.params):
            row.fail("more parameters than the event has")
        if any(from_ == "own" and i >= found for from_, i in sources):
            row.fail("an own parameter beyond those found")
        if (event.id, found) in schema.steps:
            row.fail("a second row for this number of parameters")
        schema.steps[event.id, found] = (after.id, sources)


def read_compat(schema):
    for row in rows("sysdig_0_29.tsv", 4):
        event = event_of(schema, row, *row.cells[:2])
        params = list(event.params[:row.number(row.cells[2])])
        for text in row.items(3):
            index, _, param = text.partition("=")
            if row.number(index) >= len(params):
                row.fail(f"'{text}': no such parameter")
            params[int(index)] = parse_param(schema, row, param)
        schema.compat.append((event.id, params))
    schema.compat.sort(key=lambda entry: entry[0])


def read_i386(schema):
    codes = {name: code for code, (name, x86_64, *_) in enumerate(schema.syscalls) if x86_64 >= 0}
    for row in rows("compat_syscalls.tsv", 3):
        number, selector, name = row.cells
        entry = (row.number(number), -1 if selector == "-" else row.number(selector),
                 row.lookup("system call of x86_64", codes, name))
        if schema.i386 and entry[:2] <= schema.i386[-1][:2]:
            row.fail("out of order")
        schema.i386.append(entry)


def read_schema():
    schema = Schema()
    for read in (read_types, read_flags, read_variants, read_events, read_syscalls, read_upgrades,
                 read_compat, read_i386):
        read(schema)
    return schema


# ---- composing upgrades ----

def next_step(schema, id_, found):
    """(id, sources) one version on, for any number of parameters; None: today's form.

    Numbers that no version of the format had are read leniently: as the nearest lower known
    number, with the surplus parameters taken as given, else as the nearest higher one with the
    missing parameters empty.
    """
    numbers = sorted(n for event, n in schema.steps if event == id_)
    if found in numbers:
        return schema.steps[id_, found]
    known = len(schema.events[id_].params)
    if found == known:
        return None
    own = [("own", i) for i in range(found)]
    for lower in (n for n in reversed(numbers) if n < found):
        target, sources = schema.steps[id_, lower]
        if target == id_ and len(sources) > found:
            return id_, own + sources[found:]
    for target, sources in (schema.steps[id_, n] for n in numbers if n > found):
        return target, [("empty", 0) if f == "own" and i >= found else (f, i) for f, i in sources]
    return id_, own + [("empty", 0)] * (known - found)


def compose(schema, id_, found):
    """The chain of steps as one: (today's id, sources in terms of the event as found) or None."""
    sources, steps = [("own", i) for i in range(found)], 0
    while step := next_step(schema, id_, len(sources)):
        id_, later = step
        sources = [sources[i] if from_ == "own" else (from_, i) for from_, i in later]
        steps += 1
        if steps > 50:
            raise SchemaError(f"upgrades.tsv: {schema.events[id_].identifier} never arrives")
    return (id_, sources) if steps else None


def upgrades(schema):
    """(id, found, target, sources) for the events that upgrades.tsv names; others stay as found."""
    for event in schema.events:
        if not any(id_ == event.id for id_, _ in schema.steps):
            continue
        for found in range(len(event.params) + 1):
            if result := compose(schema, event.id, found):
                yield (event.id, found, *result)
