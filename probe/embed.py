#!/usr/bin/env python3
"""Writes a file as a C++ array: embed.py INPUT OUTPUT."""

import pathlib
import sys


def main():
    data = pathlib.Path(sys.argv[1]).read_bytes()
    lines = [",".join(str(byte) for byte in data[at:at + 32]) for at in range(0, len(data), 32)]
    pathlib.Path(sys.argv[2]).write_text(
        "// Generated: the eBPF programs, compiled.\n#pragma once\n\nnamespace gyr::probe {\n\n"
        "alignas(8) inline constexpr unsigned char object_bytes[] = {\n" + ",\n".join(lines) +
        "};\n\n}  // namespace gyr::probe\n", encoding="ascii")


if __name__ == "__main__":
    main()
