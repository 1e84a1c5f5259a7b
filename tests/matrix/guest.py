"""The guest: its root file system, its boot, and the report it sends back.

The file system is an initramfs with busybox, the programs under test with their shared libraries,
and the checks as files. init runs them and writes to the second serial port:

    ready UPTIME
    check NAME STATUS START END SIZE      START and END in seconds of uptime
    SIZE bytes: the output
    done UPTIME
"""

import shutil
import subprocess
import textwrap
import time
from dataclasses import dataclass, field
from pathlib import Path

from checks import CHECK_LIMIT_S, Check

HERE = Path(__file__).resolve().parent
FOLDERS = ("bin", "checks", "dev", "etc", "proc", "root", "sys", "tmp", "var")
FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
    "etc/shadow": "root:*:20000:0:99999:7:::\n",
    "etc/group": "root:x:0:\nnogroup:x:65534:\n",
    "etc/hostname": "matrix\n",
    "limit": f"limit={CHECK_LIMIT_S}\n",
}
MEMORY_MB = 1024
CPUS = 2


@dataclass(frozen=True)
class Finding:
    name: str
    status: int
    seconds: float
    output: str


@dataclass
class Report:
    ready: bool = False
    done: bool = False
    findings: dict[str, Finding] = field(default_factory=dict)


@dataclass
class Boot:
    report: Report
    boot_s: float  # until the first check could begin
    total_s: float
    end: str  # "" if it went to its end, else what came in between


def libraries(program: Path) -> list[Path]:
    """The shared libraries of a program and its loader, as the loader finds them here."""
    listed = subprocess.run(["ldd", program], capture_output=True, text=True, check=False)
    said = listed.stdout + listed.stderr
    if "not a dynamic executable" in said:
        return []
    if listed.returncode or "not found" in said:
        raise OSError(f"ldd {program}: {said.strip()}")
    return [Path(word) for word in listed.stdout.split() if word.startswith("/")]


def add_program(program: Path, root: Path) -> None:
    """Copies a program to /bin, and what it needs to where it is here."""
    shutil.copy(program, root / "bin" / program.name)
    for library in libraries(program):
        target = root / library.relative_to("/")
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, target)


def make_initramfs(programs: list[Path], extra: list[Path], checks: list[Check],
                   folder: Path) -> Path:
    """Makes FOLDER/initramfs.cpio. Extra files come to the root."""
    root = folder / "root"
    shutil.rmtree(root, ignore_errors=True)
    for name in FOLDERS:
        (root / name).mkdir(parents=True)
    for name, text in FILES.items():
        (root / name).write_text(text, encoding="utf-8")
    busybox = Path(shutil.which("busybox") or "busybox")
    for program in (busybox, *programs):
        add_program(program, root)
    for name in subprocess.check_output([busybox, "--list"], text=True).split():
        if not (root / "bin" / name).exists():
            (root / "bin" / name).symlink_to("busybox")
    for path in (HERE / "init", *extra):
        shutil.copy(path, root / path.name)
    (root / "init").chmod(0o755)
    for number, check in enumerate(checks):
        script = textwrap.dedent(check.script).strip() + "\n"
        (root / "checks" / f"{number:02}-{check.name}").write_text(script, encoding="utf-8")
    return pack(root, folder / "initramfs.cpio")


def pack(root: Path, archive: Path) -> Path:
    names = [".", *sorted(str(path.relative_to(root)) for path in root.rglob("*"))]
    with archive.open("wb") as to:
        subprocess.run(["cpio", "-o", "-H", "newc", "-R", "0:0", "--quiet"], cwd=root, stdout=to,
                       input="\n".join(names).encode(), check=True)
    return archive


def read_report(data: bytes) -> Report:
    """Reads as much of a report as there is: the guest may still be writing it, or be dead."""
    report = Report()
    while (end := data.find(b"\n")) >= 0:
        words = data[:end].decode(errors="replace").split()
        data = data[end + 1:]
        match words:
            case ["ready", _]:
                report.ready = True
            case ["done", _]:
                report.done = True
            case ["check", name, status, start, stop, size] if len(data) >= int(size):
                output, data = data[:int(size)], data[int(size):]
                name = name.partition("-")[2]
                report.findings[name] = Finding(name, int(status), float(stop) - float(start),
                                                output.decode(errors="replace"))
            case _:
                break
    return report


def command(image: Path, initramfs: Path, folder: Path) -> list[str]:
    # A dead kernel ends the boot: panic=-1 restarts at once, and -no-reboot makes an end of that.
    return ["qemu-system-x86_64", "-accel", "tcg,thread=multi", "-smp", str(CPUS), "-m",
            str(MEMORY_MB), "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-serial", f"file:{folder}/console.txt", "-serial", f"file:{folder}/report.txt",
            "-kernel", str(image), "-initrd", str(initramfs),
            "-append", "console=ttyS0 no_timer_check panic=-1 rdinit=/init loglevel=5"]


def boot(image: Path, initramfs: Path, folder: Path, limit_s: float) -> Boot:
    """Boots and waits for the end. The folder keeps console.txt and report.txt."""
    path = folder / "report.txt"
    path.write_bytes(b"")
    start = time.monotonic()
    boot_s, end = 0.0, ""
    with (folder / "qemu.txt").open("wb") as log:
        process = subprocess.Popen(command(image, initramfs, folder), stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log)
    try:
        while process.poll() is None:
            elapsed = time.monotonic() - start
            if elapsed > limit_s:
                end = f"not done after {limit_s:g} s"
                break
            if not boot_s and path.stat().st_size:
                boot_s = elapsed
            time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
    report = read_report(path.read_bytes())
    if not report.done and not end:
        end = f"the guest stopped early (qemu's exit status is {process.returncode})"
    return Boot(report, boot_s, time.monotonic() - start, end)
