#!/usr/bin/env python3
"""What a capture costs those who are captured.

    live.py [--gyr FILE] [--rounds N] [--repeat N] [--seconds N] [--only WORD]

Three loads: single calls in a loop (nanoseconds per call), a compilation (seconds), and a request
server with its clients on loopback (requests per second). Each runs with nothing attached, over the
floor (an empty program at the end of each call, one that sends 80 bytes, one at both ends), under
gyr (nothing wanted, one type of event, everything recorded), strace -f and perf trace; all in turns
within one run, since machines drift. The best of all turns counts. Needs root.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CALLS = ("getppid", "read 1 byte", "openat+close")
SLOWER = 50  # so many fewer rounds of single calls for those who stop the caller at each
ALWAYS = ("nothing attached", "empty program", "record of 80 bytes")


def build(folder):
    run = lambda *command: subprocess.run(command, check=True)
    source = HERE / "live"
    run("gcc", "-O2", "-o", folder / "calls", source / "calls.c")
    run("gcc", "-O2", "-pthread", "-o", folder / "server", source / "server.c")
    triplet = subprocess.run(("gcc", "-print-multiarch"), check=True, capture_output=True,
                             text=True).stdout.strip()
    run("clang", "-O2", "-g", "-target", "bpf", f"-I/usr/include/{triplet}", "-c",
        source / "floor.bpf.c", "-o", folder / "floor.o")
    run("gcc", "-O2", "-o", folder / "floor", source / "floor.c", "-lbpf")


# ---- what runs beside the load ----

class Nothing:
    def __enter__(self):
        pass

    def __exit__(self, *_):
        pass


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


def is_attached(pid):
    """Whether the process holds a link to a BPF program."""
    for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            if "bpf" in os.readlink(fd) and "link" in os.readlink(fd):
                return True
        except OSError:
            pass
    return False


class Gyr:
    """A capture; `said` collects what it says at its end."""

    def __init__(self, gyr, *arguments):
        self.command = (gyr, *arguments)
        self.said = []

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 60
        while not is_attached(self.process.pid):
            if self.process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"live.py: gyr does not capture: {self.process.communicate()[1]}")
            time.sleep(0.05)
        time.sleep(0.5)  # the snapshot

    def __exit__(self, *_):
        self.process.send_signal(2)
        self.said += self.process.communicate()[1].strip().splitlines()[-1:]


@dataclass
class Variant:
    label: str
    beside: object = field(default_factory=Nothing)
    prefix: tuple = ()


def variants(gyr, folder):
    trace = folder / "trace.scap"
    yield Variant("nothing attached")
    yield Variant("empty program", Floor(folder, "empty"))
    yield Variant("empty programs at both ends", Floor(folder, "empty", "empty_enter"))
    yield Variant("record of 80 bytes", Floor(folder, "record"))
    yield Variant("gyr, one type", Gyr(gyr, "-q", "evt.type=chroot"))
    yield Variant("gyr, one type, no latency", Gyr(gyr, "-q", "--no-latency", "evt.type=chroot"))
    yield Variant("gyr -w", Gyr(gyr, "-w", trace))
    yield Variant("gyr -w, no latency", Gyr(gyr, "--no-latency", "-w", trace))
    if shutil.which("perf"):
        yield Variant("perf trace", prefix=("perf", "trace", "-o", folder / "trace.txt", "--"))
    if shutil.which("strace"):
        yield Variant("strace -f", prefix=("strace", "-f", "-o", folder / "trace.txt"))


# ---- loads ----

def output_of(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True).stdout


def measure(folder, variant, options):
    """Nanoseconds of each call, seconds of the compilation, microseconds of a request."""
    rounds = options.rounds // (SLOWER if variant.prefix else 1)
    calls = output_of(*variant.prefix, folder / "calls", str(max(rounds, 2)))
    start = time.monotonic()
    output_of(*variant.prefix, HERE / "live" / "compile.sh")
    seconds = time.monotonic() - start
    served = folder / "calls"  # any file of a kilobyte
    requests = output_of(*variant.prefix, folder / "server", str(options.seconds), served)
    return [*map(float, calls.split()), seconds, 1e6 / float(requests)]


# ---- tables ----

def print_calls(best, bare):
    print(f"\n{'ns per call (added)':30}" + "".join(f"{name:>20}" for name in CALLS))
    for label, figures in best.items():
        cells = (f"{f:.0f} ({f - b:+.0f})" for f, b in zip(figures[:3], bare))
        print(f"{label:30}" + "".join(f"{cell:>20}" for cell in cells))


def print_loads(best, bare):
    print(f"\n{'':30}{'compilation (times)':>24}{'requests/s (times)':>24}")
    for label, (*_, seconds, request) in best.items():
        compilation = f"{seconds:.2f} s ({seconds / bare[3]:.2f})"
        server = f"{1e6 / request:.0f} ({bare[4] / request:.2f})"
        print(f"{label:30}{compilation:>24}{server:>24}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--gyr", default=ROOT / "build/cli/gyr")
    parser.add_argument("--rounds", type=int, default=200, help="of single calls")
    parser.add_argument("--repeat", type=int, default=3, help="turns")
    parser.add_argument("--seconds", type=int, default=2, help="of the server")
    parser.add_argument("--only", default="", help="those whose name has this word, and the floor")
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("[skipped] bench live: needs root")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        build(folder)
        chosen = [v for v in variants(pathlib.Path(options.gyr).resolve(), folder)
                  if options.only in v.label or v.label in ALWAYS]
        best = {}
        for turn in range(options.repeat):
            for variant in chosen:
                print(f"turn {turn + 1}: {variant.label}", file=sys.stderr, flush=True)
                with variant.beside:
                    figures = measure(folder, variant, options)
                known = best.get(variant.label, figures)
                best[variant.label] = [min(pair) for pair in zip(figures, known)]
        print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print_calls(best, best["nothing attached"])
        print_loads(best, best["nothing attached"])
        for variant in chosen:
            if isinstance(variant.beside, Gyr):
                print(f"\n{variant.label} said:", *variant.beside.said, sep="\n  ")


if __name__ == "__main__":
    main()
