"""What the tests need from the schema: which parameters sysdig 0.29.3 does not know."""

import functools
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "schema"))
import model  # noqa: E402  (the schema's own reader)

ENUMS = {"enumflags8", "enumflags16", "enumflags32"}
LAST_TYPE_OF_0_29 = 335
LISTED = {"enumflags8": "flags8", "enumflags16": "flags16", "enumflags32": "flags32",
          "dyn": "dynamic"}  # types whose name is another one in its list
SIDES = {">": 0, "<": 1}


@functools.cache
def schema() -> model.Schema:
    return model.read_schema()


@functools.cache
def known_parameters() -> dict[int, list[model.Param]]:
    """By event id: what 0.29.3 knows, where that is not all."""
    return dict(schema().compat)


@functools.cache
def new_parameters(name: str, direction: str) -> list[str]:
    """The names of the parameters that 0.29.3 does not know, of the event's newest version that
    has any."""
    newest: list[str] = []
    for event in schema().events[SIDES[direction]::2]:
        known = known_parameters().get(event.id)
        if event.name == name and known is not None and len(known) < len(event.params):
            newest = [param.name for param in event.params[len(known):]]
    return newest


@functools.cache
def synonyms() -> list[tuple[str, str]]:
    """Names that stand for one value, in tables of single values: (the first, the others)."""
    tables = {param.flags for event in schema().events for param in event.params
              if param.type.name in ENUMS}
    found = []
    for table in sorted(tables - {""}):
        names: dict[int, list[str]] = {}
        for name, value in schema().flags[table]:
            names.setdefault(value, []).append(name)
        found += [(same[0], "|".join(same[1:])) for same in names.values() if len(same) > 1]
    return found


@functools.cache
def new_event_names() -> set[str]:
    """Of the events with ids that 0.29.3 does not know."""
    return {event.name for event in schema().events[LAST_TYPE_OF_0_29 + 1:]}


def listed_by_0_29() -> set[str]:
    """The lines that `sysdig -L` of 0.29.3 may print."""
    lines = set()
    for event in schema().events[:LAST_TYPE_OF_0_29 + 1]:
        params = known_parameters().get(event.id, list(event.params))
        listed = ", ".join(f"{LISTED.get(p.type.name, p.type.name).upper()} {p.name}"
                           for p in params)
        lines.add(f"{'<' if event.id % 2 else '>'} {event.name}({listed})")
    return lines
