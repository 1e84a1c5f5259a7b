#!/usr/bin/env python3
"""Boots other kernels in an emulator and checks gyr in each. README.md explains it.

    run.py [--gyr PATH] [--update] [--limit S] [--verbose] [KERNEL…]    KERNEL: 5.10, 6.1, …

Prints one line per check and exits 1 if one failed.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
import guest  # noqa: E402
import kernels  # noqa: E402
from checks import CHECKS, Check, verdict  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("qemu-system-x86_64", "cpio", "busybox", "ldd", "apt-get", "dpkg-deb")
SHOWN = 30  # lines of a failed check's output, of the console


def indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines()[-SHOWN:])


def compile_probe(folder: Path) -> Path | None:
    """The BPF object of the check "bpf"; None without the means to make and load it."""
    clang = shutil.which("clang-16") or shutil.which("clang")
    if not clang or not bpftool():
        return None
    target = folder / "probe.bpf.o"
    subprocess.run([clang, "-target", "bpf", "-O2", "-g", "-Wall", "-Werror", "-c",
                    guest.HERE / "probe.bpf.c", "-o", target], check=True)
    return target


def bpftool() -> Path | None:
    found = shutil.which("bpftool", path="/usr/sbin:/sbin:/usr/bin:/bin")
    return Path(found) if found else None


def missing(check: Check, gyr: Path, probe: Path | None) -> str:
    """Why the check can't be made; empty if it can."""
    match check.needs:
        case "":
            return ""
        case "bpf":
            return "" if probe else "clang or bpftool is not installed"
        case "gyr":
            return "" if gyr.is_file() else f"there is no {gyr}"
        case word:
            if not gyr.is_file():
                return f"there is no {gyr}"
            text = subprocess.run([gyr, "--help"], capture_output=True, text=True, check=False)
            return "" if word in text.stdout.split() else f"this gyr has no {word}"


class Matrix:
    def __init__(self, arguments: argparse.Namespace):
        self.arguments = arguments
        self.cache = arguments.cache.resolve()
        self.failed = 0
        self.initramfs = Path()
        self.chosen: list[Check] = []
        self.skipped: dict[str, str] = {}

    def prepare(self) -> None:
        """The initramfs, the same for all kernels."""
        self.cache.mkdir(parents=True, exist_ok=True)
        gyr = self.arguments.gyr.resolve()
        probe = compile_probe(self.cache)
        for check in CHECKS:
            reason = missing(check, gyr, probe)
            if reason:
                self.skipped[check.name] = reason
            else:
                self.chosen.append(check)
        programs = [path for path in (gyr, bpftool()) if path and path.is_file()]
        self.initramfs = guest.make_initramfs(programs, [probe] if probe else [], self.chosen,
                                              self.cache)

    def run(self, kernel: kernels.Kernel) -> None:
        try:
            image = kernels.image(kernel, self.cache, self.arguments.update)
        except kernels.Unavailable as reason:
            print(f"[skipped] matrix {kernel.series}: {reason}", flush=True)
            return
        folder = self.cache / "runs" / kernel.series
        folder.mkdir(parents=True, exist_ok=True)
        boot = guest.boot(image, self.initramfs, folder, self.arguments.limit)
        version = image.name.removeprefix("vmlinuz-")
        print(f"matrix {kernel.series}: {version}, {boot.boot_s:.1f} s to boot, "
              f"{boot.total_s:.1f} s in all")
        for check in CHECKS:
            self.report(kernel, check, boot)
        if boot.end:
            self.fail(f"{kernel.series}: {boot.end}; the end of {folder}/console.txt:",
                      (folder / "console.txt").read_text(errors="replace"))
        sys.stdout.flush()

    def report(self, kernel: kernels.Kernel, check: Check, boot: guest.Boot) -> None:
        title = f"{kernel.series}: {check.name}"
        finding = boot.report.findings.get(check.name)
        if check.name in self.skipped:
            print(f"[skipped] matrix {title}: {self.skipped[check.name]}")
        elif not finding:
            self.fail(f"{title}: did not get its turn", "")
        elif reason := verdict(check, finding.status, finding.output):
            self.fail(f"{title}: {reason}", finding.output)
        else:
            print(f"[passed] matrix {title} ({finding.seconds:.1f} s)")
            if self.arguments.verbose:
                print(indented(finding.output), end="")

    def fail(self, text: str, output: str) -> None:
        self.failed += 1
        print(f"[failed] matrix {text}\n{indented(output)}", end="")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gyr", type=Path, default=ROOT / "build" / "cli" / "gyr")
    parser.add_argument("--cache", type=Path, default=ROOT / "build-matrix")
    parser.add_argument("--update", action="store_true", help="look for newer kernels")
    parser.add_argument("--limit", type=float, default=300, metavar="S", help="per boot")
    parser.add_argument("--verbose", action="store_true", help="show what passed checks print")
    parser.add_argument("kernel", nargs="*", metavar="KERNEL", help="a series, such as 6.1")
    arguments = parser.parse_args()
    known = {kernel.series: kernel for kernel in kernels.KERNELS}
    for series in arguments.kernel:
        if series not in known:
            parser.error(f"no kernel '{series}'; there are {' '.join(known)}")
    absent = [tool for tool in TOOLS if not shutil.which(tool)]
    if absent:
        print(f"[skipped] matrix: not installed: {' '.join(absent)} (./dev setup matrix)")
        return 0
    matrix = Matrix(arguments)
    matrix.prepare()
    for series in arguments.kernel or known:
        matrix.run(known[series])
    return 1 if matrix.failed else 0


if __name__ == "__main__":
    sys.exit(main())
