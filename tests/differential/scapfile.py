"""Writes .scap files: the blocks that the synthetic traces are made of.

Layouts as in gyr-scap(5). Everything returns bytes; a trace is the concatenation of its blocks:

    data = section() + machine() + processes([...]) + event(ts, tid, 3, [fd, name])
"""

import struct
from dataclasses import dataclass, field

SECTION, MACHINE, INTERFACES, USERS = 0x0A0D0D0A, 0x201, 0x219, 0x220
PROCESSES, DESCRIPTORS = 0x215, 0x218
EVENT_V1, EVENT_FLAGS_V1, EVENT, EVENT_FLAGS, EVENT_LARGE = 0x204, 0x208, 0x216, 0x217, 0x221
STATE_ONLY = 1


def block(type_: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", type_) + length + body + length


def str16(text: bytes) -> bytes:
    return struct.pack("<H", len(text)) + text


def with_length(entry: bytes) -> bytes:
    """An entry with its own length, which counts itself, in front."""
    return struct.pack("<I", len(entry) + 4) + entry


def section() -> bytes:
    return block(SECTION, struct.pack("<IHHQ", 0x1A2B3C4D, 1, 2, 2**64 - 1))


def machine(cpus: int, boot_ts: int) -> bytes:
    body = struct.pack("<IQQ128sQ", cpus, 1 << 33, 0, b"synthetic", boot_ts)
    return block(MACHINE, body + bytes(24))


def interfaces(v4: list[tuple], v6: list[tuple]) -> bytes:
    """(address, netmask, broadcast, name) each."""
    body = b""
    for type_, entries in ((1, v4), (2, v6)):
        for address, netmask, broadcast, name in entries:
            entry = struct.pack("<HH", type_, len(name)) + address + netmask + broadcast
            entry += struct.pack("<Q", 0) + name
            body += struct.pack("<I", len(entry)) + entry
    return block(INTERFACES, body)


def users(names: dict[int, bytes], groups: dict[int, bytes]) -> bytes:
    body = b""
    for uid, name in names.items():
        entry = struct.pack("<BII", 0, uid, uid) + str16(name) + str16(b"/home/" + name)
        body += with_length(entry + str16(b"/bin/sh"))
    for gid, name in groups.items():
        body += with_length(struct.pack("<BI", 1, gid) + str16(name))
    return block(USERS, body)


@dataclass
class Descriptor:
    fd: int
    type: int
    payload: bytes  # what follows the type byte
    ino: int = 0


@dataclass
class Thread:
    tid: int
    pid: int
    ptid: int
    comm: bytes
    exe: bytes = b"/usr/bin/prog"
    args: bytes = b"-a\0--long=x\0"
    cwd: bytes = b"/"
    flags: int = 0
    uid: int = 0
    gid: int = 0
    cgroups: bytes = b"cpu=/lab\0memory=/lab\0"
    fds: list[Descriptor] = field(default_factory=list)


def processes(threads: list[Thread]) -> bytes:
    body = b""
    for t in threads:
        entry = struct.pack("<qqqqq", t.tid, t.pid, t.ptid, t.pid, t.pid)
        for text in (t.comm, t.exe, t.exe, t.args, t.cwd):
            entry += str16(text)
        entry += struct.pack("<qIII", 1024, t.flags, t.uid, t.gid)
        entry += struct.pack("<IIIQQ", 4096, 1024, 0, 1, 200) + str16(b"PATH=/bin\0HOME=/\0")
        entry += struct.pack("<qq", t.tid, t.pid) + str16(t.cgroups) + str16(b"/")
        body += with_length(entry + struct.pack("<I", t.uid))
    return block(PROCESSES, body)


def descriptors(thread: Thread) -> bytes:
    body = struct.pack("<q", thread.tid)
    for d in thread.fds:
        body += with_length(struct.pack("<qQB", d.fd, d.ino, d.type) + d.payload)
    return block(DESCRIPTORS, body)


def event(ts: int, tid: int, type_: int, params: list[bytes], *, cpu: int = 0, v1: bool = False,
          flags: int = 0, wide: bool = False) -> bytes:
    lengths = struct.pack(f"<{len(params)}{'I' if wide else 'H'}", *map(len, params))
    content = lengths + b"".join(params)
    size = len(content) + (22 if v1 else 26)
    header = struct.pack("<QqIH", ts, tid, size, type_)
    if not v1:
        header += struct.pack("<I", len(params))
    kind = EVENT_LARGE if wide else EVENT_V1 if v1 else EVENT
    if flags:
        kind = EVENT_FLAGS_V1 if v1 else EVENT_FLAGS
    extra = struct.pack("<I", flags) if flags else b""
    return block(kind, struct.pack("<H", cpu) + extra + header + content)


# ---- what only gyr writes ----

GAP, REQUEST = 32769, 32770  # ids of its own events; the exit of a request is the next
LATENCY = 0xE779


def own_events(ts: int) -> bytes:
    gap = [struct.pack("<Q", 3), struct.pack("<i", 1), struct.pack("<Q", ts - 9),
           struct.pack("<Q", ts), b"\1"]
    request = [b"\x16", struct.pack("<q", 3), struct.pack("<Q", 77)]
    return (event(ts, -1, GAP, gap) + event(ts, 100, REQUEST, request)
            + event(ts, 100, REQUEST + 1, [struct.pack("<q", 5), *request]))


def with_own(trace: bytes, every: int) -> bytes:
    """The trace with a latency behind each event, and gyr's own events behind some."""
    made, at, events = [], 0, 0
    while at < len(trace):
        type_, total = struct.unpack_from("<II", trace, at)
        whole, body = trace[at:at + total], trace[at + 8:at + total - 4]
        at += total
        if type_ not in (EVENT_V1, EVENT_FLAGS_V1, EVENT, EVENT_FLAGS, EVENT_LARGE):
            made.append(whole)
            continue
        events += 1
        made.append(block(type_, body + struct.pack("<HHQ", LATENCY, 8, events)))
        if events % every == 0:
            header = 6 if type_ in (EVENT_FLAGS_V1, EVENT_FLAGS) else 2
            made.append(own_events(*struct.unpack_from("<Q", body, header)))
    return b"".join(made)
