"""Running gyr for a check of live captures, and running the checks."""

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROGRAMS = ROOT / "tests" / "live" / "programs"


class Failure(Exception):
    pass


class Bench:
    """gyr, and a folder to work in."""

    def __init__(self, gyr, folder):
        self.gyr, self.folder = gyr, folder

    def run(self, *words, status=0, input=None):
        done = subprocess.run((self.gyr, *words), capture_output=True, text=True, errors="replace",
                              timeout=120, cwd=self.folder, input=input)
        if done.returncode != status:
            raise Failure(f"status {done.returncode} instead of {status}: {done.stderr}")
        return done

    def lines(self, *words, status=0):
        return self.run(*words, status=status).stdout.splitlines()

    def compiled(self, name):
        subprocess.run(("gcc", "-O2", "-pthread", "-o", self.folder / name,
                        PROGRAMS / f"{name}.c"), check=True)
        return self.folder / name


def expect(holds, *found):
    if not holds:
        raise Failure(" | ".join(str(f) for f in found)[:2000])


def wait_until_attached(gyr):
    """Signals before that would only disturb the loading."""
    for _ in range(1200):
        links = []
        for fd in Path(f"/proc/{gyr.pid}/fd").iterdir():
            try:
                links.append(os.readlink(fd))
            except OSError:
                pass
        if any("bpf-link" in link or "bpf_link" in link for link in links):
            return
        time.sleep(0.05)
    raise Failure("the probe was not attached within a minute")


def main(name, checks):
    """Prints `[passed] NAME CHECK`, or `[failed]` with what was found instead."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--gyr", type=Path, default=ROOT / "build" / "cli" / "gyr")
    parser.add_argument("word", nargs="?", default="", help="only checks whose name contains it")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        print(f"[skipped] {name}: needs root")
        return 0
    failures = 0
    for check in checks:
        if arguments.word not in check.__name__:
            continue
        with tempfile.TemporaryDirectory(prefix="gyr-live-") as folder:
            try:
                check(Bench(arguments.gyr.resolve(), Path(folder)))
                print(f"[passed] {name} {check.__name__}", flush=True)
            except (Failure, subprocess.SubprocessError, OSError, ValueError, KeyError) as wrong:
                failures += 1
                print(f"[failed] {name} {check.__name__}: {wrong}", flush=True)
    return 1 if failures else 0
