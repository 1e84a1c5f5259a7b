#!/usr/bin/env python3
"""Checks the finished manual pages.

    check.py GYR PAGE...

1. Every page renders without a warning at 80 columns (skipped, status 77, without groff).
2. Every option that `GYR --help` shows is explained in gyr.8, under OPTIONS.
"""

import os
import re
import shutil
import subprocess
import sys

SKIPPED = 77  # what meson takes for skipped


def warnings(page):
    done = subprocess.run(["groff", "-man", "-t", "-ww", "-z", "-Tutf8", "-rLL=80n", page],
                          capture_output=True, text=True)
    return done.stderr


def missing_options(gyr, page):
    help_text = subprocess.run([gyr, "--help"], capture_output=True, text=True, check=True).stdout
    with open(page, encoding="utf-8") as file:
        options = file.read().partition(".SH OPTIONS")[2].partition(".SH ")[0]
    shown = set(re.findall(r"\\fB(.*?)\\fR", options.replace(r"\-", "-")))
    wanted = {name for line in help_text.splitlines() if (row := re.match(r"  (-\S.*)", line))
              for name in re.findall(r"(?<![\w-])--?[A-Za-z][\w-]*", row[1].split("  ")[0])}
    return sorted(wanted - shown) if wanted else ["(none found in --help)"]


def main():
    gyr, *pages = sys.argv[1:]
    offences = []
    for page in pages:
        if os.path.basename(page) == "gyr.8":
            offences += [f"{page}: says nothing of {name}" for name in missing_options(gyr, page)]
        if shutil.which("groff"):
            offences += warnings(page).splitlines()
    for offence in offences:
        print(offence)
    if offences:
        sys.exit(1)
    if not shutil.which("groff"):
        sys.exit(SKIPPED)


if __name__ == "__main__":
    main()
