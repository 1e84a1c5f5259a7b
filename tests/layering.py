#!/usr/bin/env python3
"""Checks the shape of the source tree.

1. Includes go in the permitted direction only (ORDER, below).
2. No source file is longer than MAX_LINES; data (.tsv, tests/data) may be.
3. Every .cpp is listed in the meson.build of its folder.

Prints `file:line: what is wrong` per offence and exits 1 if there was one. `--self-test` plants
one offence of each kind in a temporary tree and checks that it is found.
"""

import argparse
import os
import re
import sys
import tempfile
from pathlib import Path

# A folder may include itself and whatever stands before it; folders that stand together may not
# include each other.
ORDER = [
    ["base"],
    ["schema"],
    ["capture"],
    ["decoder"],
    ["filter"],
    ["chisels", "rules", "plugins"],
    ["cli"],
]
RANK = {folder: rank for rank, folders in enumerate(ORDER) for folder in folders}
OF_FILTERS = {"probe/filter_config.h", "probe/marks.h"}
MAX_LINES = 600
SOURCE = {".cpp", ".hpp", ".c", ".h", ".py", ".lua", ".sh"}
CXX = {".cpp", ".hpp", ".c", ".h"}
INCLUDE = re.compile(r'\s*#\s*include\s*[<"]([^">]+)[">]')


def source_files(root):
    """Paths of all source files, relative to root; build directories and hidden ones left out."""
    for folder, subfolders, names in os.walk(root):
        at = Path(folder).relative_to(root)
        subfolders[:] = sorted(
            name for name in subfolders
            if not name.startswith((".", "__")) and (at.parts or not name.startswith("build"))
            and at / name != Path("tests/data"))
        for name in sorted(names):
            if Path(name).suffix in SOURCE or (not at.parts and name == "dev"):
                yield at / name


def include_offence(folder, target):
    """What is wrong with a file of `folder` including `target`; None if it may."""
    if target.startswith("../"):
        return f'write "{target}" from the project root'
    to = target.split("/")[0] if "/" in target else folder
    if folder == "tests" or to == folder:
        return None
    if folder == "probe":
        return None if to not in RANK or (to == "schema" and target.endswith(".h")) else (
            f"probe may include only schema's generated C headers, not {target}")
    if to == "tests":
        return f"only tests may include {target}"
    if to == "probe":  # the loader embeds the compiled probe; a filter says what it may pass over
        allowed = folder == "capture" or (folder == "filter" and target in OF_FILTERS)
        return None if allowed else f"only capture may include {target}"
    if folder not in RANK or to not in RANK:
        return None
    return None if RANK[to] < RANK[folder] else f"{folder} may not include {target}"


def include_offences(path, lines):
    folder = path.parts[0]
    if path.suffix not in CXX or len(path.parts) < 2:
        return
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        offence = match and include_offence(folder, match[1])
        if offence:
            yield f"{path}:{number}: {offence}"


def length_offences(path, lines):
    if len(lines) > MAX_LINES:
        yield f"{path}:{MAX_LINES + 1}: {len(lines)} lines; split it, the limit is {MAX_LINES}"


def meson_offences(root, path):
    """The nearest meson.build above the file must name it, with or without `.cpp`."""
    if path.suffix != ".cpp":
        return
    for folder in path.parents:
        meson = root / folder / "meson.build"
        if meson.exists():
            name = re.escape(str(path.relative_to(folder).with_suffix("")))
            if not re.search(rf"'{name}(\.cpp)?'", meson.read_text(encoding="utf-8")):
                yield f"{path}:1: not listed in {folder / 'meson.build'}"
            return
    yield f"{path}:1: no meson.build above it"


def offences(root):
    for path in source_files(root):
        lines = (root / path).read_text(encoding="utf-8").splitlines()
        yield from include_offences(path, lines)
        yield from length_offences(path, lines)
        yield from meson_offences(root, path)


SELF_TEST_TREE = {
    "base/meson.build": "files('good.cpp', 'up.cpp')",
    "base/good.cpp": '#include "base/text.hpp"\n#include <vector>\n',
    "base/up.cpp": '\n#include "capture/reader.hpp"\n',
    "base/unlisted.cpp": "",
    "base/long.hpp": "//\n" * (MAX_LINES + 1),
    "chisels/sideways.hpp": '#include "rules/engine.hpp"\n',
    "cli/fine.hpp": '#include "rules/engine.hpp"\n#include "nlohmann/json.hpp"\n',
    "filter/fine.hpp": '#include "probe/filter_config.h"\n',
    "filter/greedy.hpp": '#include "probe/maps.h"\n',
    "decoder/dots.hpp": '#include "../base/text.hpp"\n',
    "probe/fine.c": '#include "schema/events.h"\n#include <linux/bpf.h>\n',
    "probe/greedy.c": '#include "schema/schema.hpp"\n',
    "tests/fine.hpp": '#include "cli/options.hpp"\n',
    "tests/data/big.c": "//\n" * (MAX_LINES + 1),
    "build-x/ignored.cpp": "",
}
SELF_TEST_OFFENCES = [
    "base/long.hpp:601", "base/unlisted.cpp:1", "base/up.cpp:2", "chisels/sideways.hpp:1",
    "decoder/dots.hpp:1", "filter/greedy.hpp:1", "probe/greedy.c:1",
]


def self_test():
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        for name, text in SELF_TEST_TREE.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        found = sorted(":".join(line.split(":")[:2]) for line in offences(root))
    if found != SELF_TEST_OFFENCES:
        print(f"expected {SELF_TEST_OFFENCES}\nfound    {found}")
        return 1
    return 0


def main():
    parser = argparse.ArgumentParser(description="Check the shape of the source tree.")
    parser.add_argument("--self-test", action="store_true", help="check this checker")
    if parser.parse_args().self_test:
        return self_test()
    found = list(offences(Path(__file__).resolve().parent.parent))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
