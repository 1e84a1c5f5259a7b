"""Reads what `strace -ff -X verbose` writes: one file per thread, a call on each line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALL = re.compile(r"(?:<\.\.\. )?(\w+)(?:\(| resumed>)(.*?)\)? += (\?|-?\w+)(?: (E\w+)?.*)?$")
SIGNAL = re.compile(r"--- (SIG\w+) \{(.*)\} ---$")
ENDED = re.compile(r"\+\+\+ (exited with|killed by) (\w+).*\+\+\+$")
CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclass
class Line:
    """A call, a signal or the end of a thread."""
    name: str
    arguments: list[str] = field(default_factory=list)
    result: str = ""  # a number, or the name of an error
    text: str = ""


def pieces(text: str) -> list[str]:
    """Splits at the commas that are in no string, structure, array or comment."""
    found, depth, start, at = [], 0, 0, 0
    while at < len(text):
        if text[at] == '"':
            at = re.compile(r'"(?:\\.|[^"\\])*"').match(text, at).end()
            continue
        if text.startswith("/*", at):
            at = text.index("*/", at) + 2
            continue
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if text[at] == "," and depth == 0:
            found.append(text[start:at].strip())
            start = at + 1
        at += 1
    last = text[start:].strip()
    return found + ([last] if last else [])


def fields(structure: str) -> dict[str, str]:
    """The fields of `{a=1, b={c=2}}`."""
    return dict(piece.split("=", 1) for piece in pieces(structure[1:-1]) if "=" in piece)


def text_of(string: str) -> tuple[str, bool]:
    """What a string in quotes says, unprintable characters as dots, and whether it goes on."""
    quoted = re.match(r'"((?:\\.|[^"\\])*)"', string)
    raw = quoted[1].encode("latin-1").decode("unicode_escape")
    return "".join(c if " " <= c <= "~" else "." for c in raw), string.endswith("...")


def number_of(value: str) -> int | None:
    """The number before the comment, if there is one."""
    plain = value.split("/*")[0].strip()
    if plain == "NULL":
        return 0
    if re.fullmatch(r"-?0[0-7]+", plain):
        return int(plain, 8)
    if re.fullmatch(r"-?(0x[0-9a-f]+|\d+)", plain):
        return int(plain, 0)
    return None


def parse(line: str) -> Line | None:
    if call := CALL.match(line):
        return Line(call[1], pieces(call[2]), call[4] or call[3], line)
    if signal := SIGNAL.match(line):
        return Line("signal", [signal[1], signal[2]], "", line)
    if ended := ENDED.match(line):
        return Line("end", [ended[1], ended[2]], "", line)
    if line.startswith("+++ superseded"):  # a leading thread that had ended
        return Line("end", ["superseded"], "", line)
    return None


def read_threads(prefix: Path) -> dict[int, list[Line]]:
    threads = {}
    for path in prefix.parent.glob(prefix.name + ".*"):
        lines = path.read_text(encoding="latin-1").splitlines()
        threads[int(path.suffix[1:])] = [found for line in lines if (found := parse(line))]
    return threads


def creations(threads: dict[int, list[Line]]) -> Iterator[tuple[int, int]]:
    """Who made whom, in the order in which each thread did."""
    for tid, lines in threads.items():
        for line in lines:
            if line.name in ("clone", "clone3", "fork", "vfork") and number_of(line.result):
                yield tid, int(line.result)
