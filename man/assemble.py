#!/usr/bin/env python3
"""Puts a manual page together.

    assemble.py TEMPLATE VERSION OUTPUT [PART_FILE...]

A line `@NAME@` of the template is replaced by the part file NAME.roff; `@VERSION@` anywhere by the
version. A part that is named but not given, or given but not named, is an error.
"""

import pathlib
import re
import sys

PART = re.compile(r"@([a-z_]+)@")


def main():
    template, version, output, *part_files = sys.argv[1:]
    parts = {pathlib.Path(name).stem: pathlib.Path(name).read_text() for name in part_files}
    lines, used = [], set()
    for line in pathlib.Path(template).read_text().splitlines():
        if match := PART.fullmatch(line):
            name = match[1]
            if name not in parts:
                sys.exit(f"{template}: no part '{name}'")
            used.add(name)
            lines.append(parts[name].rstrip("\n"))
        else:
            lines.append(line.replace("@VERSION@", version))
    if unused := parts.keys() - used:
        sys.exit(f"{template}: does not use {', '.join(sorted(unused))}")
    pathlib.Path(output).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
