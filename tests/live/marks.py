#!/usr/bin/env python3
"""Filters on what is settled when a program begins: gyr marks threads, the kernel rejects their
calls, and what is wanted comes all the same.

    marks.py [--gyr PATH] [WORD]     WORD: only checks whose name contains it
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent / "support"))
import bench  # noqa: E402
from bench import expect, wait_until_attached  # noqa: E402

CGROUPS = Path("/sys/fs/cgroup")
ID = "4f1c8a2b3d5e" + "0" * 52
MANY = 500_000


class Capture:
    """gyr with a filter; its lines, and how many events came from the kernel."""

    def __init__(self, b, *words):
        self.out = b.folder / "out"
        with open(self.out, "w") as out:
            self.process = subprocess.Popen([b.gyr, "-v", *words], stdout=out,
                                            stderr=subprocess.PIPE, text=True, cwd=b.folder)
        wait_until_attached(self.process)
        time.sleep(1.5)  # /proc is read

    def end(self):
        time.sleep(0.3)
        self.process.send_signal(signal.SIGINT)
        said = self.process.communicate(timeout=60)[1]
        expect(" 0 lost" in said, said)
        self.came = int(re.search(r"(\d+) events came", said)[1])
        return self.out.read_text().splitlines()


@contextlib.contextmanager
def container():
    """The file that moves a process into a control group which looks like docker's, and that which
    moves it out again."""
    if (CGROUPS / "cgroup.controllers").exists():
        root = CGROUPS
        for parent in (root, root / "docker"):
            parent.mkdir(exist_ok=True)
            (parent / "cgroup.subtree_control").write_text("+memory")
    else:
        root = next(path for path in (CGROUPS / "cpu", CGROUPS / "memory") if path.exists())
    group = root / "docker" / ID
    group.mkdir(parents=True, exist_ok=True)
    try:
        yield group / "cgroup.procs", root / "cgroup.procs"
    finally:
        for _ in range(100):
            with contextlib.suppress(OSError):
                group.rmdir()
                group.parent.rmdir()
                break
            time.sleep(0.05)


def start(program, *words, group=None):
    def enter():
        if group:
            group.write_text(str(os.getpid()))
    return subprocess.Popen([program, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            preexec_fn=enter)


def containers(b):
    """One that is in it, one that leaves it while it runs, one that comes in while it runs, and many
    calls outside."""
    calls = b.compiled("calls")
    with container() as (inside, outside):
        capture = Capture(b, f"container.id={ID[:12]} and evt.type=getppid", "-p",
                          "%proc.cmdline")
        stays = start(calls, "1000", group=inside)
        leaves = start(calls, "700", "800", group=inside)
        comes = start(calls, "300", str(MANY))
        leaves.stdout.read(1)
        outside.write_text(str(leaves.pid))
        comes.stdout.read(1)
        inside.write_text(str(comes.pid))
        for each in (leaves, comes, stays):
            each.communicate(b"x", timeout=60)
        lines = capture.end()
    found = {line: lines.count(line) for line in set(lines)}
    # What counts is where a program began.
    expect(found == {"calls 1000": 1000, "calls 700 800": 1500}, found)
    expect(capture.came < MANY / 2, f"{capture.came} events came")


def other_programs_are_rejected(b):
    """Also those that ran before the capture."""
    calls = b.compiled("calls")
    before = start(calls, "1", str(MANY))
    before.stdout.read(1)
    capture = Capture(b, "proc.args startswith 5 and evt.type=getppid")
    for each in (start(calls, "500"), before, start(calls, str(2 * MANY))):
        each.communicate(b"x", timeout=60)
    expect(len(capture.end()) == 500)
    expect(capture.came < MANY / 2, f"{capture.came} events came")


def programs_in_turns(b, at_once=12, left=60, calls=20):
    """Threads that were marked begin programs that are wanted, and go back, all the time."""
    turns = b.folder / "turns"
    subprocess.run(("gcc", "-O2", "-pthread", "-static", "-o", turns, bench.PROGRAMS / "turns.c"),
                   check=True)
    capture = Capture(b, "proc.args startswith wanted and evt.type=getppid", "-p", "%proc.args")
    noise = start(b.compiled("calls"), str(10 * MANY))
    running = [start(turns, "other", "wanted", str(left - i % 2), str(calls))
               for i in range(at_once)]
    for each in running:
        expect(each.wait(120) == 0, "a program failed")
    noise.kill()
    noise.wait()
    lines = capture.end()
    # By its own count each program has, and children of those that count a multiple of five.
    expected = {}
    for i in range(at_once):
        first = left - i % 2
        for turn in range(first - 1, -1, -2):
            line = f"wanted other {turn} {calls}"
            here = calls * (2 if turn % 5 == 0 and turn > 0 else 1)
            expected[line] = expected.get(line, 0) + here
    found = {line: lines.count(line) for line in set(lines)}
    wrong = [f"{line}: {found.get(line)} instead of {expected.get(line)}"
             for line in sorted(found.keys() | expected.keys())
             if found.get(line) != expected.get(line)]
    expect(not wrong, *wrong)


# Starts the program, waits for its end, and forks children until one has its pid.
AGAIN = """
import os, subprocess, sys
pid = subprocess.Popen([sys.argv[1], "50000"], stdout=subprocess.DEVNULL)
pid.wait()
for _ in range(100):
    open("/proc/sys/kernel/ns_last_pid", "w").write(str(pid.pid - 1))
    child = os.fork()
    if child == 0:
        if os.getpid() == pid.pid:
            for _ in range(200):
                os.getppid()
        os._exit(0)
    os.waitpid(child, 0)
    if child == pid.pid:
        sys.exit(0)
sys.exit(1)
"""


def tids_are_used_again(b, times=10):
    """The new thread has the tid of a marked one, and begins no program."""
    calls = b.compiled("calls")
    if not Path("/proc/sys/kernel/ns_last_pid").exists():
        return
    capture = Capture(b, "proc.args contains wanted and evt.type=getppid")
    for _ in range(times):
        subprocess.run([sys.executable, "-c", AGAIN, calls, "wanted"], check=True, timeout=60)
    lines = capture.end()
    expect(len(lines) == 200 * times, len(lines))


CHECKS = (containers, other_programs_are_rejected, programs_in_turns, tids_are_used_again)

if __name__ == "__main__":
    sys.exit(bench.main("marks", CHECKS))
