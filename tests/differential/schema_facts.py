"""What the tests need from the schema: which parameters sysdig 0.29.3 does not know."""

import functools
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "schema"))
import model  # noqa: E402  (the schema's own reader)

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
