#!/usr/bin/env python3
"""Checks the matrix runner itself, without booting anything: what it reads in a guest's report,
what it makes of it, and what it puts into the initramfs. Exits 1 on a difference."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
import guest  # noqa: E402
from checks import CHECKS, Check, verdict  # noqa: E402

REPORT = (b"ready 2.50\n"
          b"check 00-first 0 2.50 3.00 6\none\r\n\xff"
          b"check 01-second 1 3.00 3.25 17\ndone 1.0\nready 2\n"
          b"check 02-third 0 3.25 3.50 0\n"
          b"done 3.60\n")


def read_reports() -> None:
    report = guest.read_report(REPORT)
    assert report.ready and report.done
    assert list(report.findings) == ["first", "second", "third"]
    assert report.findings["first"] == guest.Finding("first", 0, 0.5, "one\r\n\ufffd")
    # Output that looks like the report's own lines is output.
    assert report.findings["second"].output == "done 1.0\nready 2\n"
    for length in range(len(REPORT)):
        partial = guest.read_report(REPORT[:length])
        assert not partial.done
        assert partial.findings.items() <= report.findings.items()


def give_verdicts() -> None:
    check = Check("name", "true", ["^two$", "thr.e"])
    assert verdict(check, 0, "one\ntwo\nthree\n") == ""
    assert "matches 'thr.e'" in verdict(check, 0, "one\ntwo\n")
    assert "matches '^two$'" in verdict(check, 0, "twofold\nthree\n")
    assert "status 1" in verdict(check, 1, "two\nthree\n")
    assert "not done" in verdict(check, 143, "two\nthree\n")
    assert verdict(Check("name", "false", status=1), 1, "") == ""


def keep_names_apart() -> None:
    names = [check.name for check in CHECKS]
    assert len(set(names)) == len(names)
    assert not any(set(name) & set(" /\n") for name in names)


def fill_initramfs() -> None:
    if not shutil.which("cpio") or not shutil.which("busybox"):
        return
    with tempfile.TemporaryDirectory(prefix="gyr-matrix-") as folder:
        archive = guest.make_initramfs([Path("/bin/ls")], [], [Check("a", "true")], Path(folder))
        with archive.open("rb") as data:
            names = subprocess.run(["cpio", "-t", "--quiet"], stdin=data, check=True,
                                   capture_output=True, text=True).stdout.split()
        libraries = [str(path).lstrip("/") for path in guest.libraries(Path("/bin/ls"))]
        assert any("libc.so" in name for name in libraries), libraries
        for name in ("init", "bin/ls", "bin/busybox", "bin/sh", "checks/00-a", *libraries):
            assert name in names, name


if __name__ == "__main__":
    read_reports()
    give_verdicts()
    keep_names_apart()
    fill_initramfs()
