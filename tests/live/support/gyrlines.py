"""Runs `gyr -j -p FORMAT -- COMMAND` and reads the events, by thread."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Event:
    name: str
    result: int | None
    values: dict[str, object]  # numbers and texts as they are, by parameter
    shown: dict[str, str]  # with the names of what they stand for

    def text(self) -> str:
        known = {name: value for name, value in self.values.items() if value is not None}
        names = {name: self.shown[name] for name in known
                 if str(known[name]) != self.shown.get(name, str(known[name]))}
        return f"{self.name} = {self.result} {known} {names}"


def format_of(parameters: Iterable[str]) -> str:
    wanted = " ".join(f"%evt.arg.{name} %evt.rawarg.{name}" for name in sorted(parameters))
    return f"*%evt.type %thread.tid %evt.rawres %evt.rawarg.res {wanted}"


def read_threads(path: Path) -> dict[int, list[Event]]:
    threads: dict[int, list[Event]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = json.loads(line)
        values = {k[11:]: v for k, v in fields.items() if k.startswith("evt.rawarg.")}
        shown = {k[8:]: v for k, v in fields.items() if k.startswith("evt.arg.")}
        event = Event(fields["evt.type"], fields["evt.rawres"], values, shown)
        threads.setdefault(fields["thread.tid"], []).append(event)
    return threads


def creations(threads: dict[int, list[Event]]) -> Iterator[tuple[int, int]]:
    for tid, events in threads.items():
        for event in events:
            if event.name in ("clone", "clone3", "fork", "vfork") and (event.result or 0) > 0:
                yield tid, event.result
