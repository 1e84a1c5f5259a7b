#!/usr/bin/env python3
"""What a filter that runs in the kernel lets through is what it matches in a trace of everything.

    kernel_filter.py [--gyr PATH] [WORD]     WORD: only filters that contain it

Several captures watch one run of programs/tasks.py: one without a filter, and one for each filter.
The first, replayed with the filter, must have the same events of these processes. Needs root.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from itertools import zip_longest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKLOAD = ROOT / "tests/live/programs/tasks.py"
# PID: the workload's first process.
FILTERS = (
    "evt.type=openat",
    "evt.type in (getppid, sched_yield)",
    "proc.name=second",
    "proc.name in (python3, cat) and evt.type!=mmap",
    "proc.name!=python3 and evt.type=openat",
    "not proc.name in (python3, sh) and evt.type in (getppid, read, openat)",
    "proc.name in (early, late)",
    "proc.pid=PID",
    "proc.pid!=PID and evt.type=openat",
    "thread.tid=PID and evt.type=getppid",
    "proc.ppid=PID and evt.type in (openat, sched_yield, getppid)",
    "proc.ppid=1 and evt.type=getppid",
    "user.uid=65534",
    "user.uid in (0, 1) and evt.type in (read, getppid)",
    "user.uid=0 and proc.name=python3 and evt.type=getppid",
    "evt.type=signaldeliver and proc.name=python3",
    "evt.type=openat and fd.name contains passwd",
    "evt.type=getppid or proc.pid=PID",
    "proc.cmdline contains passwd",
    "not proc.cmdline contains python and evt.type in (read, fstat, getppid, mmap)",
    "proc.exepath endswith cat and proc.args=/etc/hostname",
    "container.id=host and proc.exe contains python and evt.type=getppid",
    "(proc.exe=sh or proc.exe=setpriv or thread.tid=PID) and evt.type!=openat",
    "proc.env[GYR_NOT_THERE]='' and proc.name=cat and thread.ismain=true",
)
AT_ONCE = 3
FORMAT = "*%thread.tid %evt.type %proc.pid %proc.name %proc.ppid %user.uid %evt.args"
SHOWN = 5  # differences per filter


class Capture:
    def __init__(self, gyr: str, arguments: list[str]) -> None:
        self.process = subprocess.Popen([gyr, "-q", *arguments], stderr=subprocess.PIPE, text=True)

    def programs(self) -> int:
        """How many are attached."""
        folder = Path(f"/proc/{self.process.pid}/fd")
        try:
            return sum("bpf_link" in os.readlink(fd) for fd in folder.iterdir())
        except OSError:
            return 0

    def wait_until_on(self) -> bool:
        last, since = 0, time.monotonic()
        while time.monotonic() - since < (1 if last else 60):
            if self.process.poll() is not None:
                return False
            count = self.programs()
            if count != last:
                last, since = count, time.monotonic()
            time.sleep(0.05)
        return last > 0

    def end(self) -> str:
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=60)[1]


def replay(gyr: str, trace: Path, condition: str) -> dict[str, list[str]]:
    """Lines by thread."""
    out = subprocess.run([gyr, "-r", str(trace), "-p", FORMAT, condition], check=True,
                         capture_output=True, text=True, errors="replace").stdout
    lines = defaultdict(list)
    for line in out.splitlines():
        # Other captures fault pages in, and read at another moment; a parent can end in between.
        line = re.sub(r"\b(vm_\w+|pg\w+|ptid)=\d+(\(\w+\))?", r"\1", line)
        lines[line.split(" ", 1)[0]].append(line)
    return lines


def run_round(gyr: str, filters: list[str], folder: Path) -> tuple[list[str], list[str], str]:
    """The filters, with numbers in, what each capture said at its end, the workload's session."""
    workload = subprocess.Popen([sys.executable, str(WORKLOAD)], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, start_new_session=True)
    assert workload.stdin and workload.stdout
    workload.stdout.readline()
    filters = [text.replace("PID", str(workload.pid)) for text in filters]
    captures = [Capture(gyr, ["-w", str(folder / "all.scap")])]
    captures += [Capture(gyr, ["-w", str(folder / f"{i}.scap"), text])
                 for i, text in enumerate(filters)]
    on = all([capture.wait_until_on() for capture in captures])
    workload.communicate(b"x", timeout=60)
    said = [capture.end() for capture in captures]
    if not on:
        raise RuntimeError("".join(said))
    return filters, said, str(workload.pid)


def compare(expected: dict[str, list[str]], actual: dict[str, list[str]]) -> list[str]:
    differences = []
    for tid in sorted(expected.keys() | actual.keys()):
        for line, got in zip_longest(expected.get(tid, []), actual.get(tid, [])):
            if line != got:
                differences.append(f"  expected {line}\n  actual   {got}")
                break
    return differences


def check_filters(gyr: str, filters: list[str]) -> int:
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        filters, said, session = run_round(gyr, filters, folder)
        for i, text in enumerate(filters):
            ours = f"proc.sid={session}"
            expected = replay(gyr, folder / "all.scap", f"({text}) and {ours}")
            actual = replay(gyr, folder / f"{i}.scap", ours)
            differences = compare(expected, actual)
            count = sum(map(len, expected.values()))
            lost = [text for text in (said[0], said[i + 1]) if " 0 lost" not in text]
            good = not differences and not lost and count > 0
            failed += not good
            print(f"[{'passed' if good else 'failed'}] {text}: {count} events")
            for line in [*differences[:SHOWN], *lost]:
                print(line)
    return failed


def flood_makes_no_events(gyr: str) -> bool:
    capture = Capture(gyr, ["evt.type=chroot"])
    if not capture.wait_until_on():
        return False
    subprocess.run(["dd", "if=/dev/zero", "of=/dev/null", "bs=1", "count=200000"], check=True,
                   stderr=subprocess.DEVNULL)
    maps = subprocess.run(["bpftool", "prog", "show", "pid", str(capture.process.pid)],
                          capture_output=True, text=True).stdout
    said = capture.end()
    made = re.search(r"(\d+) events", said)
    good = made is not None and int(made[1]) == 0 and "call_read" not in maps
    print(f"[{'passed' if good else 'failed'}] a flood of other calls: {said.strip()}")
    return good


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gyr", default=str(ROOT / "build-dev/cli/gyr"))
    parser.add_argument("word", nargs="?", default="")
    options = parser.parse_args()
    doctor = subprocess.run([options.gyr, "doctor"], capture_output=True, text=True)
    if doctor.returncode != 0:
        print("[skipped] kernel filter:", doctor.stdout.strip().replace("\n", "; "))
        return 0
    chosen = [text for text in FILTERS if options.word in text]
    failed = sum(check_filters(options.gyr, chosen[i:i + AT_ONCE])
                 for i in range(0, len(chosen), AT_ONCE))
    if options.word in "flood":
        failed += not flood_makes_no_events(options.gyr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
