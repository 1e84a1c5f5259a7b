#!/usr/bin/env python3
"""Compares which events filters select in gyr and in Debian's sysdig 0.29.3.

    filters.py [--gyr PATH] [--verbose] [WORD]     WORD: only filters that contain it

The filters are in filters.txt, which begins with its format. What counts is what sysdig selects, or
what it selects with -d: without, it does not look at events that the filter rejects, and so forgets
what it has to know of those that follow. Where gyr is right to select others the line has the id of
the reason, which is in REASONS below or in deviations.py. A deviation that is listed and no longer
there fails too.

gyr speaks dialect 0.29, and numbers of events are compared; below `[today: …]` it speaks its own,
and what both know is compared by time, thread, type and direction: 0.29.3 gives no numbers to
events that it does not know. Last line: `filters: N passed, N failed, N skipped`, counting filters
on traces.
"""

import argparse
import functools
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.dont_write_bytecode = True
import deviations  # noqa: E402
import synth  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("filters.txt")
ENVIRONMENT = {**os.environ, "TZ": "UTC", "LC_ALL": "C"}
CORPUS = ("curl_google.scap", "ipv6_client.scap", "mixed.scap.zst")
CUT = 8 << 20  # bytes of the long trace that are used
NUMBERS = "*%evt.num"
EVENTS = "*%evt.rawtime %thread.tid %evt.type %evt.dir"

REASONS = {
    "all-ids": "evt.type.is.NAME is 1 for all event ids of the name; 0.29.3 means one of them.",
}


@dataclass(frozen=True)
class Case:
    filter: str
    trace: str
    today: bool
    deviation: str  # its id; empty: none


@dataclass
class Selection:
    events: set[bytes]
    refused: str = ""  # what went wrong


def reasons() -> dict[str, str]:
    return {**{d.id: d.reason for d in deviations.DEVIATIONS}, **REASONS}


def read_cases(path: Path) -> list[Case]:
    known, cases = reasons(), []
    traces: list[str] = []
    today = False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind, _, names = line.strip("[]").partition(": ")
            traces, today = names.split(), kind == "today"
        elif line and not line.startswith("#"):
            text, *notes = line.split(" ## ")
            why = {trace: id_ for names, id_ in (note.split(": ") for note in notes)
                   for trace in names.split()}
            if wrong := set(why) - set(traces) | set(why.values()) - set(known):
                sys.exit(f"filters.txt: {text}: there is no {', '.join(sorted(wrong))}")
            cases += [Case(text, trace, today, why.get(trace, "")) for trace in traces]
    return cases


def first_blocks(trace: bytes, size: int) -> bytes:
    """The whole blocks within the first `size` bytes."""
    end = 0
    while end + 8 <= len(trace):
        following = end + struct.unpack_from("<I", trace, end + 4)[0]
        if following > min(size, len(trace)):
            break
        end = following
    return trace[:end]


def decompressed(path: Path) -> bytes:
    tool = "zstd" if path.suffix == ".zst" else "gzip"
    with path.open("rb") as file:
        return subprocess.run([tool, "-dc"], stdin=file, capture_output=True, check=True).stdout


def make_traces(folder: Path, corpus: Path) -> dict[str, Path]:
    contents = {f"{kind}1": synth.make(kind, 1) for kind in ("life", "network", "sweep")}
    if (corpus / "scap").is_dir():
        for name in CORPUS:
            contents[name.split(".")[0]] = first_blocks(decompressed(corpus / "scap" / name), CUT)
    traces = {name: folder / f"{name}.scap" for name in contents}
    for name, path in traces.items():
        path.write_bytes(contents[name])
    return traces


def select(tool: list[str], format_: str, trace: Path, filter_: str = "") -> Selection:
    command = [*tool, "-p", format_, "-r", str(trace), *([filter_] if filter_ else [])]
    done = subprocess.run(command, capture_output=True, env=ENVIRONMENT, check=False)
    events = {line for line in done.stdout.split(b"\n") if line[:1].isdigit()}
    return Selection(events, done.stderr.decode("utf-8", "replace").strip()
                     if done.returncode else "")


def difference(theirs: set[bytes], ours: set[bytes]) -> str:
    """How two selections differ; empty: they do not."""
    only_theirs, only_ours = theirs - ours, ours - theirs
    if not only_theirs and not only_ours:
        return ""
    example = min(only_theirs or only_ours, key=lambda line: (len(line), line)).decode()
    side = "sysdig" if only_theirs else "gyr"
    return (f"{len(theirs)} events in sysdig, {len(ours)} in gyr; {len(only_theirs)} only in sysdig, "
            f"{len(only_ours)} only in gyr; event {example} only in {side}")


class Comparer:
    def __init__(self, gyr: Path, traces: dict[str, Path]):
        self.gyr = str(gyr)
        self.traces = traces

    @functools.cache
    def known(self, trace: str) -> set[bytes]:
        """The events of a trace that sysdig shows."""
        return select(["sysdig"], EVENTS, self.traces[trace]).events

    def differs(self, case: Case) -> str:
        trace, format_ = self.traces[case.trace], EVENTS if case.today else NUMBERS
        tool = [self.gyr] if case.today else [self.gyr, "--compat", "0.29"]
        ours = select(tool, format_, trace, case.filter)
        theirs = select(["sysdig"], format_, trace, case.filter)
        if ours.refused or theirs.refused:
            return f"sysdig: {theirs.refused or 'ok'}; gyr: {ours.refused or 'ok'}"
        if case.today:
            ours.events &= self.known(case.trace)
        if not difference(theirs.events, ours.events):
            return ""
        thorough = select(["sysdig", "-d"], format_, trace, case.filter)
        return difference(thorough.events, ours.events)

    def wrong(self, case: Case) -> str:
        """What is wrong with a case; empty: nothing."""
        found = self.differs(case)
        if not case.deviation:
            return found
        return "" if found else f"no longer deviates by {case.deviation}"


def rows() -> str:
    """Of README.md's table: the reasons that only filters have."""
    return "".join(f"| {id_} | {reason} |\n" for id_, reason in REASONS.items())


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gyr", type=Path, default=ROOT / "build" / "cli" / "gyr")
    parser.add_argument("--verbose", action="store_true", help="list what passes too")
    parser.add_argument("word", nargs="?", default="")
    arguments = parser.parse_args()
    cases = [case for case in read_cases(LIST) if arguments.word in case.filter]
    if not shutil.which("sysdig"):
        print("SKIP: sysdig is not installed\nfilters: 0 passed, 0 failed, 1 skipped")
        return 0
    corpus = Path(os.environ.get("GYR_CORPUS", ROOT / ".." / "shared" / "corpus"))
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="gyr-filters-") as folder:
        traces = make_traces(Path(folder), corpus)
        jobs = [case for case in cases if case.trace in traces]
        skipped = len(cases) - len(jobs)
        if skipped:
            print(f"SKIP filters on real traces: there are none in {corpus}/scap")
        comparer = Comparer(arguments.gyr, traces)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for case, wrong in zip(jobs, pool.map(comparer.wrong, jobs)):
                passed += not wrong
                failed += bool(wrong)
                if wrong or arguments.verbose:
                    print(f"{'FAIL' if wrong else 'ok':4} {case.trace}: {case.filter}: {wrong}",
                          flush=True)
    print(f"filters: {passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
