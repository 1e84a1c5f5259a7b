#!/usr/bin/env python3
"""Writes the seed corpora of the fuzz targets: tests/fuzz/corpus/TARGET/*.

Files named regress-* are inputs that once broke something; they are left alone. All others are
made here and overwritten: every block in every version and under every number, every event of the
schema, short stories of processes, descriptors and sockets, every codec. The standard library is
enough, but for compressed zstd blocks, which the `zstd` tool makes.

    tests/fuzz/make_seeds.py [FOLDER]
"""

import gzip
import pathlib
import struct
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "schema"))
sys.dont_write_bytecode = True
import model  # noqa: E402

SCHEMA = model.read_schema()


# ---- values ----

def u8(n): return struct.pack("<B", n & 0xFF)
def u16(n): return struct.pack("<H", n & 0xFFFF)
def u32(n): return struct.pack("<I", n & 0xFFFFFFFF)
def u64(n): return struct.pack("<Q", n & 0xFFFFFFFFFFFFFFFF)
def str16(text): return u16(len(text)) + text


# ---- blocks ----

def block(kind, body):
    body += bytes(-len(body) % 4)
    total = u32(len(body) + 12)
    return u32(kind) + total + body + total


def section(minor=2, options=b""):
    return block(0x0A0D0D0A, u32(0x1A2B3C4D) + u16(1) + u16(minor) + b"\xff" * 8 + options)


def machine(kind=0x201):
    hostname = b"host".ljust(128, b"\0")
    return block(kind, u32(2) + u64(1 << 30) + u64(0) + hostname + u64(1) + bytes(24))


def interfaces(kind, sized):
    body = b""
    for type_ in (1, 2, 3, 4):
        size = 4 if type_ % 2 else 16
        entry = u16(type_) + u16(4) + bytes(range(1, size + 1)) + b"\xff" * size * 2
        entry += (u64(0) if type_ < 3 else b"") + b"eth0"
        body += (u32(len(entry)) if sized else b"") + entry
    return block(kind, body)


def users(kind, sized):
    entries = [u8(0) + u32(1000) + u32(100) + str16(b"user") + str16(b"/home") + str16(b"/bin/sh"),
               u8(1) + u32(100) + str16(b"group")]
    return block(kind, b"".join((u32(len(e) + 4) if sized else b"") + e for e in entries))


def process(version, tid, pid, ptid, comm=b"bash", flags=0, tail=b""):
    v = version
    entry = u64(tid) + u64(pid) + u64(ptid)
    entry += u64(pid) if v >= 6 else b""
    entry += u64(pid) if v >= 8 else b""
    entry += str16(comm) + str16(b"/bin/" + comm)
    entry += str16(b"/usr/bin/" + comm) if v >= 7 else b""
    entry += str16(b"-c\0ls\0") + str16(b"/root") + u64(1024) + u32(flags) + u32(1000) + u32(100)
    entry += u32(1) + u32(2) + u32(3) + u64(4) + u64(5) if v >= 2 else b""
    entry += str16(b"PATH=/bin\0") if v >= 3 else b""
    entry += u64(tid) + u64(pid) + str16(b"cpu=/docker/" + b"0a" * 32 + b"\0") if v >= 4 else b""
    entry += str16(b"/") if v >= 5 else b""
    entry += tail if v >= 9 else b""
    return (u32(len(entry) + 4) if v >= 9 else b"") + entry


def processes(kind, version, tail=b""):
    return block(kind, process(version, 1, 1, 0, b"init", 1 << 30, tail) +
                 process(version, 7, 7, 1, b"bash", 1 << 30, tail) +
                 process(version, 8, 7, 1, b"bash", 1 << 13, tail))


def fds(kind, sized, tid=7):
    mapped = bytes(10) + b"\xff\xff\x7f\0\0\1"
    payloads = {0: b"", 3: bytes([127, 0, 0, 1] * 2) + u16(80) + u16(81) + u8(2),
                4: mapped * 2 + u16(80) + u16(81) + u8(3), 5: bytes(4) + u16(80) + u8(2),
                6: bytes(16) + u16(80) + u8(2), 8: u64(1) + u64(2) + str16(b"/run/socket"),
                16: u32(1) + str16(b"/etc/passwd") + u32(5)}
    body = u64(tid)
    for type_ in range(23 if sized else 22):
        payload = payloads.get(type_, str16(b"name"))
        if type_ == 16 and not sized:
            payload = payload[:-4]
        entry = u64(type_) + u64(40 + type_) + u8(type_) + payload
        body += (u32(len(entry) + 4) if sized else b"") + entry
    return block(kind, body)


# ---- events in blocks ----

def event(form, id_, params, tid=7, ts=10**18, cpu=0, flags=0, options=b""):
    """form: 1 without a parameter count, 2 with one"""
    wide = id_ < len(SCHEMA.events) and "large_payload" in SCHEMA.events[id_].flags
    lengths = b"".join((u32 if wide else u16)(len(p)) for p in params)
    payload = lengths + b"".join(params)
    count = u32(len(params)) if form == 2 else b""
    header = u64(ts) + u64(tid) + u32(22 + len(count) + len(payload))
    header += u16(SCHEMA.events[id_].file_id if id_ < len(SCHEMA.events) else id_) + count
    return header + payload, cpu, flags, options


def event_block(kind, made):
    body, cpu, flags, options = made
    has_flags = kind in (0x208, 0x217, 0x222)
    content = u16(cpu) + (u32(flags) if has_flags else b"") + body
    return block(kind, content + bytes(-len(content) % 4) + options)


def plain_value(param):
    """A small well-formed value of any type."""
    name, size = param.type.name, param.type.size
    if size:
        known = {"fd": u64(3), "pid": u64(7), "errno": u64(0)}
        return known.get(name, bytes([1] + [0] * (size - 1)))
    address = b"\x7f\0\0\1\x50\0"
    known = {"sockaddr": b"\2" + address, "socktuple": b"\2" + address * 2, "bytebuf": b"data\n",
             "fdlist": u16(1) + u64(3) + u16(1), "dyn": b"\0" + bytes(8)}
    return known.get(name, b"text\0")


def plain_event(form, id_, **options):
    return event(form, id_, [plain_value(p) for p in SCHEMA.events[id_].params], **options)


def id_of(symbol, side="enter"):
    return SCHEMA.ids[symbol] + (side == "exit")


START = section() + machine() + interfaces(0x219, True) + users(0x220, True)
ALL_PROCESSES = {0x202: 1, 0x8000ABCD: 1, 0x207: 2, 0x8013ABCD: 2, 0x209: 3, 0x8014ABCD: 3,
                 0x210: 4, 0x211: 5, 0x212: 6, 0x213: 7, 0x214: 8, 0x215: 9}
ALL_EVENT_BLOCKS = {0x204: 1, 0x8010ABCD: 1, 0x208: 1, 0x216: 2, 0x217: 2, 0x221: 2, 0x222: 2}
TAILS = [0, 4, 5, 29, 30, 66, 67, 68, 76, 79]


def traces():
    """name → plain trace"""
    one = event_block(0x216, plain_event(2, id_of("close", "exit")))
    known = START + processes(0x215, 9) + fds(0x218, True)
    made = {"empty-section": section(), "whole": known + one, "not-a-trace": b"hello, world",
            "section-options": section(0, u32(4)) + one, "two-sections": (known + one) * 2,
            "unknown-block": section() + block(0x999, b"?") + one,
            "big-endian": section()[:8] + b"\x1a\x2b\x3c\x4d" + bytes(16)}
    for kind, version in ALL_PROCESSES.items():
        made[f"processes-{kind:x}"] = section() + processes(kind, version) + fds(0x203, False) + one
    for size in TAILS:
        made[f"tail-{size}"] = section() + processes(0x215, 9, bytes(range(1, size + 1))) + one
    for kind, sized in {0x203: False, 0x8001ABCD: False, 0x218: True}.items():
        made[f"fds-{kind:x}"] = section() + processes(0x215, 9) + fds(kind, sized) + one
    for kind, sized in {0x205: False, 0x8011ABCD: False, 0x219: True}.items():
        made[f"interfaces-{kind:x}"] = section() + interfaces(kind, sized) + one
    for kind, sized in {0x206: False, 0x8012ABCD: False, 0x220: True}.items():
        made[f"users-{kind:x}"] = section() + users(kind, sized) + one
    made["machine-8002abcd"] = section() + machine(0x8002ABCD) + one
    for kind, form in ALL_EVENT_BLOCKS.items():
        body = START + event_block(kind, plain_event(form, id_of("close", "exit"), flags=1))
        body += event_block(kind, plain_event(form, id_of("read", "exit"), options=b"\1\0\4\0note"))
        latency = u16(0xE779) + u16(8) + u64(1234)
        body += event_block(kind, plain_event(form, id_of("read", "exit"), options=latency))
        body += event_block(kind, plain_event(form, id_of("notification")))
        if form == 2:
            body += event_block(kind, plain_event(form, id_of("asyncevent")))
            body += event_block(kind, event(form, 60000, [b"unknown"]))
        made[f"events-{kind:x}"] = body
    return made


def replayed():
    """name → plain trace that says more to the decoder than to the reader"""
    known = START + processes(0x215, 9) + fds(0x218, True)
    made = {}
    for first in range(0, len(SCHEMA.events), 64):
        blocks = b""
        for e in SCHEMA.events[first:first + 64]:
            blocks += event_block(0x216, plain_event(2, e.id, ts=10**18 + e.id * 1000))
        made[f"events-{first:03}"] = known + blocks
    clone_exit = id_of("clone_20", "exit")
    clones = b"".join(event_block(0x216, event(2, clone_exit, clone_params(tid)))
                      for tid in range(100, 180))
    made["eviction"] = known + clones
    return made


def clone_params(child):
    values = [plain_value(p) for p in SCHEMA.events[id_of("clone_20", "exit")].params]
    names = [p.name for p in SCHEMA.events[id_of("clone_20", "exit")].params]
    values[names.index("flags")] = u32(0)
    return [u64(child), b"/bin/bash\0", b"-c\0", u64(7), u64(7), u64(1)] + values[6:]


# ---- events as synthetic.hpp reads them ----

NUMBERS = [0, 1, 2, 3, 4, 5, 10, 14, 63, 64, 100, 101, 102, 1000, 1024, -1, -2, -9, -100, -115]
NEW_SECTION = 0xFFFE


def table(number): return NUMBERS.index(number)
def small(number): return 64 | number


def synthetic(id_, head, material):
    material = bytes(material)[:255]
    return u16(id_) + u8(head) + u8(len(material)) + material


def of_every_form(id_, form, tid):
    """An event whose values all have one form, each another variation of it."""
    material = []
    for i, param in enumerate(SCHEMA.events[id_].params if id_ < len(SCHEMA.events) else ()):
        name = param.type.name
        material.append(form << 6 | (i + id_) % 24)
        if name == "dyn":
            material[-1] = i % 4
            material.append(1)
        if name in ("socktuple", "fdlist") and form == 0:
            material += [id_ % 256] * (1 if name == "socktuple" else 7)
    return synthetic(id_, tid, material)


def call(symbol, exit_material, enter_material=(), tid=2, head=0):
    return (synthetic(id_of(symbol), tid | head, enter_material) +
            synthetic(id_of(symbol, "exit"), tid | head, exit_material))


def clone(result, flags, caller=2, pid=2, ptid=1, tid=None):
    """flags is an index of the table of numbers"""
    material = [small(result), 8, 8, small(pid), small(pid), small(ptid)]
    names = [p.name for p in SCHEMA.events[id_of("clone_20", "exit")].params]
    material += [0] * (len(names) - len(material))
    material[names.index("flags")] = flags
    material[names.index("cgroups")] = 15
    material[names.index("vtid")] = small(caller if tid is None else tid)
    material[names.index("vpid")] = small(pid)
    return synthetic(id_of("clone_20", "exit"), caller, material)


def stories():
    """name → input for fuzz_events"""
    execve = call("execve_19", [0, 1, 12, *[small(2)] * 3, 0, small(9), *[small(1)] * 6, 15, 12])
    leave = synthetic(id_of("procexit_1"), 2, [0, 0, 0, 0, small(1)])
    made = {
        "clone-exec-exit": clone(6, 0) + clone(0, 0, caller=6, pid=6, ptid=2) + execve + leave +
        execve,
        "threads": clone(6, 27) + clone(7, 27) + execve + leave + b"".join(
            synthetic(id_of("procexit_1"), tid, [0, 0, 0, 0, small(2)]) for tid in (6, 7, 3, 2, 1)),
        "eviction": b"".join(clone(child, 0) for child in range(1, 60)),
        "files": call("open", [3, 1, 31, 0], [1, 31]) +
        call("openat_2", [4, 18, 2, 31], [18, 2, 31]) +
        call("dup2", [small(9), small(3), small(9)]) +
        call("close", [0, 3], [3]) + call("close", [0, small(9)], [small(9)]) +
        call("chdir", [0, 4]) + call("fchdir", [0, 1]) +
        call("fcntl", [small(8), 4, small(1)], [4, small(1)]) + call("close_range", [0, 0, 33, 0]),
        "sockets": call("socket", [5, 2, 1, 0], [2, 1, 0]) +
        call("connect", [0, 1, 6, 5, 5], [5, 5]) + call("bind", [0, 37], [3]) +
        call("accept_5", [10, 33, 7, 0, 0]) + call("sendto", [1, 12, 7, 7, 45, 9], [7, 1, 45, 9]) +
        call("recvfrom", [1, 12, 45, 9, 7, 45]) + call("sendmsg", [1, 12, 6, 6, 4], [8, 1, 4]) +
        call("connect", [0, 4, 5, 4], [5, 4]),
        "anonymous": call("pipe", [0, 5, 6, 1]) + call("pidfd_open", [7, 2, 0]) +
        call("pidfd_getfd", [8, 7, 0, 0]) + call("memfd_create", [9, 1, 1]) +
        call("eventfd", [9, 0, 0]),
        "sections": clone(6, 0) + synthetic(NEW_SECTION, 0, []) + leave +
        synthetic(NEW_SECTION, 0, []) + call("close", [0, 3], [3]) +
        synthetic(NEW_SECTION, 0, []) + execve,
    }
    ids = len(SCHEMA.events)
    for first in range(0, ids, 32):
        for form in range(3):
            made[f"events-{first:03}-{form}"] = b"".join(
                of_every_form(id_, form, 2) for id_ in range(first, min(first + 32, ids)))
    return made


# ---- codecs ----

def zstd(content, *options):
    command = ["zstd", "-q", "-c", "--zstd=wlog=16", *options]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout


def zstd_by_hand(content):
    """A frame with a window of 1 KiB: one block as it is, one repeated byte, the last one empty."""
    def header(last, type_, size): return struct.pack("<I", size << 3 | type_ << 1 | last)[:3]
    return (u32(0xFD2FB528) + b"\0\0" + header(0, 0, len(content)) + content +
            header(0, 1, 900) + b"x" + header(1, 0, 0))


def files():
    """name → input for fuzz_codec, without the bytes for the portions"""
    trace = START + processes(0x215, 9)
    text = trace * 4
    skippable = u32(0x184D2A50) + u32(5) + b"index"
    packed, other = gzip.compress(text, 9, mtime=0), gzip.compress(b"more", 1, mtime=0)
    named = b"\x1f\x8b\x08\x0c" + bytes(6) + b"\4\0abcdname\0" + other[10:]
    frame = zstd(text)
    return {
        "empty": b"", "plain": trace, "short": b"\x28\xb5",
        "gzip": packed, "gzip-members": packed + other, "gzip-named": named,
        "gzip-junk": packed + b"junk" * 9, "gzip-one-more-byte": packed + b"\x1f",
        "gzip-cut": packed[:-9], "gzip-checksum": packed[:-8] + bytes(8),
        "gzip-damaged": packed[:60] + b"\xff" + packed[61:],
        "gzip-zeros": gzip.compress(bytes(200000), 9, mtime=0),
        "zstd": frame, "zstd-frames": frame + skippable + zstd(b"more"),
        "zstd-skippable": skippable + frame, "zstd-junk": frame + b"junk" * 9,
        "zstd-cut": frame[:-5], "zstd-checksum": frame[:-4] + bytes(4),
        "zstd-long": zstd(text, "--long=20"),
        "zstd-by-hand": zstd_by_hand(b"block"), "zstd-no-checksum": zstd(text, "--no-check"),
        "zstd-damaged": zstd_by_hand(b"a" * 200) + frame[:40] + b"\xff" * 9 + frame[49:],
        "zstd-zeros": zstd(bytes(1 << 20), "--no-check"),
    }


# ---- formats ----

def formats():
    """name → format for fuzz_format; the fields are some of each kind of value"""
    line = "%evt.num %evt.outputtime %evt.cpu %proc.name (%thread.tid) %evt.dir %evt.type %evt.info"
    return {
        "default": "*" + line, "null-drops": line,
        "container": "*%container.name (%container.id) %thread.vtid %k8s.pod.name",
        "names-end": "%proc.name: %evt.type.%evt.numx %proc.name[%proc.pid] %evt.cpu-",
        "widths": "*%5proc.name|%0evt.num|%20fd.name|%4096evt.type|%1evt.args",
        "arguments": "*%evt.arg.fd %evt.arg[0] %evt.rawarg.res %proc.aname[1] %proc.env[PATH]",
        "values": "*%fd.cip %fd.sport %evt.failed %evt.buffer %evt.buflen %evt.rawtime.ns "
                  "%fd.types %evt.is_io %proc.vmsize %thread.cgroup.cpu",
        "times": "%evt.time %evt.time.s %evt.time.iso8601 %evt.datetime %evt.reltime %evt.latency",
        "transformers": "*%toupper(proc.name) %10tolower(fd.name) %len(evt.buffer) "
                        '%join(",", (proc.name, evt.num, "x")) %concat(evt.type, "-", proc.pid) '
                        '%basename(proc.exepath) %b64(evt.buffer) %getopt((evt.type, "-a"), "a:")',
        "literal": "plain text", "star": "*", "escapes": "\t%evt.num\x1b[01;32m%proc.name\n",
        "wrong-end": "%evt.num %", "wrong-width": "%99999evt.num", "wrong-name": "%evt.nmu",
        "wrong-percent": "100%%", "wrong-argument": "%proc.aname[x]", "wrong-call": "%len(evt.num",
    }


# ---- filters ----

FILTERS = {
    "logic": "a and (not b or c) and not(d)or(e) and not not f",
    "signs": "a.b=x and a.b==x or a.b!=x and a.b<1 and a.b<=0x1f or a.b>-1.5e+3 and a.b>=+1",
    "words": "a.b exists and a.b contains x and a.b icontains x and a.b bcontains ff and "
             "a.b startswith x and a.b bstartswith ff and a.b endswith x and a.b glob *.[ch] and "
             "a.b iglob ? and a.b regex ^x$",
    "lists": "a.b in (x, 'y z', \"\") or a.b intersects () or a.b pmatch (/etc,/usr) or "
             "a.b in list",
    "modifiers": "a.b = oneof (x,y) and a.b contains anyof list and a.b glob allof (x) or "
                 "a.b = anyof",
    "operands": "proc.aname[2]=x and proc.env['A B'] exists and a.b=val(c.d) and a.b<val( c.d )[1]",
    "transformers": "tolower(basename(a.b[1]))=x and len(join(',', (a.b, 'x', 5))) > len(c.d) and "
                    "getopt(proc.args, \"ab:\")[a]=concat(b64(a.b), -5, 0x5, toupper(c.d))",
    "escapes": r"""a.b="\b\f\n\r\t\\\/\ \"\xff" and a.b='\'"' and a.b='C:\\' """,
    "escapes-falco": r"""a.b="C:\\"b" and a.b='\\'' """,
    "sysdig": "evt.arg.uri=/a?x=1,2 and evt.type.is.3=1 and k8s.pod.label.a-b/c=x and "
              "evt.dir=< and a.b contains'x' and a.b<'5'",
    "foreign": "a.b is c && !d || E AND F <> 5",
    "macros": "\n  spawned_process and\tproc.name in (shell_binaries)\r\n  and not user_known\n",
    "open": "((a.b in (x, \"y",
}


# ---- compiled filters: filter_words.hpp ----

WORDS = [" and ", " or ", "not ", "(", ")", ", ",
         " = ", " != ", " < ", " <= ", " > ", " >= ",
         " exists", " contains ", " icontains ", " bcontains ", " startswith ", " bstartswith ",
         " endswith ", " glob ", " iglob ", " regex ", " pmatch ", " in ",
         " intersects ", "oneof ", "anyof ", "allof ", "val("]


def word(text): return u8(0xC0 + WORDS.index(text))
def field(number): return u8(0x80 | number >> 8) + u8(number & 0xFF)


PROGRAMS = {
    "sets": "evt.type in (open, openat, read) or proc.name in (bash, program, sh) or "
            "fd.port in (80, 160) or proc.pid in (1, 2, 7)",
    "texts": "proc.name contains rog or fd.name startswith /etc or fd.name endswith d or "
             "fd.name glob '/e*[a-z]?' or proc.cmdline icontains ROOT or evt.args regex '(a|b)+c' "
             "or fd.name pmatch (/etc, /usr, /etc/passwd) or proc.name iglob P*",
    "bytes": "evt.buffer contains a or evt.buffer bcontains 2f65 or evt.buffer bstartswith 61 or "
             "evt.rawarg.data = x",
    "numbers": "evt.rawres < 0 or evt.rawres >= 0x10 or fd.num = 3 or evt.latency > 1000 or "
               "evt.cpu != 0 or evt.reltime.s <= 5",
    "addresses": "fd.ip = 192.168.0.1 or fd.net = 192.168.0.0/16 or fd.cip != 127.0.0.1 or "
                 "fd.net in (10.0.0.0/8, ::1/128) or fd.rip = fe80::1",
    "ancestors": "proc.aname = program or proc.apid[1] = 1 or not proc.aname in (sh, x) or "
                 "proc.sname = program and proc.aexepath[2] exists",
    "lists": "evt.type intersects (open, read) or proc.args intersects (a) or "
             "fd.types in (file, pipe) or fdlist.names in (x)",
    "pairs": "proc.name = val(proc.pname) or fd.num < val(evt.rawres) or "
             "toupper(proc.name) = toupper(proc.exe) or proc.pid = val(thread.tid)",
    "modifiers": "proc.name = oneof (x, program) or fd.name contains anyof (a, b) or "
                 "fd.name glob allof (/*, *d)",
    "transformers": "tolower(basename(proc.exepath)) = program or len(evt.buffer) > 3 or "
                    "join(',', (proc.name, evt.type)) = 'program,open' or "
                    "getopt((evt.type, '-a'), 'ab:')[a] exists or b64(evt.buffer) startswith a",
    "by-thread": "(proc.name = program and user.name = user) or (proc.name = program and not "
                 "user.uid = 0) or (thread.tid = 2 and proc.cwd startswith /root)",
    "counts": "evt.deltatime > 5 and util.cnt <= 3 or evt.count.error = 1",
    "impossible": "evt.type = open and evt.type = read or not (evt.dir = < or evt.dir = >)",
    "error-types": "proc.name < 5 and proc.pid contains x",
}


def programs():
    """name → encoded filter for fuzz_program; more fields than there are mean the first again"""
    made = {name: text.encode() for name, text in PROGRAMS.items()}
    each, fields = 8, 400
    for first in range(0, fields, each):
        made[f"exists-{first:03}"] = word(" or ").join(
            field(number) + word(" exists") for number in range(first, first + each))
    return made


# ---- chisels: chisel_driver.lua ----

def chisel_calls():
    """name → calls for fuzz_chisel; the numbers of functions are whatever the API makes of them"""
    every = range(1, 48)
    ask = b"".join(u8(f) + u8(1) + u8(0x83 + f % 28) for f in every) + u8(0)
    use = b"".join(u8(f) + u8(1) + u8(0x82) + u8(f % 8) for f in every) + u8(0)
    bare = b"".join(u8(f) + u8(0) for f in every) + u8(0)
    wrong = b"".join(u8(f) + u8(2) + u8(n) + u8(n + 1) for n in (0, 7, 12, 17, 21, 26)
                     for f in (4, 9, 19, 30, 41)) + u8(0)
    made = b"".join(u8(f) + u8(2) + u8(0x80) + u8(3) + b"a.b" + u8(0x81) + u8(130) + u8(140)
                    for f in every) + u8(0)
    return {"ask": ask + use * 8, "bare": bare * 6, "wrong": wrong * 6, "made": made * 4,
            "unprotected": (u8(9) + u8(9) + u8(0x83) + u8(0)) * 4}


# ---- writing ----

def write(folder, inputs):
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if not old.name.startswith("regress-"):
            old.unlink()
    for name, content in inputs.items():
        (folder / name).write_bytes(content)


def main():
    corpus = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "corpus"
    write(corpus / "fuzz_blocks", traces())
    plain = traces() | replayed()
    styles = range(0, 256, 7)
    write(corpus / "fuzz_decode",
          {name: u8(styles[i % len(styles)]) + trace
           for i, (name, trace) in enumerate(plain.items())})
    write(corpus / "fuzz_copy",
          {name: u8(i) + trace for i, (name, trace) in enumerate(plain.items())})
    write(corpus / "fuzz_events",
          {name: u8(styles[i % len(styles)]) + story
           for i, (name, story) in enumerate(stories().items())})
    told = list(stories().values())
    write(corpus / "fuzz_format",
          {name: u8(styles[i % len(styles)]) + text.encode() + b"\0" + told[7 * i % len(told)]
           for i, (name, text) in enumerate(formats().items())})
    write(corpus / "fuzz_program",
          {name: u8(styles[i % len(styles)]) + filter_ + b"\0" + told[7 * i % len(told)]
           for i, (name, filter_) in enumerate(programs().items())})
    write(corpus / "fuzz_chisel",
          {name: u8(styles[i]) + u16(len(calls)) + calls + told[7 * i % len(told)]
           for i, (name, calls) in enumerate(chisel_calls().items())})
    write(corpus / "fuzz_codec",
          {name: u8(31 * i) + u8(i) + file for i, (name, file) in enumerate(files().items())})
    write(corpus / "fuzz_filter", {name: text.encode() for name, text in FILTERS.items()})


if __name__ == "__main__":
    main()
