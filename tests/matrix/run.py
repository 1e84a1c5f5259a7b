#!/usr/bin/env python3
"""Boots other kernels in an emulator and checks gyr in each. README.md explains it.

    run.py [--gyr PATH] [--update] [--limit S] [--verbose] [--table] [KERNEL…]    KERNEL: 6.1 or so
    run.py --record TRACE KERNEL

Prints one line per check and exits 1 if one failed. --record makes no check, but has gyr record a
small session in the guest: a trace without anything of the machine that this runs on.
"""

import argparse
import base64
import shutil
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
import guest  # noqa: E402
import kernels  # noqa: E402
from checks import CHECKS, RECORDING, Check, verdict  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("qemu-system-x86_64", "cpio", "busybox", "ldd", "pkg-config", "apt-get", "dpkg-deb")
SHOWN = 30  # lines of a failed check's output, of the console


def say(outcome: str, text: str) -> None:
    print(f"[{outcome}] matrix {text}", flush=True)


def indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines()[-SHOWN:])


def compile_probe(folder: Path) -> tuple[Path, Path] | None:
    """The program of the check "bpf" and its BPF object; None without the means to make them."""
    clang = shutil.which("clang-16") or shutil.which("clang")
    libbpf = subprocess.run(["pkg-config", "--cflags", "--libs", "libbpf"], capture_output=True,
                            text=True, check=False)
    if not clang or libbpf.returncode:
        return None
    loader, probe = folder / "probe_loader", folder / "probe.bpf.o"
    for source, target, options in (
            ("probe_loader.c", loader, libbpf.stdout.split()),
            ("probe.bpf.c", probe, ["-target", "bpf", "-c"])):
        subprocess.run([clang, guest.HERE / source, "-o", target, "-O2", "-g", "-Wall", "-Werror",
                        *options], check=True)
    return loader, probe


def missing(check: Check, gyr: Path, bpf: bool) -> str:
    """Why the check can't be made; empty if it can."""
    match check.needs:
        case "":
            return ""
        case "bpf":
            return "" if bpf else "clang or libbpf-dev is not installed"
        case word:
            text = subprocess.run([gyr, "--help"], capture_output=True, text=True, check=False)
            return "" if word in text.stdout.split() else f"this gyr has no {word}"


class Matrix:
    def __init__(self, arguments: argparse.Namespace):
        self.arguments = arguments
        self.cache = arguments.cache.resolve()
        self.initramfs = Path()
        self.checks = [RECORDING] if arguments.record else CHECKS
        self.chosen: list[Check] = []
        self.skipped: dict[str, str] = {}  # why, by check
        self.columns: dict[str, dict[str, str]] = {}  # of the table: kernel, row, cell
        self.failed = False

    def prepare(self) -> None:
        """The initramfs, the same for all kernels."""
        self.cache.mkdir(parents=True, exist_ok=True)
        gyr = self.arguments.gyr.resolve()
        probe = compile_probe(self.cache)
        for check in self.checks:
            reason = missing(check, gyr, bool(probe))
            if reason:
                self.skipped[check.name] = reason
            else:
                self.chosen.append(check)
        programs, files = ([gyr, probe[0]], [probe[1]]) if probe else ([gyr], [])
        self.initramfs = guest.make_initramfs(programs, files, self.chosen, self.cache)

    def run(self, kernel: kernels.Kernel) -> None:
        column = self.columns[kernel.series] = {}
        try:
            image = kernels.image(kernel, self.cache, self.arguments.update)
        except kernels.Unavailable as reason:
            say("skipped", f"{kernel.series}: {reason}")
            return
        folder = self.cache / "runs" / kernel.series
        folder.mkdir(parents=True, exist_ok=True)
        boot = guest.boot(image, self.initramfs, folder, self.arguments.limit)
        column["release"] = image.name.removeprefix("vmlinuz-")
        column["seconds to boot, in all"] = f"{boot.boot_s:.1f}, {boot.total_s:.1f}"
        print(f"matrix {kernel.series}: {column['release']}, {boot.boot_s:.1f} s to boot, "
              f"{boot.total_s:.1f} s in all")
        for check in self.checks:
            outcome, text, output = self.judge(check, boot)
            column[check.name] = outcome
            self.failed |= outcome == "failed"
            say(outcome, f"{kernel.series}: {check.name}{text}")
            if outcome == "failed" or self.arguments.verbose:
                print(indented(output), end="", flush=True)
        if boot.end:
            self.failed = True
            say("failed", f"{kernel.series}: {boot.end}; the end of {folder}/console.txt:")
            print(indented((folder / "console.txt").read_text(errors="replace")), end="")

    def judge(self, check: Check, boot: guest.Boot) -> tuple[str, str, str]:
        """(outcome, what else to say of it, output)"""
        finding = boot.report.findings.get(check.name)
        if check.name in self.skipped:
            return "skipped", f": {self.skipped[check.name]}", ""
        if not finding:
            return "failed", ": did not come to its end", ""
        if reason := verdict(check, finding.status, finding.output):
            return "failed", f": {reason}", finding.output
        if check is RECORDING:
            self.arguments.record.write_bytes(base64.b64decode(finding.output))
        return "passed", f" ({finding.seconds:.1f} s)", finding.output

    def table(self) -> str:
        """The results in Markdown, for the README."""
        series = list(self.columns)
        rows = list(dict.fromkeys(row for cells in self.columns.values() for row in cells))
        lines = [["", *series], ["---"] * (len(series) + 1)]
        lines += [[row, *(self.columns[name].get(row, "not to be had") for name in series)]
                  for row in rows]
        return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gyr", type=Path, default=ROOT / "build" / "cli" / "gyr")
    parser.add_argument("--cache", type=Path, default=ROOT / "build-matrix")
    parser.add_argument("--update", action="store_true", help="look for newer kernels")
    parser.add_argument("--limit", type=float, default=300, metavar="S", help="per boot")
    parser.add_argument("--verbose", action="store_true", help="show what passed checks print")
    parser.add_argument("--table", action="store_true", help="at the end, the results in Markdown")
    parser.add_argument("--record", type=Path, metavar="TRACE", help="record a small session")
    parser.add_argument("kernel", nargs="*", metavar="KERNEL", help="a series, such as 6.1")
    arguments = parser.parse_args()
    known = {kernel.series: kernel for kernel in kernels.KERNELS}
    for series in arguments.kernel:
        if series not in known:
            parser.error(f"no kernel '{series}'; there are {' '.join(known)}")
    if not arguments.gyr.is_file():
        parser.error(f"there is no {arguments.gyr}; ./dev build makes it")
    absent = [tool for tool in TOOLS if not shutil.which(tool)]
    if absent:
        say("skipped", f"all: not installed: {' '.join(absent)} (./dev setup matrix)")
        return 0
    matrix = Matrix(arguments)
    matrix.prepare()
    for series in arguments.kernel or known:
        matrix.run(known[series])
    if arguments.table:
        print(f"\n{matrix.table()}", end="")
    return 1 if matrix.failed else 0


if __name__ == "__main__":
    sys.exit(main())
