"""Makes synthetic traces: many event types, random but sensible values, the same for one seed.

    python3 synth.py KIND SEED [EVENTS] >trace.scap     KIND: one of KINDS

`sweep` goes through every event type with random parameters; the other kinds follow processes
that open, connect, duplicate, fork and exit. Only what sysdig 0.29.3 reads without crashing or
reading stray memory is made (no newer events or calls, nothing of
SKIPPED, no empty texts). `plain` traces also leave out what it gets wrong (deviations.py), so that
sums over a whole trace can be compared.
"""

import json
import random
import sys

import scapfile
from scapfile import Descriptor, Thread
from schema_facts import LAST_TYPE_OF_0_29, schema
from values import AT_FDCWD, ERRNOS, PATHS, WORDS, Values, i64, payload_of, text, u32

KINDS = ("sweep", "files", "network", "mapped", "life")
CRASHING_ALONE = 102  # the first openat, of whose exit without enter sysdig 0.29.3 dies
START = 1_700_000_000_000_000_000
USERS = {0: b"root", 54001: b"alice", 54002: b"bob-with-a-long-name"}
GROUPS = {0: b"root", 54001: b"staff"}
# Never made. procinfo, infra, notification, k8s, mesos, container, plugin and tracer events: sysdig
# gives them a meaning of its own. cpu_hotplug: it ends the capture. 0.29.3 does not print the rest.
SKIPPED = {"procinfo", "infra", "notification", "k8s", "mesos", "container", "pluginevent",
           "tracer", "cpu_hotplug", "scapevent", "drop", "NA"}
MADE = {1: "made unix", 2: "made ipv4", 10: "made ipv6", 16: "netlink"}  # in the trace, by family
LAB = b"cpu=/lab\0"
# Of `containers`, by id; the trace says nothing of one that has no name.
CONTAINERS = {"3ad7b26ded6d" + "a" * 52: ("red", "redis:latest"),
              "c0ffee123456" + "b" * 52: ("web_1", "registry.local:5000/nginx:1.19"),
              "decafbad0000" + "c" * 52: ("", "")}
DESCRIPTOR_KINDS = ("ipv4", "ipv4", "ipv6", "server4", "server6", "unix", "file2", "file2", "file",
                    "directory", "fifo", "eventfd", "unsupported", "signalfd", "eventpoll",
                    "inotify", "timerfd", "netlink")


class Task:
    """A thread as the generator follows it."""

    def __init__(self, tid: int, pid: int, ptid: int, fds: dict[int, str], cgroups: bytes = LAB):
        self.tid, self.pid, self.ptid = tid, pid, ptid
        self.cgroups = cgroups
        self.fds = fds  # what kind each is; shared by the threads of a process

    def free_fd(self, rng: random.Random) -> int:
        return next(fd for fd in range(rng.randrange(3, 12), 10_000) if fd not in self.fds)


class Generator:
    def __init__(self, seed: int, plain: bool = False, contained: bool = False):
        self.plain, self.contained = plain, contained
        self.rng = random.Random(seed)
        self.schema = schema()
        self.compat = dict(self.schema.compat)
        self.values = Values(self.rng, self.schema)
        self.values.plain = plain
        self.ts, self.blocks = START, []
        self.tasks: dict[int, Task] = {}
        self.next_tid = 5000
        self.pairs = [e.id for e in self.schema.events[:LAST_TYPE_OF_0_29:2]
                      if e.name not in SKIPPED]
        self.full = self.rng.random() < 0.5  # all parameters of today, or those of the time
        self.lost = 0.0  # share of events that are left out
        self.v1 = not self.full and self.rng.random() < 0.5  # blocks without parameter counts

    # ---- the state at the start ----

    def header(self) -> None:
        loopback = (b"\x7f\0\0\1", b"\xff\0\0\0", b"\0\0\0\0", b"lo")
        ethernet = (b"\x0a\0\0\5", b"\xff\xff\xff\0", b"\x0a\0\0\xff", b"eth0")
        loopback6 = (bytes(15) + b"\1", b"\xff" * 16, bytes(16), b"lo")
        self.blocks += [scapfile.section(), scapfile.machine(4, START - 10**15),
                        scapfile.interfaces([loopback, ethernet], [loopback6]),
                        scapfile.users(USERS, GROUPS)]
        threads = [self.process(1, 0, b"init")]
        threads += [self.process(100 + 10 * i, 1, comm) for i, comm in enumerate(WORDS)]
        threads += [self.thread(threads[1], 101), self.thread(threads[1], 102)]
        self.values.tids = list(self.tasks)
        self.blocks.append(scapfile.processes(threads))
        self.blocks += [scapfile.descriptors(thread) for thread in threads]

    def process(self, tid: int, ptid: int, comm: bytes) -> Thread:
        numbers = list(range(3)) + self.rng.sample(range(3, 40), 14)
        fds = {fd: self.rng.choice(DESCRIPTOR_KINDS) for fd in numbers}
        thread = Thread(tid, tid, ptid, comm, cwd=self.rng.choice((b"/", b"/root", b"/home/me")),
                        uid=self.rng.choice((0, 54001)))
        for fd, kind in fds.items():
            thread.fds.append(Descriptor(fd, *payload_of(kind, self.values)))
        if self.contained and tid >= 120:  # those before have threads
            id_ = list(CONTAINERS)[tid // 10 % len(CONTAINERS)].encode()
            thread.cgroups = b"cpu=/docker/" + id_ + b"\0memory=/docker/" + id_ + b"\0"
        self.tasks[tid] = Task(tid, tid, ptid, fds, thread.cgroups if self.contained else LAB)
        return thread

    def thread(self, main: Thread, tid: int) -> Thread:
        self.tasks[tid] = Task(tid, main.tid, main.ptid, self.tasks[main.tid].fds)
        return Thread(tid, main.tid, main.ptid, main.comm, flags=0x2001)

    # ---- events ----

    def emit(self, task_tid: int, type_: int, params: list[bytes]) -> None:
        self.ts += self.rng.choice((1, 90, 1234, 56_789, 1_000_000, 400_000_000))
        can_hide = self.schema.events[type_].name != "procexit"  # Context needs to see it
        hidden = scapfile.STATE_ONLY if can_hide and self.rng.random() < 0.02 else 0
        self.blocks.append(scapfile.event(self.ts, task_tid, type_, params, v1=self.v1,
                                          cpu=self.rng.randrange(4), flags=hidden))

    def params(self, type_: int, task: Task, given: dict[str, bytes]) -> list[bytes]:
        table = self.schema.events[type_].params
        if not self.full:
            table = self.compat.get(type_, table)
        return [given[p.name] if p.name in given else self.values.value(p, task.fds)
                for p in table]

    def call(self, task: Task, symbol: str | int, exit_: dict[str, bytes] | None = None,
             enter: dict[str, bytes] | None = None) -> None:
        """Both events of a call; parameters that are not given are random."""
        id_ = self.schema.ids[symbol] if isinstance(symbol, str) else symbol
        both = dict(enter or {})
        if self.rng.random() >= self.lost or id_ == CRASHING_ALONE:
            self.emit(task.tid, id_, self.params(id_, task, both))
        if self.rng.random() < 0.05:  # in the middle of the call
            switch = self.schema.ids["schedswitch_6"]
            self.emit(task.tid, switch, self.params(switch, task, {}))
        if self.schema.events[id_ + 1].name != "NA" and self.rng.random() >= self.lost:
            self.emit(task.tid, id_ + 1, self.params(id_ + 1, task, both | dict(exit_ or {})))

    def write(self) -> bytes:
        return b"".join(self.blocks)

    def any_task(self) -> Task:
        return self.rng.choice(list(self.tasks.values()))

    # ---- descriptors ----

    def new_fd(self, task: Task, kind: str) -> int:
        if self.rng.random() < 0.1:
            return -self.rng.choice(ERRNOS)
        fd = task.free_fd(self.rng)
        task.fds[fd] = kind
        return fd

    def open_something(self, task: Task) -> None:
        symbol = self.rng.choice(("open", "openat_2", "openat_2", "creat", "openat", "openat2"))
        dirfd = self.values.directory(task.fds)
        known = dirfd in task.fds or dirfd == AT_FDCWD
        name = text(self.rng.choice([path for path in PATHS if known or b".." not in path]))
        flags = u32(self.rng.choice((1, 2, 3, 2049, 0x401, 262, 4 | 2 | 0x20)))
        is_directory = int.from_bytes(flags, "little") & 0x400 and known
        if self.plain and symbol == "creat":
            is_directory = 0
        if self.plain and is_directory:  # none below which sysdig writes `//`
            name = text(self.rng.choice((b"/srv", b"/srv/data", b"/tmp//double")))
        fd = self.new_fd(task, "directory" if is_directory else "file")
        self.call(task, symbol, {"fd": i64(fd)},
                  {"name": name, "dirfd": i64(dirfd),
                   "flags": flags, "mode": u32(0o644)})

    def make_anonymous(self, task: Task) -> None:
        symbol = self.rng.choice(("eventfd", "signalfd", "timerfd_create", "inotify_init"))
        self.call(task, symbol, {"res": i64(self.new_fd(task, "other"))})

    def make_pair(self, task: Task) -> None:
        symbol = self.rng.choice(("pipe", "socketpair"))
        kind = "fifo" if symbol == "pipe" else "unix"
        ends = []
        for _ in range(2):
            ends.append(task.free_fd(self.rng))
            task.fds[ends[-1]] = kind
        self.call(task, symbol, {"res": i64(0), "fd1": i64(ends[0]), "fd2": i64(ends[1])})

    def duplicate(self, task: Task) -> None:
        if not task.fds:
            return
        old = self.rng.choice(list(task.fds))
        new = i64(self.new_fd(task, task.fds[old]))
        if self.rng.random() < 0.5:
            self.call(task, "dup", {"res": new}, {"fd": i64(old)})
        else:
            self.call(task, "fcntl", {"res": new}, {"fd": i64(old), "cmd": b"\1"})

    def close(self, task: Task) -> None:
        fd = self.values.fd(task.fds)
        failed = self.rng.random() < 0.1
        self.call(task, "close", {"res": i64(-9 if failed else 0)}, {"fd": i64(fd)})
        if not failed:
            task.fds.pop(fd, None)

    def use(self, task: Task) -> None:
        fd = i64(self.values.fd(task.fds))
        symbol = self.rng.choice(("read", "write", "pread", "readv", "writev", "lseek", "fstat",
                                  "ioctl_3", "poll", "ppoll", "getdents64", "mmap", "flock",
                                  "sendfile", "splice"))
        self.call(task, symbol, {}, {"fd": fd})

    def move(self, task: Task) -> None:
        symbol = self.rng.choice(("fchdir", "chdir", "chdir", "getcwd"))
        paths = [p for p in PATHS if symbol == "chdir" or p.startswith(b"/")]
        self.call(task, symbol, {"path": text(self.rng.choice(paths))},
                  {"fd": i64(self.values.fd(task.fds, ("directory",)))})

    # ---- sockets ----

    def socket(self, task: Task) -> None:
        family, type_ = self.rng.choice((1, 2, 2, 10, 10, 16)), self.rng.choice((1, 2, 3, 0x802))
        protocol = self.rng.choice((0, 6, 17) if self.values.mapped else (0, 6, 17, 1, 255))
        type_ = 1 if self.values.mapped else type_
        fd = self.new_fd(task, MADE[family])
        self.call(task, "socket", {"fd": i64(fd), "flags": u32(0)}, {
            "domain": u32(family), "type": u32(type_),
            "proto": u32(protocol)})
        if fd < 0 or family == 16:
            return
        if type_ in (1, 2) and protocol in (0, 6, 17) and self.rng.random() < 0.3:
            self.bind(task, fd, family)
            if not self.plain:
                self.transfer(task, fd, family)
            task.fds[fd] = "bound"  # sysdig mistakes its address from now on
            return
        for step in self.rng.sample((self.connect, self.transfer, self.transfer), 2):
            step(task, fd, family)

    def bind(self, task: Task, fd: int, family: int) -> None:
        self.call(task, "bind", {"res": i64(self.rng.choice((0, 0, -98))),
                                 "addr": self.values.sockaddr(family)}, {"fd": i64(fd)})
        self.call(task, "listen", {}, {"fd": i64(fd)})

    def pair(self, fd: int, family: int, received: bool = False) -> bytes:
        """The tuple of a socket: always the same, because sysdig keeps a socket's first one."""
        values = Values(random.Random(f"{fd} {family}"), self.schema)
        values.mapped = self.values.mapped
        tuple_ = values.socktuple(family)
        half = 1 + len(tuple_) // 2
        return tuple_[:1] + tuple_[half:] + tuple_[1:half] if received and family != 1 else tuple_

    def connect(self, task: Task, fd: int, family: int) -> None:
        pair = self.pair(fd, family)
        address = bytes([family]) + pair[17 if family == 1 else 1 + len(pair) // 2:]
        result = self.rng.choice((0, 0, -115, -111))
        self.call(task, "connect", {"res": i64(result), "tuple": pair},
                  {"fd": i64(fd), "addr": address})
        if result == -111:
            task.fds[fd] = "unconnected"

    def transfer(self, task: Task, fd: int, family: int) -> None:
        named = () if self.values.mapped else ("sendto", "recvfrom", "sendmsg", "recvmsg")
        symbol = self.rng.choice(named + ("send", "recv", "read", "write"))
        if self.plain and family == 10:  # an IPv6 socket that receives first
            symbol = self.rng.choice(("sendto", "sendmsg", "send", "write"))
        pair = self.rng.choice((b"", self.pair(fd, family, symbol.startswith("re"))))
        if symbol not in named or task.fds.get(fd) == "unconnected":
            pair = b""
        self.call(task, symbol, {"res": i64(self.values.result())},
                  {"fd": i64(fd), "tuple": pair})

    def accept(self, task: Task) -> None:
        symbol = self.rng.choice(("accept_5", "accept4_5", "accept"))
        family = self.values.family()
        fd = self.new_fd(task, MADE[family])
        self.call(task, symbol, {"fd": i64(fd), "tuple": self.pair(fd, family, True)})

    def talk(self, task: Task) -> None:
        family = self.values.family()
        fd = self.values.fd(task.fds, (MADE[family],))
        if not self.plain or fd in task.fds:
            self.transfer(task, fd, family)

    # ---- processes ----

    def identity(self, task: Task) -> dict[str, bytes]:
        return {"tid": i64(task.tid), "pid": i64(task.pid), "ptid": i64(task.ptid),
                "vtid": i64(task.tid), "vpid": i64(task.pid), "cwd": text(b""),
                "exe": text(self.rng.choice(WORDS)), "comm": text(self.rng.choice(WORDS)),
                "args": b"one\0two\0", "cgroups": task.cgroups, "env": self.values.buffer(200),
                "uid": u32(0), "gid": u32(0), "pidns_init_start_ts": bytes(8)}

    def fork(self, task: Task) -> None:
        symbol = self.rng.choice(("clone_20", "clone_20", "fork_20", "vfork_20", "clone3",
                                  "clone_17", "clone_16", "clone_11", "fork_17", "vfork_17"))
        if self.contained:  # those before say nothing of the child's control groups
            symbol = self.rng.choice(("clone_20", "fork_20", "vfork_20", "clone3"))
        as_thread = "clone" in symbol and self.rng.random() < 0.3
        self.next_tid += 1
        child = Task(self.next_tid, task.pid if as_thread else self.next_tid,
                     task.ptid if as_thread else task.tid,
                     task.fds if as_thread else dict(task.fds), task.cgroups)
        flags = {"flags": u32(0xA801 if as_thread else 0x1800000)}
        id_ = self.schema.ids[symbol]
        common = {name: value for name, value in self.identity(task).items()
                  if name in ("exe", "comm", "args", "cgroups")}
        sides = [(task, i64(child.tid)), (child, i64(0))]
        self.emit(task.tid, id_, self.params(id_, task, {}))
        if self.rng.random() < 0.5 or "vfork" in symbol:
            sides.reverse()
        for owner, result in sides:
            given = self.identity(owner) | common | flags | {"res": result}
            self.emit(owner.tid, id_ + 1, self.params(id_ + 1, owner, given))
        self.tasks[child.tid] = child
        self.values.tids.append(child.tid)

    def execute(self, task: Task) -> None:
        if task.tid != task.pid:
            return
        symbol = self.rng.choice(("execve_19", "execve_19", "execve_18", "execve_17", "execve_16",
                                  "execve_15", "execve_14", "execve_13", "execve_8"))
        result = self.rng.choice((0, 0, -2))
        if result == 0:
            for other in [t for t in self.tasks.values() if t.pid == task.pid and t is not task]:
                self.exit(other)
        self.call(task, symbol, self.identity(task) | {"res": i64(result)},
                  {"filename": text(self.rng.choice(PATHS))})

    def exit_one(self, task: Task) -> None:
        if len(self.tasks) > 6 and task.tid != 1:
            self.exit(task)

    def exit(self, task: Task) -> None:
        self.call(task, self.rng.choice(("procexit_1", "procexit_1", "procexit")))
        del self.tasks[task.tid]

    # ---- kinds of traces ----

    def steps(self, actions: list, count: int) -> None:
        while len(self.blocks) < count:
            self.rng.choice(actions)(self.any_task())

    def sweep(self, count: int) -> None:
        """Those that change the state fail, so that it stays as it is."""
        changing = [id_ for id_ in self.pairs if self.schema.events[id_ + 1].name != "NA"
                    and {"modifies_state", "creates_fd"} & set(self.schema.events[id_ + 1].flags)]
        self.lost = 0 if self.plain else 0.03
        # Those of sockets are for `network`: sysdig changes descriptors when they are entered.
        never = ("procexit", "container", "connect", "bind", "send", "sendto", "sendmsg",
                 "sendmmsg", "recv", "recvfrom", "recvmsg", "recvmmsg")
        if self.plain:
            never += ("setsockopt",)  # whose descriptor sysdig does not see
        while len(self.blocks) < count:
            for id_ in self.pairs:
                if self.schema.events[id_].name in never:
                    continue
                failure = i64(-self.rng.choice(ERRNOS))
                result = self.schema.events[id_ + 1].params[:1]
                given = {p.name: b"\1" + failure if p.type.name == "dyn" else failure
                         for p in result if id_ in changing}
                if self.schema.events[id_].name == "getcwd":
                    given["path"] = b"/srv/data\0"
                self.call(self.any_task(), id_, given)

    def files(self, count: int) -> None:
        self.steps([self.open_something, self.make_anonymous, self.make_pair, self.duplicate,
                    self.close, self.use, self.use, self.move], count)

    def network(self, count: int) -> None:
        self.steps([self.socket, self.socket, self.accept, self.talk, self.talk, self.close],
                   count)

    def mapped(self, count: int) -> None:
        """IPv6 sockets that talk IPv4."""
        self.values.mapped = True
        self.network(count)

    def life(self, count: int) -> None:
        self.steps([self.fork, self.execute, self.exit_one, self.open_something, self.close,
                    self.use, self.socket, self.duplicate], count)

    def containers(self, count: int) -> None:
        """As `life`, and processes in containers."""
        for id_, (name, image) in CONTAINERS.items():
            if name:
                self.emit_container({"id": id_[:12], "full_id": id_, "name": name, "image": image})
        self.life(count)

    def emit_container(self, facts: dict) -> None:
        known = {"type": 0, "Mounts": [], "env": [], "ip": "172.17.0.2", "labels": {"a": "b"},
                 "is_pod_sandbox": False, "port_mappings": [], "privileged": False, **facts}
        body = text(json.dumps({"container": known}).encode())
        type_ = self.schema.ids["container_json"]
        self.blocks.append(scapfile.event(self.ts, -1, type_, [body], v1=self.v1))


def make(kind: str, seed: int, count: int = 3000, plain: bool = False) -> bytes:
    generator = Generator(seed, plain, contained=kind == "containers")
    generator.header()
    getattr(generator, kind)(count + len(generator.blocks))
    return generator.write()


if __name__ == "__main__":
    sys.stdout.buffer.write(make(sys.argv[1], int(sys.argv[2]), *map(int, sys.argv[3:4])))
