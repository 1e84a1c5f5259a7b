"""Random but sensible values of event parameters, by type."""

import random
import struct

import scapfile
from schema_facts import model

AT_FDCWD = -100
BUFFER_SIZES = (0, 1, 2, 15, 16, 17, 79, 80, 81, 200)
ERRNOS = tuple(range(1, 126)) + tuple(range(512, 517))
PATHS = (b"/etc/passwd", b"/usr/lib/x86_64-linux-gnu/libc.so.6", b"relative.txt", b"./here/a",
         b"../up/b", b"/a/../b/./c", b"/", b".", b"..", b"dir/", b"/tmp//double", b"sp ace",
         b"../../../../over", b"/proc/self/fd/3", b"x" * 90, b"/" + b"d/" * 40)
WORDS = (b"bash", b"nginx: worker", b"python3", b"a", b"kworker/0:1", b"weird(name)", b"x=y z")
LAST_SYSCALL = 328  # newer ones have no name for it, and from 331 on it crashes


def i64(value: int) -> bytes:
    return struct.pack("<q", value)


def u32(value: int) -> bytes:
    return struct.pack("<I", value & 0xFFFFFFFF)


def text(value: bytes) -> bytes:
    return value + b"\0"


class Values:
    """Random parameter values."""

    def __init__(self, rng: random.Random, schema: model.Schema):
        self.rng, self.schema = rng, schema
        self.tids: list[int] = []
        self.mapped = False  # whether IPv6 addresses are IPv4 ones in disguise
        self.plain = False  # whether all directories are known

    def number(self, size: int) -> bytes:
        bits = 8 * size
        value = self.rng.choice((0, 1, 2, 10, 255, 4096, 2**(bits - 1), 2**bits - 1,
                                 self.rng.getrandbits(bits), self.rng.getrandbits(bits // 2)))
        return (value & (2**bits - 1)).to_bytes(size, "little")

    def result(self) -> int:
        return self.rng.choice((0, 0, 0, 1, 7, 100, -self.rng.choice(ERRNOS)))

    def buffer(self, size: int | None = None) -> bytes:
        size = self.rng.choice(BUFFER_SIZES) if size is None else size
        if self.rng.random() < 0.5:
            return self.rng.randbytes(size)
        return bytes(self.rng.choice(b"The quick brown fox.\r\n\t") for _ in range(size))

    def address(self, family: int) -> bytes:
        if family == 2:
            return self.rng.choice((b"\x7f\0\0\1", b"\x0a\0\0\5", b"\xc0\xa8\1\2",
                                    self.rng.randbytes(4)))
        if self.mapped:
            return bytes(10) + b"\xff\xff" + self.address(2)
        return self.rng.choice((bytes(15) + b"\1", b"\xfe\x80" + self.rng.randbytes(14),
                                b"\x20\x01\x0d\xb8" + bytes(11) + b"\7"))

    def port(self) -> bytes:
        return struct.pack("<H", self.rng.choice((22, 80, 443, 8080, 53, 45678, 33333)))

    def server_port(self) -> bytes:
        return struct.pack("<H", self.rng.choice((7001, 7002, 7003)))

    def family(self) -> int:
        return self.rng.choice((1, 2, 10))

    def sockaddr(self, family: int | None = None) -> bytes:
        family = family or self.family()
        if family == 1:
            return b"\1" + text(self.rng.choice((b"/run/a.sock", b"abstract", b"/run/b.sock")))
        return bytes([family]) + self.address(family) + self.server_port()

    def socktuple(self, family: int | None = None) -> bytes:
        family = family or self.family()
        if family == 1:
            ends = struct.pack("<QQ", self.rng.getrandbits(47), self.rng.getrandbits(47))
            return b"\1" + ends + text(self.rng.choice((b"/run/a.sock", b"", b"/run/b.sock")))
        ends = [self.address(family) + self.port() for _ in range(2)]
        return bytes([family]) + ends[0] + ends[1]

    def fdlist(self, fds: dict[int, str]) -> bytes:
        entries = [struct.pack("<qh", self.fd(fds), self.rng.getrandbits(11))
                   for _ in range(self.rng.randrange(5))]
        return struct.pack("<H", len(entries)) + b"".join(entries)

    def fd(self, fds: dict[int, str], kinds: tuple[str, ...] = ()) -> int:
        """Mostly one of the open ones, of these kinds if any are named."""
        fitting = [fd for fd, kind in fds.items() if not kinds or kind in kinds]
        return self.rng.choice(fitting) if fitting and self.rng.random() < 0.8 else \
            self.rng.randrange(1000, 100_000)

    def directory(self, fds: dict[int, str]) -> int:
        fd = AT_FDCWD if self.rng.random() < 0.4 else self.fd(fds, ("directory",))
        return AT_FDCWD if self.plain and fds.get(fd) != "directory" else fd

    def named(self, table: str, size: int, one: bool) -> int:
        values = [value for _, value in self.schema.flags[table]] if table else [0, 1]
        chosen = self.rng.sample(values, min(len(values), 1 if one else self.rng.randrange(4)))
        value = 0
        for bits in chosen:
            value |= bits
        if self.rng.random() < 0.1 and not one:
            value = self.rng.getrandbits(8 * size)
        return value & (2**(8 * size) - 1)

    def user(self) -> bytes:
        return u32(self.rng.choice((0, 0, 54001, 54002, 60123, 0xFFFFFFFF)))

    def dyn(self, param: model.Param, fds: dict[int, str]) -> bytes:
        types = self.schema.variants[param.variants][1]
        variant = self.rng.randrange(len(types))
        inner = model.Param(param.name, self.schema.types[types[variant]], "dec")
        return bytes([variant]) + self.value(inner, fds)

    def reltime(self) -> bytes:
        return struct.pack("<Q", self.rng.choice((0, 2**64 - 1, 215_000, 10**9, 1_500_000_000,
                                                  self.rng.getrandbits(40), 999_999_999)))

    def value(self, param: model.Param, fds: dict[int, str]) -> bytes:
        kind, size = param.type.name, param.type.size
        if kind == "charbuf":
            return text(self.rng.choice(WORDS + PATHS[:5]))
        if kind in ("fspath", "fsrelpath"):
            return text(self.rng.choice(PATHS))
        if kind == "bytebuf":
            return self.buffer()
        if kind == "errno":
            return i64(self.result())
        if kind == "fd":
            return i64(self.directory(fds) if "dir" in param.name else self.fd(fds))
        if kind == "pid":
            return i64(self.rng.choice(self.tids + [0, 1, 77777]))
        if kind == "sockaddr":
            return self.sockaddr()
        if kind == "socktuple":
            return self.rng.choice((b"", self.socktuple(), self.socktuple()))
        if kind == "fdlist":
            return self.fdlist(fds)
        if kind == "syscallid":
            return struct.pack("<H", self.rng.randrange(1, LAST_SYSCALL))
        if kind == "sigtype":
            return bytes([self.rng.randrange(65)])
        if kind == "reltime":
            return self.reltime()
        if kind in ("uid", "gid"):
            return self.user()
        if kind == "dyn":
            return self.dyn(param, fds)
        if kind == "mode":
            return u32(self.rng.choice((0, 0o644, 0o755, 0o4755, self.rng.randrange(0o10000))))
        if "flags" in kind:
            return self.named(param.flags, size, "enum" in kind).to_bytes(size, "little")
        return self.number(size)


def payload_of(kind: str, values: Values) -> tuple[int, bytes]:
    """A descriptor of the process list: its type number and payload."""
    address, port, protocol = values.address, values.port, values.rng.choice((0, 1, 2, 3, 4, 5))
    l4 = bytes([protocol])
    name = scapfile.str16(values.rng.choice((b"/var/log/x.log", b"", b"/dev/zero")))
    if kind == "directory":
        root = b"/srv" if values.plain else b"/"
        name = scapfile.str16(values.rng.choice((root, b"/srv", b"/srv/data")))
    if kind == "ipv4":
        return 3, address(2) + address(2) + port() + port() + l4
    if kind == "ipv6":
        return 4, address(10) + address(10) + port() + port() + l4
    if kind == "server4":
        return 5, address(2) + values.server_port() + l4
    if kind == "server6":
        return 6, address(10) + values.server_port() + l4
    if kind == "unix":
        return 8, struct.pack("<QQ", 0xffff888001, 0xffff888002) + name
    if kind == "file2":
        return 16, u32(values.rng.choice((1, 2, 3))) + name + u32(0xFE00)
    return {"file": 1, "directory": 2, "fifo": 7, "eventfd": 9, "unsupported": 10, "signalfd": 11,
            "eventpoll": 12, "inotify": 13, "timerfd": 14, "netlink": 15}[kind], name
