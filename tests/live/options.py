#!/usr/bin/env python3
"""Captures with the options that choose what is captured, and where it goes.

    options.py [--gyr PATH] [WORD]     WORD: only checks whose name contains it

Prints `[passed] live options NAME`, or `[failed]` with what was found instead.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent / "support"))
import bench  # noqa: E402
from bench import expect, wait_until_attached  # noqa: E402


def info(b, trace):
    facts = json.loads(b.run("info", "--json", trace).stdout)
    return facts[0] if isinstance(facts, list) else facts


def running_tree(b):
    """--pid: what a process and its descendants do until the last has ended, and nothing else."""
    script = "sh -c 'while sleep 0.1; do cat /etc/hostname; done' & wait"
    with subprocess.Popen(("sh", "-c", script), stdout=subprocess.DEVNULL,
                          start_new_session=True) as tree, \
            subprocess.Popen((b.gyr, "--pid", str(tree.pid), "-w", "tree.scap"), cwd=b.folder,
                             stderr=subprocess.PIPE, text=True) as gyr:
        wait_until_attached(gyr)
        time.sleep(1.5)
        subprocess.run(("ls", "/"), stdout=subprocess.DEVNULL, check=True)
        os.killpg(tree.pid, signal.SIGTERM)
        said = gyr.communicate(timeout=60)[1]
        expect(gyr.returncode == 0, gyr.returncode, said)
    lines = b.lines("-r", "tree.scap", "-p", "%proc.name %evt.type %fd.name")
    expect("cat openat /etc/hostname" in lines, lines[:5], len(lines))
    names = {line.split()[0] for line in b.lines("-r", "tree.scap", "-p", "%proc.name")}
    expect({"sh", "sleep", "cat"} == names, names)
    ends = b.lines("-r", "tree.scap", "-p", "%proc.pid", "evt.type=procexit")
    expect(str(tree.pid) in ends, ends)


def no_such_process(b):
    """One above the highest there can be."""
    failed = b.run("--pid", "4194305", status=1)
    expect("there is no process 4194305" in failed.stderr, failed.stderr)


def rotated(b, *limits, files):
    """All files together say what a recording in one would, each with its own state."""
    script = "for i in 1 2 3 4 5 6; do cat /etc/passwd; ls /usr/bin; sleep 0.5; done >/dev/null"
    live = b.lines("--echo", "-w", "part", *limits, "-p", "%evt.type %proc.name %fd.name", "--",
                   "sh", "-c", script)
    parts = sorted(b.folder.glob("part*"), key=lambda part: part.stat().st_mtime_ns)
    expect(files[0] <= len(parts) <= files[1], [part.name for part in parts])
    again = [line for part in parts
             for line in b.lines("-r", part, "-p", "%evt.type %proc.name %fd.name")]
    expect(again == live[-len(again):], len(again), len(live))
    return live, again


def rotation_by_events(b):
    live, again = rotated(b, "-e", "400", files=(4, 100))
    expect(live == again, len(live), len(again))
    # -D: CPU times of threads are events too, which are not printed otherwise.
    counts = [len(b.lines("-r", part, "-D", "-p", "%evt.num")) for part in b.folder.glob("part*")]
    expect(max(counts) == 400 and counts.count(400) >= len(counts) - 1, counts)


def rotation_by_time(b):
    live, again = rotated(b, "-G", "1", files=(3, 6))
    expect(live == again, len(live), len(again))


def rotation_by_size(b):
    """Two of the files are kept, the rest is written over."""
    script = "dd if=/dev/zero of=/dev/null bs=1 count=30000"
    b.run("-q", "-w", "part", "--plain", "-C", "1", "-W", "2", "--", "sh", "-c", script)
    parts = list(b.folder.glob("part*"))
    expect(len(parts) == 2, [part.name for part in parts])
    expect(max(part.stat().st_size for part in parts) < 1_200_000, parts)
    for part in parts:
        names = set(b.lines("-r", part, "-p", "*%proc.name"))
        expect(names <= {"sh", "dd"} and "dd" in names, part.name, names)
    ends = [line for part in parts for line in b.lines("-r", part, "-p", "%evt.type")]
    expect("procexit" in ends, len(ends))


def outside_of_calls(b):
    """Switches, page faults and signals, with conditions on the task that the kernel checks."""
    script = "trap : USR1; kill -USR1 $$; cat /etc/passwd >/dev/null; sleep 0.2; sleep 0.2"
    for option, wanted, name in (("--switches", "switch", "sleep"),
                                 ("--page-faults", "page_fault", "cat"),
                                 ("--switches", "signaldeliver", "sh")):
        words = f"evt.type={wanted} and proc.name={name}"
        done = b.run("-v", option, "-p", "%evt.type %proc.name", words, "--", "sh", "-c", script)
        lines = done.stdout.splitlines()
        expect(set(lines) == {f"{wanted} {name}"}, wanted, set(lines))
        expect(wanted == "signaldeliver" or len(lines) > 1, wanted, lines)
        kernel = [line for line in done.stderr.splitlines() if "kernel" in line]
        expect(any("proc.name" in line for line in kernel), done.stderr)
    most = b.run("-p", "%evt.type", "evt.type in (switch, page_fault)", "--", "true")
    expect(not most.stdout, most.stdout[:200])


def write_error(b):
    """It is told when it happens; the command goes on to its end."""
    full = b.folder / "full"
    full.mkdir()
    if subprocess.run(("mount", "-t", "tmpfs", "-o", "size=256k", "none", full)).returncode != 0:
        return
    try:
        script = "dd if=/dev/zero of=/dev/null bs=1 count=100000; sleep 3; touch ended; exit 7"
        with subprocess.Popen((b.gyr, "-q", "-w", full / "t.scap", "--plain", "--", "sh", "-c",
                               script), cwd=b.folder, stderr=subprocess.PIPE, text=True) as gyr:
            said = ""
            while "goes on" not in said:
                line = gyr.stderr.readline()
                expect(line, said)
                said += line
            expect("No space left" in said, said)
            expect(not (b.folder / "ended").exists(), "told after the command had ended", said)
            gyr.communicate(timeout=60)
        expect((b.folder / "ended").exists(), "the command has not ended")
        expect(gyr.returncode == 7, gyr.returncode)
    finally:
        subprocess.run(("umount", "-l", full), check=True)


UNREAD = """
import ctypes, mmap, os
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
page = libc.mmap(None, 4096, 1, 0x22, -1, 0)
null = os.open('/dev/null', os.O_WRONLY)
assert libc.write(null, ctypes.c_void_p(page), 100) == 100
assert libc.write(-1, ctypes.c_void_p(page), 100) == -1
"""


def unread(b):
    """A parameter whose page was not there is told apart from lost events; what a call that fails
    was pointed to is not missing at all."""
    said = b.run("-v", "-w", "unread.scap", "--", sys.executable, "-c", UNREAD).stderr
    lost = info(b, "unread.scap")["lost"]
    expect(lost["unread"] == 1 and lost["events"] == 0 and lost["gaps"] == 0, lost)
    expect("0 lost, 1 parameter whose memory was not there" in said, said)
    text = b.run("info", "unread.scap").stdout
    expect("nothing is recorded as lost" in text and "1 parameter whose" in text, text)


def corners(b):
    """What of programs/corners.c the comparison with strace does not look at."""
    b.run("-w", "corners.scap", "--", b.compiled("corners"))
    expect(info(b, "corners.scap")["lost"]["unread"] == 0, "unread")
    lines = b.lines("-r", "corners.scap", "-p", "*%evt.type %evt.args|%fd.name|%user.uid")

    def one(start, part):
        expect(any(line.startswith(start) and part in line for line in lines), start, part, lines)
    one("recvfrom", "tuple=NULL fd=3(<4u>127.0.0.1:43214)")
    one("recvmsg", "tuple=NULL")
    one("recvfrom res=6", "corners-socket|")
    one("openat", "(<f>")
    expect(not any("O_TMPFILE" in line and "<d>" in line for line in lines), "a directory")
    one("getrlimit", "resource=77")
    one("epoll_create1", "flags=5(EPOLL_CLOEXEC)")
    one("setreuid", "|0")
    numbers = b.lines("-r", "corners.scap", "-p", "%evt.rawarg.nativeID", "evt.type=unknown")
    expect(numbers == ["505", "1105", "1705", "2305", "2905", "65535"], numbers)


CHECKS = (running_tree, no_such_process, rotation_by_events, rotation_by_time, rotation_by_size,
          outside_of_calls, write_error, unread, corners)

if __name__ == "__main__":
    sys.exit(bench.main("live options", CHECKS))
