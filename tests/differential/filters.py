#!/usr/bin/env python3
"""Compares which events filters select in gyr and in Debian's sysdig 0.29.3.

    filters.py [--gyr PATH] [--verbose] [WORD]     WORD: only filters that contain it

The filters are in filters.txt, which begins with its format. What counts is what sysdig selects, or
what it selects with -d: without, it does not look at events that the filter rejects, and so forgets
what it has to know of those that follow. Where gyr is right to select others the line has the ids
of the reasons, which are in REASONS below or in deviations.py. A deviation that is listed and no
longer there fails too.

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
    "all-ids": "`evt.type.is.NAME` is 1 for every event id of that name; 0.29.3 takes one of them.",
    "backward-clock": "evt.deltatime where time goes back from one CPU to another: 0.29.3 wraps "
                      "the negative number, gyr says 0.",
    "stale-latency": "evt.latency.human of calls without latency: 0.29.3 has the text of the call "
                     "before.",
    "setsockopt-fd": "The enter event of setsockopt does not have the descriptor: 0.29.3 does not "
                     "look into the exit event, and takes the call for one on no descriptor.",
    "trusted-exepath": "Where the kernel gave the path of the program proc.exepath is that; 0.29.3 "
                       "does not know the parameter and takes what execve was called with.",
    "execve-uid": "A process is first heard of when it calls execve: gyr has the user from there, "
                  "from a parameter that 0.29.3 does not know.",
    "unknown-threads": "Memory of a thread that the trace says nothing of: gyr keeps it with the "
                       "process, and no process is known.",
    "childs-of-main": "proc.nchilds of threads that are not the first of their process: 0.29.3 "
                      "says 0.",
    "host-ids": "proc.vpid and thread.vtid where the trace does not tell: gyr takes the ids of the "
                "host.",
    "stray-gid": "group.gid: 0.29.3 compares 32 bits of the id and 32 stray ones.",
    "stray-dev": "fd.dev of what is no file: 0.29.3 compares stray memory.",
    "net-family": "An IPv6 address is in no IPv4 network; 0.29.3 compares them nevertheless.",
    "double-not": "`not not X` is X; in 0.29.3 it is `not X`.",
}
# Where a deviation can only be at these events, all others are compared nevertheless.
PLACES = {
    "setsockopt-fd": "evt.type=setsockopt",
    "stray-dev": "not fd.type in (file, directory)",
    "socket-of-send": "evt.dir=> and evt.type in (sendto, sendmsg)",
    "new-dup": "proc.name=ar and fd.type=file",
    "execve-uid": "thread.tid=21563",
    "unknown-threads": "thread.tid=21563",
    "missed-accept": "fd.port=18081",
}


@dataclass(frozen=True)
class Case:
    filter: str
    trace: str
    today: bool
    deviations: tuple[str, ...]  # their ids


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
            why = {trace: tuple(ids.split(", ")) for names, ids in (n.split(": ") for n in notes)
                   for trace in names.split()}
            if wrong := set(why) - set(traces) | set().union(*why.values()) - set(known):
                sys.exit(f"filters.txt: {text}: there is no {', '.join(sorted(wrong))}")
            cases += [Case(text, trace, today, why.get(trace, ())) for trace in traces]
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
    said = done.stderr.decode("utf-8", "replace").strip()
    return Selection(events, f"status {done.returncode} {said}" if done.returncode else "")


def difference(theirs: set[bytes], ours: set[bytes]) -> str:
    """How two selections differ; empty: they do not."""
    only_theirs, only_ours = theirs - ours, ours - theirs
    if not only_theirs and not only_ours:
        return ""
    example = min(only_theirs or only_ours, key=lambda line: (len(line), line)).decode()
    side = "sysdig" if only_theirs else "gyr"
    return (f"{len(theirs)} events in sysdig, {len(ours)} in gyr; {len(only_theirs)} only in "
            f"sysdig, {len(only_ours)} only in gyr; event {example} only in {side}")


class Comparer:
    def __init__(self, gyr: Path, traces: dict[str, Path]):
        self.gyr = str(gyr)
        self.traces = traces

    @functools.cache
    def known(self, trace: str) -> set[bytes]:
        """The events of a trace that sysdig shows."""
        return select(["sysdig"], EVENTS, self.traces[trace]).events

    @functools.cache
    def place(self, deviation: str, trace: str, today: bool) -> set[bytes]:
        """The events at which a deviation can be."""
        return self.ours(PLACES[deviation], trace, today).events

    def ours(self, filter_: str, trace: str, today: bool) -> Selection:
        tool = [self.gyr] if today else [self.gyr, "--compat", "0.29"]
        found = select(tool, EVENTS if today else NUMBERS, self.traces[trace], filter_)
        if today:
            found.events &= self.known(trace)
        return found

    def theirs(self, case: Case, *options: str) -> Selection:
        format_ = EVENTS if case.today else NUMBERS
        return select(["sysdig", *options], format_, self.traces[case.trace], case.filter)

    def wrong(self, case: Case) -> str:
        """What is wrong with a case; empty: nothing."""
        ours, theirs = self.ours(case.filter, case.trace, case.today), self.theirs(case)
        if ours.refused or theirs.refused:
            return f"sysdig: {theirs.refused or 'ok'}; gyr: {ours.refused or 'ok'}"
        if ours.events != theirs.events:
            theirs = self.theirs(case, "-d")
        if not case.deviations:
            return difference(theirs.events, ours.events)
        if ours.events == theirs.events:
            if all(id_.startswith("stray-") for id_ in case.deviations):
                return ""
            return f"no longer deviates by {', '.join(case.deviations)}"
        return self.elsewhere(case, theirs.events, ours.events)

    def elsewhere(self, case: Case, theirs: set[bytes], ours: set[bytes]) -> str:
        """How they differ where the case's deviations cannot be."""
        if not set(case.deviations) <= set(PLACES):
            return ""
        places = [self.place(id_, case.trace, case.today) for id_ in case.deviations]
        excused = set().union(*places)
        return difference(theirs - excused, ours - excused)


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
