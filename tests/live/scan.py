#!/usr/bin/env python3
"""Rules over what happens: the formats that gather until the end, and what a recording keeps.

    scan.py [--gyr PATH] [WORD]     WORD: only checks whose name contains it

Prints `[passed] live scan NAME`, or `[failed]` with what was found instead.
"""

import json
import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as tree
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent / "support"))
import bench  # noqa: E402
from bench import ROOT, expect, wait_until_attached  # noqa: E402

RULES = """
- rule: Host name read
  desc: Somebody wants to know.
  condition: evt.type in (open, openat) and fd.name = /etc/hostname
  output: '%proc.name reads %fd.name'
  priority: WARNING
"""


def interrupted_scan(b, file_format):
    """What is written when an interrupt ends a scan in which the rule matched twice."""
    (b.folder / "rules.yaml").write_text(RULES)
    out = b.folder / f"found.{file_format}"
    with subprocess.Popen((b.gyr, "scan", "-r", "rules.yaml", "--format", file_format,
                           "--output", out), cwd=b.folder, stderr=subprocess.PIPE,
                          text=True) as gyr:
        wait_until_attached(gyr)
        time.sleep(1)
        for _ in range(2):
            subprocess.run(("cat", "/etc/hostname"), stdout=subprocess.DEVNULL, check=True)
        time.sleep(1)
        gyr.send_signal(signal.SIGINT)
        said = gyr.communicate(timeout=60)[1]
        expect(gyr.returncode == 0, gyr.returncode, said)
    return out.read_text()


def sarif(b):
    run = json.loads(interrupted_scan(b, "sarif"))["runs"][0]
    cats = [r for r in run["results"] if r["properties"]["processes"][0]["name"] == "cat"]
    expect(len(cats) == 2, run["results"])
    expect(cats[0]["message"]["text"] == "cat reads /etc/hostname", cats)
    expect(run["invocations"] == [{"executionSuccessful": True}], run["invocations"])


def junit(b):
    suites = tree.fromstring(interrupted_scan(b, "junit"))
    expect([s.get("name") for s in suites] == ["live"], len(suites))
    lines = suites.find("testsuite/testcase/failure").text.splitlines()
    expect(sum("cat reads /etc/hostname" in line for line in lines) == 2, lines)


def html(b):
    page = interrupted_scan(b, "html")
    checker = ROOT / "tests/cases/check_html.py"
    said = subprocess.run((sys.executable, checker), input=page, text=True, capture_output=True)
    expect(said.returncode == 0, said.stdout, said.stderr)
    expect(len(re.findall("<span class=\"message\">cat reads /etc/hostname", page)) == 2, page)
    expect("Events of the live host are not kept." in page, page)
    expect("The scan was interrupted" not in page, page)


def recording(b):
    """The alerts of a recording are those that were given while it was made."""
    script = "cat /etc/shadow >/dev/null; cp /bin/true ./payload; ./payload; rm payload; env -i true"
    live = b.lines("scan", "--format", "json", "-w", "all.scap", "--", "sh", "-c", script)
    expect(any("/etc/shadow" in line for line in live), live)
    again = b.lines("scan", "--format", "json", "all.scap")
    expect(live == again, live, again)


CHECKS = (sarif, junit, html, recording)

if __name__ == "__main__":
    sys.exit(bench.main("live scan", CHECKS))
