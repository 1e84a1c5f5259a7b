"""Reading, comparing and rewriting case files (README.md explains the format).

A file is kept as its lines; a case knows which of them it stands on, so that accepting new output
changes nothing else in the file.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

WILDCARD = "{{*}}"
NO_NEWLINE = "\\ no newline at the end"
HEADERS = ("NAME", "RUN", "STATUS", "EXPECT")
# In a body, a line that would read as one of these is written with a backslash before it.
ENDS_BODY = re.compile(r"\\*(STDERR|END)$")


class FormatError(Exception):
    """A mistake in a case file; the message begins with file:line."""


@dataclass
class Printed:
    status: int
    stdout: list
    stderr: list


@dataclass
class Case:
    where: str  # file:line of its NAME
    first: int  # index of the line NAME
    name: str = ""
    run: str = ""
    status: int = 0
    stdout: list = field(default_factory=list)
    stderr: list = field(default_factory=list)
    status_at: int = -1  # index of the line STATUS, -1 = there is none
    body_at: int = -1  # index of the line EXPECT
    end: int = -1  # index of the line END

    @property
    def needs_corpus(self):
        return re.search(r"\$\{?CORPUS\b", self.run) is not None

    def take(self, actual):
        """Expect from now on what was printed; lines that a wildcard covers stay as they are."""
        self.status = actual.status
        self.stdout = keep_wildcards(self.stdout, actual.stdout)
        self.stderr = keep_wildcards(self.stderr, actual.stderr)


class CaseFile:
    def __init__(self, path, lines, cases):
        self.path, self.lines, self.cases = path, lines, cases

    def write(self):
        for case in reversed(self.cases):  # from the end, so that earlier indices stay right
            self.lines[case.body_at:case.end] = body_lines(case)
            if case.status_at >= 0:
                self.lines[case.status_at] = re.sub(r"\d+", str(case.status),
                                                    self.lines[case.status_at], count=1)
            elif case.status != 0:
                self.lines.insert(case.body_at, f"STATUS {case.status}")
        text = "\n".join(self.lines) + "\n"
        self.path.write_bytes(text.encode("utf-8", "surrogateescape"))


def body_lines(case):
    lines = ["EXPECT", *map(escape, case.stdout)]
    if case.stderr:
        lines += ["STDERR", *map(escape, case.stderr)]
    return lines


def escape(line):
    return "\\" + line if ENDS_BODY.match(line) else line


def unescape(line):
    return line[1:] if line.startswith("\\") and ENDS_BODY.match(line) else line


def to_lines(text):
    if not text:
        return []
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines + [NO_NEWLINE]


def line_matches(expected, line):
    if WILDCARD not in expected:
        return expected == line
    pattern = ".*".join(re.escape(part) for part in expected.split(WILDCARD))
    return re.fullmatch(pattern, line, re.DOTALL) is not None


def matches(expected, lines):
    return len(expected) == len(lines) and all(map(line_matches, expected, lines))


def keep_wildcards(expected, lines):
    """The printed lines, with each that an expected line with a wildcard covers replaced by it."""
    patterns = [line for line in expected if WILDCARD in line]
    return [next((p for p in patterns if line_matches(p, line)), line) for line in lines]


def read(path):
    text = Path(path).read_bytes().decode("utf-8", "surrogateescape")
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    cases, at = [], 0
    while at < len(lines):
        if not lines[at] or lines[at].startswith("#"):
            at += 1
            continue
        case = read_case(path, lines, at)
        cases.append(case)
        at = case.end + 1
    return CaseFile(Path(path), lines, cases)


def read_case(path, lines, first):
    case = Case(f"{path}:{first + 1}", first)
    case.body_at = read_headers(case, path, lines)
    section, at = case.stdout, case.body_at + 1
    while at < len(lines) and lines[at] != "END":
        if lines[at] == "STDERR" and section is case.stdout:
            section = case.stderr
        elif lines[at] == "STDERR":
            raise FormatError(f"{path}:{at + 1}: a second STDERR")
        else:
            section.append(unescape(lines[at]))
        at += 1
    if at == len(lines):
        raise FormatError(f"{case.where}: the case has no END")
    case.end = at
    return case


def read_headers(case, path, lines):
    """Reads the lines from NAME to EXPECT; returns the index of EXPECT."""
    seen, at = [], case.first
    while at < len(lines):
        line = lines[at]
        word, _, value = line.partition(" ")
        if line[:1].isspace() and seen and seen[-1] == "RUN":
            case.run += "\n" + line
        elif word not in HEADERS or word in seen:
            raise FormatError(f"{path}:{at + 1}: expected one of {', '.join(HEADERS)}, each once, "
                              f"not: {line}")
        else:
            seen.append(word)
            read_header(case, f"{path}:{at + 1}", at, word, value.strip())
        if word == "EXPECT":
            break
        at += 1
    for word in ("NAME", "RUN", "EXPECT"):
        if word not in seen:
            raise FormatError(f"{case.where}: the case has no {word}")
    return at


def read_header(case, where, at, word, value):
    if word == "NAME":
        case.name = value
    elif word == "RUN":
        case.run = value
    elif word == "STATUS":
        number = re.match(r"\d+", value)
        if not number:
            raise FormatError(f"{where}: STATUS needs a number")
        case.status, case.status_at = int(number[0]), at
