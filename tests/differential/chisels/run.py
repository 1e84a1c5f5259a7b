#!/usr/bin/env python3
"""Compares what stock chisels print under gyr and under Debian's sysdig 0.29.3.

    run.py [--gyr PATH] [--verbose] [WORD]     WORD: only cases that contain it

The chisels are those that sysdig has installed; cases.txt begins with its format. The traces are
those of the corpus and the one that gyr recorded, written by gyr as gzip, which spares sysdig the
calls that it crashes on, and synthetic ones (synth.py) without what sysdig gets wrong. Last line: `chisels: N passed, N failed, N skipped`, counting chisels on
traces.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/differential"))
import synth  # noqa: E402

CASES = Path(__file__).with_name("cases.txt")
ENVIRONMENT = {**os.environ, "TZ": "UTC", "LC_ALL": "C"}
TRACES = ("curl_google.scap", "ipv6_client.scap", "shell.scap.zst", "attack.scap.zst",
          "mixed.scap.zst")
SYNTHETIC = {"sweep": 1, "files": 1, "network": 1, "life": 3,
             "containers": 1}  # kinds and their seeds
CUT = 200_000  # events of the longest that are used
LIMIT_S = 300
SHOWN = 6  # lines of a difference

REASONS: dict[str, str] = {
    "exit-only": "The trace has no events of calls that begin, as all of today: 0.29.3 takes the "
                 "descriptor and the latency from those, and so shows the ones of another call or "
                 "none. It also knows neither today's events nor the newer system calls.",
    "second-connect": "A UDP socket that connects again has a new other end; 0.29.3 keeps the "
                      "first.",
    "host-ids": "thread.vtid where the trace does not tell: gyr takes the id of the host, 0.29.3 "
                "has none and leaves the row out.",
    "missed-accept": "A server's connections whose accept is not in the trace: gyr knows by the "
                     "listening socket who serves; 0.29.3 takes the first sender for the client.",
    "new-dup": "Descriptors that were made by today's dup event, which 0.29.3 does not know: it "
               "goes on with what the number was before.",
    "double-slash": "0.29.3 joins `/` and a name as `//name`, and counts that as another file.",
}


@dataclass(frozen=True)
class Case:
    way: str
    words: tuple[str, ...]
    reasons: dict[str, str]  # by trace; "" is all of them

    @property
    def text(self) -> str:
        return shlex.join(self.words)

    def reason(self, trace: str) -> str:
        return self.reasons.get(trace, self.reasons.get("", ""))


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str
    files: dict[str, bytes]


def read_cases() -> list[Case]:
    cases = []
    for line in CASES.read_text(encoding="utf-8").splitlines():
        text, *notes = line.split(" ## ")
        if not text.strip() or text.startswith("#"):
            continue
        way, *words = shlex.split(text)
        reasons = {}
        for note in notes:
            traces, _, reason = note.rpartition(": ")
            if reason not in REASONS:
                sys.exit(f"cases.txt: {text}: there is no reason {reason}")
            reasons.update({trace: reason for trace in traces.split() or [""]})
        cases.append(Case(way, tuple(words), reasons))
    return cases


def command(case: Case) -> list[str]:
    """Options stand first; -s and its like have an argument. Then the chisel, then its one word."""
    words, options = list(case.words), []
    while words[0].startswith("-"):
        options.append(words.pop(0))
        if options[-1] == "-s":
            options.append(words.pop(0))
    return [*options, "-c", *words]


def run(program: str, trace: Path, case: Case) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="chisel-") as folder:
        done = subprocess.run([program, "-r", str(trace), *command(case)], cwd=folder,
                              stdin=subprocess.DEVNULL, capture_output=True, env=ENVIRONMENT,
                              timeout=LIMIT_S, check=False)
        files = {str(path.relative_to(folder)): path.read_bytes()
                 for path in Path(folder).rglob("*") if path.is_file()}
    decode = lambda data: data.decode("utf-8", "backslashreplace")
    return Outcome(done.returncode, decode(done.stdout), decode(done.stderr), files)


# ---- ways of comparing ----

def rows_of(text: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The lines above the rows of a table, and its rows: value and the rest."""
    if text.lstrip().startswith("{"):
        parsed = json.loads(text)
        rows = [(str(row[-1]), json.dumps(row)) for row in parsed.pop("data")]
        return [json.dumps(parsed, sort_keys=True)], rows
    lines = text.splitlines()
    rows = [re.match(r"(\S*)\s*(.*)", line, re.DOTALL).groups() for line in lines[2:]]
    return lines[:2], rows


def same_table(ours: str, theirs: str) -> bool:
    if not ours.strip() or not theirs.strip():
        return ours == theirs
    (head, rows), (their_head, their_rows) = rows_of(ours), rows_of(theirs)
    if head != their_head or [value for value, _ in rows] != [value for value, _ in their_rows]:
        return False
    last = rows[-1][0] if rows else ""
    whole = lambda some: sorted(row for row in some if row[0] != last)
    return whole(rows) == whole(their_rows)


def agree(case: Case, ours: Outcome, theirs: Outcome) -> bool:
    if (ours.status == 0) != (theirs.status == 0):
        return False
    match case.way:
        case "table":
            return same_table(ours.out, theirs.out)
        case "set":
            return sorted(ours.out.splitlines()) == sorted(theirs.out.splitlines())
        case "files":
            return ours.out == theirs.out and ours.files == theirs.files
        case "runs":
            return len(ours.out.splitlines()) == len(theirs.out.splitlines())
        case "lines":
            return ours.out == theirs.out
    sys.exit(f"cases.txt: there is no way {case.way}")


def difference(ours: Outcome, theirs: Outcome) -> str:
    found = []
    if ours.status != theirs.status:
        found.append(f"status {ours.status}, sysdig {theirs.status}: {ours.err[:300]}")
    mine, other = ours.out.splitlines(), theirs.out.splitlines()
    if len(mine) != len(other):
        found.append(f"{len(mine)} lines, sysdig {len(other)}")
    for i in range(max(len(mine), len(other))):
        pair = [lines[i] if i < len(lines) else "(nothing)" for lines in (other, mine)]
        if pair[0] != pair[1]:
            found += [f"- {pair[0][:200]}", f"+ {pair[1][:200]}"]
        if len(found) > SHOWN:
            break
    return "".join(f"    {line}\n" for line in found)


# ---- the traces ----

def prepare(gyr: str, folder: Path) -> dict[str, Path]:
    """By name, as gzip."""
    corpus = Path(os.environ.get("GYR_CORPUS", ROOT / "../shared/corpus")) / "scap"
    sources = [ROOT / "tests/data/recorded.scap.zst", *(corpus / name for name in TRACES)]
    traces = {}
    for source in sources:
        if not source.is_file():
            print(f"SKIP chisels: there is no {source}")
            continue
        name = source.name.split(".")[0]
        traces[name] = folder / f"{name}.scap"
        cut = ["--events", f"1-{CUT}"] if name == "mixed" else []
        subprocess.run([gyr, "convert", "-z", *cut, str(source), "-o", str(traces[name])],
                       check=True, capture_output=True)
    for kind, seed in SYNTHETIC.items():
        traces[kind] = folder / f"{kind}.scap"
        traces[kind].write_bytes(synth.make(kind, seed, plain=True))
    return traces


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gyr", default=str(ROOT / "build/cli/gyr"))
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("word", nargs="?", default="")
    options = parser.parse_args()
    if not shutil.which("sysdig"):
        print("SKIP: sysdig is not installed\nchisels: 0 passed, 0 failed, 1 skipped")
        return 0
    gyr = str(Path(options.gyr).resolve())
    passed = failed = 0
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(os.cpu_count()) as pool:
        traces = prepare(gyr, Path(name))
        cases = [(case, trace) for case in read_cases() if options.word in case.text
                 for trace in traces]

        def both(job: tuple[Case, str]) -> tuple[Outcome, Outcome]:
            case, trace = job
            return run(gyr, traces[trace], case), run("sysdig", traces[trace], case)
        for (case, trace), (ours, theirs) in zip(cases, pool.map(both, cases)):
            same, reason = agree(case, ours, theirs), case.reason(trace)
            good = same == (not reason)
            passed, failed = passed + good, failed + (not good)
            if good and not options.verbose:
                continue
            print(f"{'ok  ' if good else 'FAIL'} {trace}: {case.text} {reason}")
            if not same and not good:
                print(difference(ours, theirs), end="")
            elif same and reason:
                print("    no deviation any more")
    print(f"chisels: {passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
