#!/usr/bin/env python3
"""Compares which events filters select in gyr and in Debian's sysdig 0.29.3.

    filters.py [--gyr PATH] [--verbose] [WORD]     WORD: only filters that contain it

The filters are in filters.txt, one a line. What counts is what sysdig selects, or what it selects
with -d: without, it does not look at events that the filter rejects, and so forgets what it has to
know of those that follow. Where the two differ on a trace and gyr is right, the
line says so behind ` ## TRACE: REASON` (repeated for several traces);
a deviation that is listed and no longer there fails too. Last line: `filters: N passed, N failed, N skipped`, counting
filters on traces.
"""

import argparse
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
import synth  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("filters.txt")
ENVIRONMENT = {**os.environ, "TZ": "UTC", "LC_ALL": "C"}
CUT = 24 << 20  # bytes of the long trace that are used
# Events of threads that have exited, which sysdig 0.29.3 brings back (deviation exited-threads).
EXITED = {"mixed": {"257113"}}


@dataclass
class Case:
    filter: str
    deviations: dict[str, str]  # trace: reason


def read_cases(path: Path) -> list[Case]:
    cases = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        text, *notes = line.split(" ## ")
        cases.append(Case(text, dict(note.split(": ", 1) for note in notes)))
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
    return subprocess.run([tool, "-dc"], stdin=path.open("rb"), capture_output=True,
                          check=True).stdout


def make_traces(folder: Path, corpus: Path) -> dict[str, Path]:
    contents = {f"{kind}1": synth.make(kind, 1) for kind in ("life", "network", "sweep")}
    if (corpus / "scap").is_dir():
        for name in ("curl_google.scap", "ipv6_client.scap", "mixed.scap.zst"):
            whole = decompressed(corpus / "scap" / name)
            contents[name.split(".")[0]] = first_blocks(whole, CUT)
    traces = {name: folder / f"{name}.scap" for name in contents}
    for name, path in traces.items():
        path.write_bytes(contents[name])
    return traces


def selected(command: list[str]) -> tuple[list[str], str]:
    """The numbers of the events that are printed, and what went wrong."""
    done = subprocess.run(command, capture_output=True, env=ENVIRONMENT, check=False)
    lines = done.stdout.decode("utf-8", "replace").split("\n")
    numbers = [line.partition(" ")[0] for line in lines if line[:1].isdecimal()]
    return numbers, done.stderr.decode("utf-8", "replace").strip() if done.returncode else ""


class Differs(Exception):
    """Says how two selections differ."""


def check_same(name: str, theirs: list[str], ours: list[str]) -> None:
    exited = EXITED.get(name, set())
    only_theirs, only_ours = set(theirs) - set(ours) - exited, set(ours) - set(theirs) - exited
    if only_theirs or only_ours:
        example = min(only_theirs or only_ours, key=int)
        side = "sysdig" if only_theirs else "gyr"
        raise Differs(f"{len(theirs)} events in sysdig, {len(ours)} in gyr; {len(only_theirs)} only "
                      f"in sysdig, {len(only_ours)} only in gyr; event {example} only in {side}")


def compare(gyr: Path, case: Case, name: str, trace: Path) -> str | None:
    """What is wrong; None: nothing."""
    numbers = ["-p", "*%evt.num", "-r", str(trace), case.filter]
    theirs, refused = selected(["sysdig", *numbers])
    ours, wrong = selected([str(gyr), "--compat", "0.29", *numbers])
    if refused or wrong:
        return f"sysdig: {refused or 'ok'}; gyr: {wrong or 'ok'}"
    try:
        check_same(name, theirs, ours)
    except Differs:
        try:
            # Events that do not pass the filter are not looked at by sysdig: their exit events know
            # no descriptor then, processes no memory size. With -d they are, as they are by gyr.
            check_same(name, selected(["sysdig", "-d", *numbers])[0], ours)
        except Differs as difference:
            return None if name in case.deviations else str(difference)
    return "no longer deviates" if name in case.deviations else None


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gyr", type=Path, default=ROOT / "build" / "cli" / "gyr")
    parser.add_argument("--verbose", action="store_true", help="list what passes too")
    parser.add_argument("word", nargs="?", default="")
    arguments = parser.parse_args()
    if not shutil.which("sysdig"):
        print("SKIP: sysdig is not installed\nfilters: 0 passed, 0 failed, 1 skipped")
        return 0
    corpus = Path(os.environ.get("GYR_CORPUS", ROOT / ".." / "shared" / "corpus"))
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="gyr-filters-") as folder:
        traces = make_traces(Path(folder), corpus)
        skipped = 0 if len(traces) > 3 else 1
        if skipped:
            print(f"SKIP real traces: none in {corpus}/scap")
        jobs = [(case, name) for case in read_cases(LIST) if arguments.word in case.filter
                for name in traces]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            results = pool.map(lambda job: compare(arguments.gyr, *job, traces[job[1]]), jobs)
            for (case, name), wrong in zip(jobs, results):
                passed += wrong is None
                failed += wrong is not None
                if wrong or arguments.verbose:
                    print(f"{'FAIL' if wrong else 'ok':4} {name}: {case.filter}: {wrong or ''}")
    print(f"filters: {passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
