#!/usr/bin/env python3
"""Tests of the case runner itself, with a shell script in the place of gyr."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

RUNNER = Path(__file__).resolve().parent / "run.py"
FAKE_GYR = """#!/bin/bash
case $1 in
  lines) printf 'one\\ntwo 42\\nEND\\n' ;;
  bare) printf 'no newline' ;;
  error) echo "gyr: $DATA/x: bad" >&2; exit 1 ;;
  crash) kill -SEGV $$ ;;
  where) echo "$TMP $TZ ${NO_COLOR-unset}"; pwd; cat ;;
  bytes) printf 'a\\xff\\n' ;;
esac
"""
LINES = "NAME lines\nRUN gyr lines  # a comment\nEXPECT\none\ntwo {{*}}\n\\END\nEND\n"
ERROR = "NAME error\nRUN gyr error\nSTATUS 1   # why\nEXPECT\nSTDERR\ngyr: $DATA/x: {{*}}\nEND\n"


class RunnerTest(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name)
        gyr = self.folder / "bin/gyr"
        gyr.parent.mkdir()
        gyr.write_text(FAKE_GYR)
        gyr.chmod(0o755)

    def run_cases(self, text, *args):
        """(status, output lines, the case file afterwards)"""
        path = self.folder / "some.case"
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        done = subprocess.run(
            [sys.executable, RUNNER, "--gyr", self.folder / "bin/gyr", "--cases", self.folder, *args],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            env=os.environ | {"GYR_CORPUS": str(self.folder / "none"), "NO_COLOR": "1"})
        after = path.read_bytes().decode("utf-8", "surrogateescape")
        return done.returncode, done.stdout.splitlines(), after

    def expect(self, text, passed, failed, skipped, *args):
        status, lines, after = self.run_cases(text, *args)
        counts = f"cases: {passed} passed, {failed} failed, {skipped} skipped"
        self.assertEqual(lines[-1], counts, "\n".join(lines))
        self.assertEqual(status, 1 if failed else 0)
        return lines, after

    def test_passing(self):
        self.expect("# about these\n\n" + LINES + "\n" + ERROR, 2, 0, 0)

    def test_filter(self):
        self.expect(LINES + ERROR, 1, 0, 0, "err")

    def test_failures(self):
        self.expect(LINES.replace("one", "1"), 0, 1, 0)
        self.expect(LINES.replace("one\n", ""), 0, 1, 0)
        self.expect(ERROR.replace("STATUS 1", "STATUS 2"), 0, 1, 0)
        self.expect(ERROR.replace("STDERR\n", ""), 0, 1, 0)
        self.expect("NAME silent on stderr\nRUN gyr error\nSTATUS 1\nEXPECT\nEND\n", 0, 1, 0)

    def test_diff_shows_only_what_differs(self):
        lines, _ = self.expect(LINES.replace("one", "1"), 0, 1, 0)
        self.assertIn("-1", lines)
        self.assertIn("+one", lines)
        self.assertIn(" two {{*}}", lines)

    def test_crash_is_a_status(self):
        lines, _ = self.expect("NAME c\nRUN gyr crash\nEXPECT\nEND\n", 0, 1, 0)
        self.assertIn("+STATUS 139", lines)

    def test_environment(self):
        self.expect("NAME w\nRUN gyr where\nEXPECT\n$TMP UTC unset\n$TMP\nEND\n", 1, 0, 0)

    def test_continued_command(self):
        self.expect("NAME w\nRUN gyr lines |\n  head -1\nEXPECT\none\nEND\n", 1, 0, 0)

    def test_no_corpus(self):
        lines, _ = self.expect("NAME c\nRUN gyr -r $CORPUS/x\nEXPECT\nEND\n", 0, 0, 1)
        self.assertIn("SKIP c (", lines[0])

    def test_mistakes(self):
        for text in ("NAME x\nRUN gyr\nEXPECT\n", "NAME x\nEXPECT\nEND\n", "junk\n",
                     "NAME x\nNAME y\nRUN z\nEXPECT\nEND\n", "RUN x\nEXPECT\nEND\n",
                     "NAME x\nRUN x\nSTATUS no\nEXPECT\nEND\n"):
            self.expect(text, 0, 1, 0)

    def test_accept(self):
        stale = LINES.replace("one", "1") + "# between\n" + ERROR.replace("STATUS 1", "STATUS 0")
        _, after = self.expect(stale, 2, 0, 0, "--accept")
        self.assertEqual(after, LINES + "# between\n" + ERROR)

    def test_accept_from_nothing(self):
        text = "".join(f"NAME {n}\nRUN gyr {n}\nEXPECT\nEND\n" for n in ("lines", "bare", "bytes"))
        text += "NAME error\nRUN gyr error\nEXPECT\nEND\n"
        _, after = self.expect(text, 4, 0, 0, "--accept")
        self.assertIn("EXPECT\none\ntwo 42\n\\END\nEND\n", after)
        self.assertIn("EXPECT\nno newline\n\\ no newline at the end\nEND\n", after)
        self.assertIn("a\udcff\n", after)
        self.assertIn("STATUS 1\nEXPECT\nSTDERR\ngyr: $DATA/x: bad\nEND\n", after)
        _, again = self.expect(after, 4, 0, 0)
        self.assertEqual(again, after)


if __name__ == "__main__":
    unittest.main()
