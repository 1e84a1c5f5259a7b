#!/usr/bin/env python3
"""What a capture costs the calls that are captured, in nanoseconds.

    live.py [--gyr FILE] [--rounds N] [--repeat N] [--only WORD] [--no-strace]

Everything is measured in turns within one run, since machines drift: nothing attached, the floor
(an empty program at the end of each call, one that sends 80 bytes, one at both ends), gyr with
nothing that is wanted, with one type of event, with everything, recording, and strace -f. For each
the fastest of all turns counts. Needs root.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CALLS = ("getppid", "read 1 byte", "openat+close")


def build(folder):
    run = lambda *command: subprocess.run(command, check=True)
    source = HERE / "live"
    run("gcc", "-O2", "-o", folder / "calls", source / "calls.c")
    triplet = subprocess.run(("gcc", "-print-multiarch"), check=True, capture_output=True,
                             text=True).stdout.strip()
    run("clang", "-O2", "-g", "-target", "bpf", f"-I/usr/include/{triplet}", "-c",
        source / "floor.bpf.c", "-o", folder / "floor.o")
    run("gcc", "-O2", "-o", folder / "floor", source / "floor.c", "-lbpf")


class Floor:
    def __init__(self, folder, *programs):
        self.command = (folder / "floor", folder / "floor.o", *programs)

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        if self.process.stdout.readline() != b"ready\n":
            sys.exit("live.py: the floor's programs cannot be loaded")

    def __exit__(self, *_):
        self.process.communicate()


class Gyr:
    """A capture that runs beside the calls; `said` gets what it says at its end."""

    def __init__(self, gyr, *arguments):
        self.command = (gyr, *arguments)
        self.said = ""

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True)
        time.sleep(float(os.environ.get("GYR_BENCH_WAIT", "2")))  # until it is loaded

    def __exit__(self, *_):
        self.process.send_signal(2)
        self.said = self.process.communicate()[1].strip().splitlines()[-1:]


class Nothing:
    def __enter__(self):
        pass

    def __exit__(self, *_):
        pass


def variants(gyr, folder, options):
    yield "nothing attached", Nothing(), ()
    yield "empty program", Floor(folder, "empty"), ()
    yield "empty programs at both ends", Floor(folder, "empty", "empty_enter"), ()
    yield "record of 80 bytes", Floor(folder, "record"), ()
    yield "gyr, one type", Gyr(gyr, "-q", "evt.type=chroot"), ()
    yield "gyr, one type, no latency", Gyr(gyr, "-q", "--no-latency", "evt.type=chroot"), ()
    yield "gyr -w", Gyr(gyr, "-w", folder / "trace.scap"), ()
    yield "gyr -w, no latency", Gyr(gyr, "--no-latency", "-w", folder / "trace.scap"), ()
    if not options.no_strace and shutil.which("strace"):
        yield "strace -f", Nothing(), ("strace", "-f", "-o", "/dev/null")


def measure(folder, prefix, rounds):
    if prefix:
        rounds = max(rounds // 50, 2)
    output = subprocess.run((*prefix, folder / "calls", str(rounds)), check=True,
                            capture_output=True, text=True).stdout
    return [float(word) for word in output.split()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--gyr", default=ROOT / "build/cli/gyr")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--no-strace", action="store_true")
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("[skipped] bench live: needs root")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        build(folder)
        chosen = [v for v in variants(pathlib.Path(options.gyr).resolve(), folder, options)
                  if options.only in v[0] or v[0] in ("nothing attached", "empty program",
                                                      "record of 80 bytes")]
        best = {}
        for _ in range(options.repeat):
            for label, attached, prefix in chosen:
                with attached:
                    figures = measure(folder, prefix, options.rounds)
                best[label] = [min(pair) for pair in zip(figures, best.get(label, figures))]
        print(f"{'ns per call, the fastest (added)':34}" + "".join(f"{c:>20}" for c in CALLS))
        bare = best["nothing attached"]
        for label, figures in best.items():
            cells = (f"{f:.0f} ({f - b:+.0f})" for f, b in zip(figures, bare))
            print(f"{label:34}" + "".join(f"{cell:>20}" for cell in cells))
        for label, attached, _ in chosen:
            if isinstance(attached, Gyr):
                print(f"{label}: {' '.join(attached.said)}")


if __name__ == "__main__":
    main()
