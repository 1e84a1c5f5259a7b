#!/usr/bin/env python3
"""Runs small programs under strace and under gyr and compares what both say, call by call.

    strace.py [--gyr PATH] [--differences N] [PROGRAM…]     e.g. strace.py io sockets

Prints `[passed] live strace io: 63 calls`, or `[failed]` with the first differences.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent / "support"))
import comparing  # noqa: E402
import gyrlines  # noqa: E402
import tracelines  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(__file__).parent / "programs"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
# gyr has no event of a call that never returns, nor, since the kernel does not tell which call it
# was, of the return from a signal's handler. How often a futex is waited for is chance, and how
# often the C library wants a better random number.
NOT_SHOWN = {"exit", "exit_group", "rt_sigreturn"}
# Programs that cannot be compared: process traces a child of its own, which strace prevents; flood
# and races do something else each time; calls and turns are what other checks watch.
INCOMPARABLE = {"process", "flood", "races", "calls", "turns"}
# Not handled, they are delivered to tracers, and to others only when they were blocked.
IGNORED_SIGNALS = {"SIGCHLD", "SIGURG", "SIGWINCH", "SIGCONT"}
CHANCE = {"futex", "restart_syscall", "getrandom"}


def names_of(threads: dict, creations) -> dict[int, str]:
    """Threads by whose how manieth child they are: 0, 0.1, 0.2, 0.2.1."""
    made = list(creations)
    children = {child for _, child in made}
    names = {tid: "0" for tid in threads if tid not in children}
    counts: dict[int, int] = {}
    while made:
        rest = []
        for parent, child in made:
            if parent in names:
                counts[parent] = counts.get(parent, 0) + 1
                names[child] = f"{names[parent]}.{counts[parent]}"
            else:
                rest.append((parent, child))
        if len(rest) == len(made):
            break
        made = rest
    return names


def run(command: list[str], folder: Path, output: Path | None = None) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with open(output or os.devnull, "wb") as out:
        done = subprocess.run(["setarch", "-R", *command], cwd=folder, env=ENVIRONMENT, stdout=out,
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=120)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: status {done.returncode}: {done.stderr.decode()[:500]}")


def is_shown(line) -> bool:
    if line.name == "signal":
        return line.arguments[0] not in IGNORED_SIGNALS
    return line.name not in NOT_SHOWN


def expected_name(line) -> str:
    if line.name == "execveat" and line.result == "0":
        return "execve"
    if line.name.startswith("syscall_0x"):
        return "unknown"
    of_others = {"end": "procexit", "signal": "signaldeliver"}
    return of_others.get(line.name) or comparing.TABLE.get(line.name, (line.name,))[0]


def is_chance(item) -> bool:
    return item.name in CHANCE


def unexpected(events: list) -> list[str]:
    return [f"- (nothing)\n+ {event.text()}" for event in events if not is_chance(event)]


def compare_thread(comparer, theirs: list, ours: list) -> tuple[int, list[str]]:
    """How many calls were compared, and the differences; after a missing event it goes on."""
    compared, found, at = 0, [], 0
    for line in theirs:
        expected = expected_name(line)
        ahead = range(at, min(at + (1 if is_chance(line) else 8), len(ours)))
        there = next((i for i in ahead if ours[i].name == expected), None)
        if there is None:
            if not is_chance(line):
                found.append(f"- {line.text}\n+ (nothing)")
            continue
        found += unexpected(ours[at:there])
        event, at = ours[there], there + 1
        compared += 1
        if is_chance(line) and not is_chance_free(line, event):
            continue
        if differences := comparer.differences(line, event):
            found.append(f"- {line.text[:300]}\n+ {event.text()[:400]}\n  {'; '.join(differences)}")
    return compared, found + unexpected(ours[at:])


def is_chance_free(line, event) -> bool:
    return bool(line.result.startswith("E")) == ((event.result or 0) < 0)


def expanded(events: list) -> list:
    """Without the starts of threads; of the messages of one call, only the first event."""
    kept = []
    for event in events:
        if event.name in ("clone", "clone3", "fork", "vfork") and event.result == 0:
            continue
        if event.name == "signaldeliver" and event.shown["sig"] in IGNORED_SIGNALS:
            continue
        if event.name in ("sendmmsg", "recvmmsg") and (event.result or 0) > 0:
            if kept and kept[-1].name == event.name and kept[-1].result is None:
                continue
            event.result = None  # bytes, where the call gives messages
        kept.append(event)
    return kept


def compare(gyr: Path, program: Path, folder: Path) -> tuple[int, list[str]]:
    run(["strace", "-ff", "-X", "verbose", "-v", "-s", "100", "-o", str(folder / "trace"),
         str(program)], folder / "run")
    format_ = gyrlines.format_of(comparing.PARAMETERS)
    run([str(gyr), "-j", "-p", format_, "--", str(program)], folder / "run", folder / "events")
    theirs = tracelines.read_threads(folder / "trace")
    ours = gyrlines.read_threads(folder / "events")
    gaps = ours.pop(-1, [])
    their_names = names_of(theirs, tracelines.creations(theirs))
    our_names = names_of(ours, gyrlines.creations(ours))
    comparer = comparing.Comparer(their_names, our_names)
    by_name = {our_names.get(tid, "?"): events for tid, events in ours.items()}
    compared, found = 0, []
    for tid, lines in sorted(theirs.items(), key=lambda item: their_names.get(item[0], "?")):
        lines = [line for line in lines if is_shown(line)]
        events = by_name.pop(their_names.get(tid, "?"), [])
        count, differences = compare_thread(comparer, lines, expanded(events))
        compared += count
        found += [f"thread {their_names.get(tid)}\n{text}" for text in differences]
    found += [f"thread {name}: only gyr knows it" for name in by_name]
    return compared, found + [f"+ {gap.text()}" for gap in gaps]


def why_not() -> str:
    if os.geteuid() != 0:
        return "not root"
    for tool in ("strace", "gcc", "setarch"):
        if not shutil.which(tool):
            return f"{tool} is not installed"
    return ""


def build(source: Path, folder: Path) -> Path | None:
    program = folder / source.stem
    done = subprocess.run(["gcc", "-w", "-o", program, source, "-pthread"], capture_output=True)
    return program if done.returncode == 0 else None


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gyr", type=Path, default=ROOT / "build" / "cli" / "gyr")
    parser.add_argument("--differences", type=int, default=5, help="how many to show")
    parser.add_argument("program", nargs="*")
    arguments = parser.parse_args()
    gyr, failed = arguments.gyr.resolve(), False
    if reason := why_not():
        print(f"[skipped] live strace: {reason}")
        return 0
    tried = subprocess.run([gyr, "--", "true"], capture_output=True, text=True)
    if tried.returncode != 0:
        print(f"[skipped] live strace: {tried.stderr.strip()}")
        return 0
    with tempfile.TemporaryDirectory(prefix="gyr-live-") as name:
        for source in sorted(PROGRAMS.glob("*.c")):
            if source.stem not in (arguments.program or {source.stem} - INCOMPARABLE):
                continue
            folder = Path(name) / source.stem
            folder.mkdir()
            program = build(source, folder)
            if program is None:
                print(f"[skipped] live strace {source.stem}: gcc cannot build it here")
                continue
            try:
                compared, found = compare(gyr, program, folder)
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                compared, found = 0, [str(error)]
            failed |= bool(found)
            verdict = "failed" if found else "passed"
            more = f", {len(found)} differences" if found else ""
            print(f"[{verdict}] live strace {source.stem}: {compared} calls{more}")
            for difference in found[:arguments.differences]:
                print("    " + difference.replace("\n", "\n    "))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
