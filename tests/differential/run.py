#!/usr/bin/env python3
"""Compares gyr line by line with Debian's sysdig 0.29.3, on real and on synthetic traces.

    run.py [--gyr PATH] [--seeds N] [--verbose] [WORD]     WORD: only comparisons that contain it

Prints per comparison how many lines are equal as they are and how many by which deviation
(deviations.py); any other difference fails. Last line: `differential: N passed, N failed,
N skipped`.
"""

import argparse
import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.dont_write_bytecode = True
import deviations  # noqa: E402
import formats  # noqa: E402
import readme  # noqa: E402
import scapfile  # noqa: E402
import schema_facts  # noqa: E402
import synth  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
SHOWN = 5  # differences per comparison
ENVIRONMENT = {**os.environ, "TZ": "UTC", "LC_ALL": "C"}
LONG = 100_000  # lines of the long trace that are compared in the default dialect
OPTIONS = ([], ["-t", "a"], ["-t", "r"], ["-t", "d"], ["-t", "D"], ["-n", "300"], ["-v"], ["-x"],
           ["-X"], ["-A"], ["-b"], ["-D"], ["-E"])


@dataclass
class Comparison:
    name: str
    expected: list[str]  # a command
    actual: list[str]
    trace: str
    dialect: str = "0.29"
    unordered: bool = False
    prefix: bool = False  # only as far as the expected lines go


@dataclass
class Result:
    equal: int = 0
    by_deviation: Counter = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    failures: int = 0

    def differs(self, text: str) -> None:
        self.failures += 1
        if len(self.differences) < SHOWN:
            self.differences.append(text)


# ---- comparing ----

def settle(pair: deviations.Pair, known: list[deviations.Deviation],
           context: deviations.Context) -> tuple[deviations.Pair, list[str]]:
    """The pair after all deviations that are needed to make it equal, and their ids."""
    used = []
    for deviation in known:
        if pair[0] == pair[1]:
            break
        rewritten = deviation.rewrite(pair, context)
        if rewritten != pair:
            used.append(deviation)
            pair = rewritten
    return pair, [deviation.id for deviation in used]


class Alignment:
    """gyr's lines without the events that sysdig does not know, numbered as sysdig numbers."""

    def __init__(self, lines: Iterator[str], result: Result):
        self.lines, self.result, self.ahead = lines, result, -1

    def next(self, sysdig: str) -> str | None:
        for line in self.lines:
            number, _, rest = line.partition(" ")
            if not number.isdecimal():
                return line
            if self.ahead < 0:  # events at the start that neither shows
                self.ahead = int(number) - int(sysdig.partition(" ")[0])
            renumbered = f"{int(number) - self.ahead} {rest}"
            if not self.is_new(sysdig, renumbered):
                return renumbered
            self.ahead += 1
            self.result.by_deviation["new-events"] += 1
        return None

    @staticmethod
    def is_new(sysdig: str, gyr: str) -> bool:
        match = deviations.LINE.match(gyr)
        at_another_time = gyr.split(" ", 2)[1] != sysdig.split(" ", 2)[1]
        return bool(match) and at_another_time and match[7] in schema_facts.new_event_names()


def compare_lines(expected: Iterator[str], actual: Iterator[str], comparison: Comparison) -> Result:
    result, context = Result(), deviations.Context()
    known = deviations.fitting(comparison.trace, comparison.dialect)
    aligned = Alignment(actual, result)
    for theirs in expected:
        ours = aligned.next(theirs) if comparison.dialect == "today" else next(actual, None)
        context.note(theirs)
        if ours == theirs:
            result.equal += 1
        elif ours is None:
            result.differs(f"- {theirs}\n+ (end)")
        else:
            pair, used = settle((theirs, ours), known, context)
            if pair[0] == pair[1]:
                result.by_deviation.update(used)
            else:
                result.differs(f"- {theirs}\n+ {ours}")
    extra = 0 if comparison.prefix else sum(1 for _ in actual)
    if extra:
        result.differs(f"+ {extra} more lines")
    return result


def lines_of(command: list[str], whole_lines_only: bool) -> Iterator[str]:
    """The lines that a command prints; a crash of sysdig cuts the last one short."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          env=ENVIRONMENT) as process:
        for line in process.stdout:
            if line.endswith(b"\n") or not whole_lines_only:
                yield line.decode("latin-1").rstrip("\n")


def compare(comparison: Comparison) -> Result:
    expected = lines_of(comparison.expected, comparison.prefix)
    actual = lines_of(comparison.actual, False)
    if comparison.unordered:
        expected, actual = iter(sorted(expected)), iter(sorted(actual))
    result = compare_lines(expected, actual, comparison)
    if result.equal + sum(result.by_deviation.values()) == 0:
        result.differs("nothing was compared: " + " ".join(comparison.expected))
    return result


# ---- what is compared ----

class Plan:
    def __init__(self, gyr: Path, corpus: Path, folder: Path):
        self.gyr, self.corpus, self.folder = str(gyr), corpus, folder

    def plain(self, name: str) -> Path:
        """A trace of the corpus, decompressed where sysdig could not."""
        source = self.corpus / "scap" / name
        if source.suffix != ".zst":
            return source
        target = self.folder / source.stem
        if not target.exists():
            with target.open("wb") as out:
                subprocess.run(["zstd", "-dc", source], stdout=out, check=True)
        return target

    def compat(self, trace: Path, *options: str) -> list[str]:
        return [self.gyr, "--compat", "0.29", *options, "-r", str(trace)]

    def both(self, name: str, **limits) -> Iterator[Comparison]:
        trace = self.plain(name)
        for dialect in ("0.29", "today"):
            command = ["sysdig", "-r", str(trace)]
            if dialect == "today" and "mixed" in name:
                command[1:1] = ["-n", str(LONG)]
                limits = {"prefix": True}
            ours = self.compat(trace) if dialect == "0.29" else [self.gyr, "-r", str(trace)]
            yield Comparison(f"{name}, dialect {dialect}", command, ours, name, dialect, **limits)

    def with_options(self, name: str) -> Iterator[Comparison]:
        trace = self.plain(name)
        for options in OPTIONS:
            yield Comparison(f"{name} {' '.join(options)}", ["sysdig", *options, "-r", str(trace)],
                             self.compat(trace, *options), name)
        yield Comparison(f"{name}, -S", ["sysdig", "-S", "-q", "-r", str(trace)],
                         self.compat(trace, "-S", "-q"), name, unordered=True)

    def special(self) -> Iterator[Comparison]:
        curl, comments = self.plain("curl_google.scap"), self.plain("curl_google_comments.scap")
        client = self.plain("ipv6_client.scap")
        yield Comparison("comments in the section header", [self.gyr, "-r", str(curl)],
                         [self.gyr, "-r", str(comments)], "curl_google", "same")
        yield Comparison("two traces", ["sysdig", "-r", str(client), "-r", str(curl)],
                         self.compat(curl, "-r", str(client)), "ipv6_client")
        expected = self.corpus / "expected" / "shell.sysdig-0.36.txt.zst"
        yield Comparison("shell.scap.zst, sysdig 0.36", ["zstd", "-dc", str(expected)],
                         [self.gyr, "-r", str(self.plain("shell.scap.zst"))], "shell", "0.36")

    @staticmethod
    def unnumbered(*command: str) -> list[str]:
        return ["bash", "-c", f"{shlex.join(command)} | cut -d' ' -f2-"]

    def copies(self) -> Iterator[Comparison]:
        """What sysdig prints of traces that gyr wrote, against what it prints of the original."""
        copy = str(self.folder / "copy")
        for name, filters in (("curl_google.scap", ("", "evt.type=write", "proc.name=curl")),
                              ("ipv6_client.scap", ("", "evt.type=connect")),
                              ("mixed.scap.zst", ("", "evt.type=write", "proc.name=cc1"))):
            original = str(self.plain(name))
            for codec, words in itertools.product(("--plain", "-z"), map(str.split, filters)):
                subprocess.run([self.gyr, "-r", original, "-w", copy, codec, *words], check=True)
                yield Comparison(f"copy of {name} {codec} {' '.join(words)}",
                                 self.unnumbered("sysdig", "-r", original, *words),
                                 self.unnumbered("sysdig", "-r", copy), name)

    def real(self) -> Iterator[Comparison]:
        for name in ("curl_google.scap", "ipv6_client.scap", "mixed.scap.zst"):
            yield from self.both(name)
        for name in ("shell.scap.zst", "attack.scap.zst"):  # sysdig crashes after some lines
            yield from self.both(name, prefix=True)
        for name in ("curl_google.scap", "ipv6_client.scap"):
            yield from self.with_options(name)
        yield from self.special()
        yield from self.copies()

    def own(self) -> Iterator[Comparison]:
        """What only gyr writes, its own events and options, changes nothing for other readers."""
        for kind in synth.KINDS:
            plain, own = self.folder / f"{kind}.scap", self.folder / f"{kind}-own.scap"
            plain.write_bytes(synth.make(kind, 1))
            own.write_bytes(scapfile.with_own(plain.read_bytes(), 10))
            for reader in (["sysdig"], [self.gyr, "--compat", "0.29"]):
                yield Comparison(f"own events, {kind}, {Path(reader[0]).name}",
                                 [*reader, "-r", str(plain)], [*reader, "-r", str(own)], kind,
                                 "same")

    def formats(self) -> Iterator[Comparison]:
        trace = self.plain("curl_google.scap")
        for options, text in itertools.chain(formats.FORMATS, formats.field_formats(self.gyr)):
            yield Comparison(f"format {' '.join(options)} {text!r}",
                             ["sysdig", *options, "-p", text, "-r", str(trace)],
                             self.compat(trace, *options, "-p", text), "curl_google", "format")

    def synthetic(self, seeds: int) -> Iterator[Comparison]:
        for kind, seed in itertools.product(synth.KINDS, range(1, seeds + 1)):
            trace = self.folder / f"{kind}{seed}.scap"
            trace.write_bytes(synth.make(kind, seed))
            for options in OPTIONS if seed == 1 else ([],):
                yield Comparison(f"synthetic {kind} {seed} {' '.join(options)}",
                                 ["sysdig", *options, "-r", str(trace)],
                                 self.compat(trace, *options), kind)
            trace.unlink()  # once it was compared


# ---- reporting ----

def report(name: str, result: Result, verbose: bool) -> None:
    counts = "".join(f", {count} {id_}" for id_, count in result.by_deviation.most_common())
    verdict = "FAIL" if result.failures else "ok"
    if result.failures or verbose:
        print(f"{verdict:4} {name}: {result.equal} equal{counts}")
    for difference in result.differences:
        print(re.sub("^", "     ", difference, flags=re.MULTILINE))
    if result.failures > SHOWN:
        print(f"     … {result.failures} lines differ")


def check_schema() -> Result:
    """sysdig's list of event types (the newest versions only) against the schema's idea of it."""
    result = Result()
    ours = schema_facts.listed_by_0_29()
    for line in lines_of(["sysdig", "-L"], True):
        if line in ours:
            result.equal += 1
        elif not line.startswith("< tracer("):  # has no exit events
            result.differs(f"- {line}")
    return result


def check_readme() -> Result:
    result = Result()
    if readme.PATH.read_text(encoding="utf-8") == readme.text():
        result.equal = 1
    else:
        result.differs("README.md is not what readme.py writes")
    return result


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gyr", type=Path, default=ROOT / "build" / "cli" / "gyr")
    parser.add_argument("--seeds", type=int, default=4, help="synthetic traces of each kind")
    parser.add_argument("--verbose", action="store_true", help="list what passes too")
    parser.add_argument("word", nargs="?", default="")
    arguments = parser.parse_args()
    corpus = Path(os.environ.get("GYR_CORPUS", ROOT / ".." / "shared" / "corpus"))
    passed = failed = skipped = 0

    def count(name: str, result: Result) -> None:
        nonlocal passed, failed
        report(name, result, arguments.verbose)
        passed += not result.failures
        failed += bool(result.failures)

    count("README.md", check_readme())
    with tempfile.TemporaryDirectory(prefix="gyr-differential-") as folder:
        plan = Plan(arguments.gyr, corpus, Path(folder))
        groups = []
        if shutil.which("sysdig"):
            count("known parameters", check_schema())
            groups += [plan.synthetic(arguments.seeds), plan.own()]
            if (corpus / "scap").is_dir():
                groups += [plan.real(), plan.formats()]
            else:
                print(f"SKIP real traces: none in {corpus}/scap")
                skipped += 1
        else:
            print("SKIP all comparisons: sysdig is not installed")
            skipped += 1
        for comparison in itertools.chain(*groups):
            if arguments.word in comparison.name:
                count(comparison.name, compare(comparison))
    print(f"differential: {passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
