#!/usr/bin/env python3
"""Writes a trace whose processes have names and arguments that try to break out of any page.

    hostile_trace.py [EVENTS] >hostile.scap

Each event is a chdir of one of the processes, all within a second.
"""

import struct
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "differential"))
import scapfile

START = 1_700_000_000_000_000_000
CHDIR_EXIT = 95
NAMES = [
    b"<script>alert(1)</script>",
    b"\"'><img src=x onerror=alert(2)>",
    b"</pre></details></style><!-- ",
    b"]]>&lt;&#60;&amp;",
    b"esc\x1b[2J\x07\r\n\ttab",
    b"bad\xff\xfe\xc3(utf\xed\xa0\x80\xf4\x90\x80\x80",
    b"rtl\xe2\x80\xaegpj.exe\xc2\x85\xef\xbf\xbe",
    b"javascript:alert(3)",
]


def main():
    events = int(sys.argv[1]) if len(sys.argv) > 1 else len(NAMES)
    threads = [scapfile.Thread(100 + i, 100 + i, 99 + i, name, exe=b"/bin/" + name,
                               args=name + b"\0-c\0" + name + b"\0", cwd=b"/" + name)
               for i, name in enumerate(NAMES)]
    trace = scapfile.section() + scapfile.machine(2, START - 10**12) + scapfile.processes(threads)
    for i in range(events):
        which = i % len(NAMES)
        params = [struct.pack("<q", 0), b"/tmp/" + NAMES[which] + b"\0"]
        trace += scapfile.event(START + i * 10**9 // events, 100 + which, CHDIR_EXIT, params)
    sys.stdout.buffer.write(trace)


if __name__ == "__main__":
    main()
