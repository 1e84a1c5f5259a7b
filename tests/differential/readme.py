"""Writes README.md, the tables of the deviations. Run it after a change of deviations.py, formats.py
or the reasons of filters.py."""

from pathlib import Path

import deviations
import filters
import formats

PATH = Path(__file__).resolve().parent / "README.md"
HEAD = """# Differential tests

`run.py` compares what gyr prints with what Debian's sysdig 0.29.3 prints, on the corpus of real
traces and on synthetic ones (`synth.py`), and with lines of sysdig 0.36. `--compat 0.29` is dialect
0.29, the default is dialect today. Lines may differ only in these ways:

| deviation | dialects | traces | why |
| --- | --- | --- | --- |
"""
FIELDS = """
Formats (`-p`) and JSON are compared too, in all the ways in which they are written, and with every
field that both have (`formats.py`), but for these:

| field | output | why |
| --- | --- | --- |
"""
FILTERS = """
Which events filters select is compared as well (`filters.py`, with the filters of `filters.txt`).
Where lines differ, filters on what they say may; besides, these do:

| deviation | why |
| --- | --- |
"""
TAIL = """
A new deviation goes into `deviations.py` (of selections only: `filters.py`), as narrow as it can
be, with its reason; then run `python3 tests/differential/readme.py`, which writes this file.

The synthetic traces leave out what makes sysdig 0.29.3 crash or print stray memory: event types it
does not know, generic events of system calls it does not know, empty texts and fixed-size values,
signals in the middle of a call (whose exit it then does not understand), sockets whose two ends
change, sockets that talk from a port on which another one listens, and
descriptors that its protocol decoders watch (`/dev/log`, whose writes it prints as `syslog
sev=… msg=…`, and `/dev/null`, where it takes what begins with `>` or `<` for a tracer and hides
it).

What the stock chisels print is compared by `chisels/run.py`, whose cases name their own deviations.
Sums over a whole trace leave no pair of lines to rewrite; so the synthetic traces for chisels leave
out what the deviations above are about, too (`plain` in `synth.py`), and nothing may differ.
"""


def text() -> str:
    rows = [f"| {d.id} | {', '.join(d.dialects)} | {d.traces.replace('|', ', ') or 'all'} | "
            f"{d.reason} |\n" for d in deviations.DEVIATIONS]
    return HEAD + "".join(rows) + FIELDS + formats.rows() + FILTERS + filters.rows() + TAIL


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
