#!/usr/bin/env python3
"""Captures small workloads and looks at what a user would see.

    capture.py [--gyr PATH] [WORD]     WORD: only checks whose name contains it

Prints `[passed] live capture NAME`, or `[failed]` with what was found instead.
"""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent / "support"))
import bench  # noqa: E402
from bench import expect, wait_until_attached  # noqa: E402


def command(b):
    """The whole life of a command and of its children, and nothing else."""
    lines = b.lines("-p", "%evt.type %proc.name", "--", "sh", "-c",
                    "ls / >/dev/null; true")
    expect(lines[0] == "execve sh", lines[0])
    names = {line.split()[1] for line in lines if len(line.split()) > 1}
    expect(names <= {"sh", "ls"} and "ls" in names, names)
    expect(lines[-1] == "procexit sh", lines[-1])


def status(b):
    b.run("-q", "--", "sh", "-c", "exit 7", status=7)
    b.run("-q", "--", "sh", "-c", "kill -TERM $$", status=128 + signal.SIGTERM)
    failed = b.run("--", "/nowhere/to-be-found", status=1)
    expect("/nowhere/to-be-found: No such file" in failed.stderr, failed.stderr)


def signals(b):
    """A command ignores what its caller had ignored, as behind nohup, and nothing else."""
    def reset():
        for each in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            signal.signal(each, signal.SIG_DFL)
    script = f"trap '' INT HUP; exec {b.gyr} -q -- grep SigIgn /proc/self/status"
    for words, ignored in ((("sh", "-c", script), 0x3), ((b.gyr, *script.split()[-5:]), 0)):
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, preexec_fn=reset)
        expect(int(done.stdout.split()[1], 16) == ignored, done.stdout, done.stderr)


def replay(b):
    """What is printed from the recording is what was printed when it was made."""
    script = "exec >/dev/null; for i in 1 2 3; do ls /etc | wc -l; done; cat /etc/passwd | sort"
    live = b.run("--echo", "-w", "all.scap", "--", "sh", "-c", script).stdout
    again = b.run("-r", "all.scap").stdout
    expect(live == again, "the recording prints otherwise", len(live), len(again))
    lines = b.lines("-r", "all.scap", "-p", "%evt.type %proc.name %fd.name")
    expect(any(line.endswith("cat /etc/passwd") for line in lines), lines[:5])
    expect("nothing is recorded as lost" in b.run("info", "all.scap").stdout, "losses")
    for event in b.lines("-r", "all.scap", "-j"):
        json.loads(event)


def latency(b):
    b.run("-w", "slow.scap", "--", "sleep", "0.2")
    values = [int(v) for v in b.lines("-r", "slow.scap", "-p", "%evt.latency",
                                      "evt.type=clock_nanosleep")]
    expect(len(values) == 1 and 200_000_000 <= values[0] < 2_000_000_000, values)


def losses(b):
    """With a tiny ring and a reader that is slow, what is missing is told to the last event."""
    calls, threads = 150_000, 2
    # The flood waits for a line, so that it comes when the reader has been stopped.
    flood = ("sh", "-c", 'read line; exec "$0" "$@"', b.compiled("flood"))
    b.run("-w", "none.scap", "--", *flood, "10", str(threads), input="\n")
    others = len(b.lines("-r", "none.scap", "-p", "%evt.num")) - 10 * threads
    with open(b.folder / "out", "wb") as out:
        gyr = subprocess.Popen((b.gyr, "--ring-size", "1", "-w", "lossy.scap", "--", *flood,
                                str(calls), str(threads)), cwd=b.folder, stdout=out,
                               stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        wait_until_attached(gyr)
        time.sleep(1)  # the snapshot, and the shell
        stop_and_go(gyr, b"\n")
        gyr.communicate(timeout=120)
    info = json.loads(b.run("info", "--json", "lossy.scap").stdout)
    info = info[0] if isinstance(info, list) else info
    lost = info["lost"]["events"]
    types = b.lines("-r", "lossy.scap", "-p", "%evt.type")
    captured = len(types) - types.count("gap")
    expected = calls * threads + others
    # Waiting for one another takes the threads a different number of futex calls each time.
    chance = types.count("futex")
    expect(lost > 0, "nothing was lost")
    expect(abs(captured + lost - expected) <= chance + 8, captured, lost, expected)


def stop_and_go(gyr, line):
    """Gives the line to what it captures while it is stopped for the first time."""
    while gyr.poll() is None:
        gyr.send_signal(signal.SIGSTOP)
        if line:
            gyr.stdin.write(line)
            gyr.stdin.flush()
            line = b""
        time.sleep(0.2)
        gyr.send_signal(signal.SIGCONT)
        time.sleep(0.05)


def interrupt(b):
    """Ctrl-C: the file is whole, and a sentence says what was captured."""
    with subprocess.Popen((b.gyr, "-w", "cut.scap"), cwd=b.folder, text=True,
                          stderr=subprocess.PIPE) as gyr:
        wait_until_attached(gyr)
        time.sleep(2)
        subprocess.run(("ls", "/"), stdout=subprocess.DEVNULL, check=True)
        time.sleep(0.5)
        gyr.send_signal(signal.SIGINT)
        said = gyr.communicate(timeout=60)[1]
    expect(gyr.returncode == 0 and "events, 0 lost" in said, gyr.returncode, said)
    expect(b.lines("-r", "cut.scap", "-p", "%evt.type", "proc.name=ls"), "no ls")


def disk_full(b):
    full = b.folder / "full"
    full.mkdir()
    mounted = subprocess.run(("mount", "-t", "tmpfs", "-o", "size=256k", "none", full))
    if mounted.returncode != 0:
        return
    try:
        done = b.run("-w", full / "t.scap", "--plain", "--", "dd", "if=/dev/zero",
                     "of=/dev/null", "bs=1", "count=100000", status=1)
        expect("No space left" in done.stderr, done.stderr)
        b.run("-r", full / "t.scap", "-q")
    finally:
        subprocess.run(("umount", "-l", full), check=True)


def old_sysdig(b):
    """sysdig 0.29 reads a gzip recording to its end."""
    if not shutil.which("sysdig"):
        return
    b.run("-z", "-w", "old.scap", "--", "sh", "-c", "cat /etc/passwd >/dev/null")
    done = subprocess.run(("sysdig", "-r", "old.scap", "-p", "%evt.type %proc.name %fd.name"),
                          cwd=b.folder, capture_output=True, text=True, errors="replace")
    expect(done.returncode == 0, done.returncode, done.stderr)
    expect("read cat /etc/passwd" in done.stdout, done.stdout[-500:])
    expect(done.stdout.strip().splitlines()[-1].startswith("close sh"), done.stdout[-200:])


def snaplen(b):
    """How much is kept of what goes over a connection: 3000 bytes, then the same as HTTP."""
    script = ("import socket, sys; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen();"
              "c = socket.create_connection(s.getsockname()); a = s.accept()[0];"
              "c.sendall(b'x' * 3000); c.sendall(b'GET ' + b'y' * 2996)")

    def kept(*options):
        b.run(*options, "-w", "snap.scap", "--", sys.executable, "-c", script)
        lines = b.lines("-r", "snap.scap", "-j", "-p", "%evt.arg.data",
                        "evt.type=sendto and fd.type=ipv4")
        return [len(json.loads(line)["evt.arg.data"]) for line in lines]
    expect(kept() == [80, 80], "without options")
    found = kept("-s", "200", "--snaplen-protocols")
    expect(found == [200, 2000], found)
    found = kept("--snaplen-ports", "1-65535")
    expect(found == [3000, 3000], found)


CHECKS = (command, status, signals, replay, latency, losses, interrupt, disk_full, old_sysdig, snaplen)


if __name__ == "__main__":
    sys.exit(bench.main("live capture", CHECKS))
