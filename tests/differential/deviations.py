"""Where gyr's lines may differ from sysdig's, and why. README.md is the table of these.

A deviation rewrites a pair of lines, (sysdig's, gyr's), towards a common form; lines that are
equal then count as that deviation. Each is as narrow as it can be: a difference next to it, in the
same line, still fails.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import schema_facts

Pair = tuple[str, str]
LINE = re.compile(r"(\d+) ([\d:.]+) (\d+) (.*?) \((-?\d+)\) ([<>]) (\S+) ")
SERVER = r"[\w.:]+"  # address and port


@dataclass
class Context:
    """What went before in the trace."""
    exited: set[str] = field(default_factory=set)  # ids of threads that exited

    def note(self, sysdig: str) -> None:
        if " > procexit " in sysdig and (match := LINE.match(sysdig)):
            self.exited.add(match[5])


@dataclass(frozen=True)
class Deviation:
    id: str
    reason: str
    rewrite: Callable[[Pair, Context], Pair]
    traces: str = ""  # regular expression: only in traces of this name
    dialects: tuple[str, ...] = ("0.29", "today")


DEVIATIONS: list[Deviation] = []


def deviation(id_: str, reason: str, **limits):
    def add(rewrite: Callable[[Pair, Context], Pair]):
        DEVIATIONS.append(Deviation(id_, reason, rewrite, **limits))
        return rewrite
    return add


def fitting(trace: str, dialect: str) -> list[Deviation]:
    return [d for d in DEVIATIONS if dialect in d.dialects and re.search(d.traces, trace)]


# ---- the default dialect prints what the trace holds ----

@deviation("new-parameters", "0.29.3 does not know the parameters that were appended to the event "
           "since, and leaves them out; the default dialect prints all.", dialects=("today",))
def new_parameters(pair: Pair, _: Context) -> Pair:
    sysdig, gyr = pair
    match = LINE.match(gyr)
    names = schema_facts.new_parameters(match[7], match[6]) if match else []
    for count in range(len(names), 0, -1):
        tail = "".join(f"{re.escape(name)}=.*? " for name in names[:count])
        if found := re.match(f"(.* ){tail}$", gyr):
            return sysdig, found[1]
    return pair


@deviation("new-events", "Events of types that 0.29.3 does not know: it skips them, without a "
           "number.", dialects=("today",))
def new_events(pair: Pair, _: Context) -> Pair:
    return pair  # only a name: run.py leaves these lines out and counts on


@deviation("mmap-result", "An address or an error: today's schema says error, which is decimal; "
           "0.29.3 had an unsigned number in hexadecimal.", dialects=("today",))
def mmap_result(pair: Pair, _: Context) -> Pair:
    def decimal(match: re.Match) -> str:
        number = int(match[2], 16)
        return match[1] + str(number - (1 << 64) if number >> 63 else number)
    sysdig = re.sub(r"( < mmap2? res=)([0-9A-F]+)", decimal, pair[0])
    return sysdig, re.sub(r"( < mmap2? res=-?\d+)\(E\w+\)", r"\1", pair[1])


@deviation("all-names", "Where several names have one value 0.29.3 prints the first; today's form "
           "is all of them.", dialects=("today",))
def all_names(pair: Pair, _: Context) -> Pair:
    for first, others in schema_facts.synonyms():
        pair = pair[0], pair[1].replace(f"({first}|{others})", f"({first})")
    return pair


@deviation("changed-parameters", "In execve today's schema calls pgid vpgid and knows that "
           "loginuid is a user.", dialects=("today",))
def changed_parameters(pair: Pair, _: Context) -> Pair:
    gyr = re.sub(r"( tty=\S+ )vpgid(=\S+ loginuid=-?\d+)\([^)]*\)", r"\1pgid\2", pair[1])
    return pair[0], gyr


@deviation("null-buffer", "An empty buffer is NULL in today's form, and nothing in 0.29.3.",
           dialects=("today",))
def null_buffer(pair: Pair, _: Context) -> Pair:
    return pair[0], re.sub(r"\b(data|args|env|cgroups)=NULL ", r"\1= ", pair[1])


# ---- mistakes of sysdig 0.29.3 ----

@deviation("empty-text", "0.29.3 prints an empty text as the bytes of the parameter behind it "
           "(`cwd= N ` is fdlimit 20000, `name=-100` the directory before it).")
def empty_text(pair: Pair, _: Context) -> Pair:
    sysdig, gyr = pair
    for name, following in re.findall(r" (cwd|name|path)=(?:<NA>)? (?:(\w+)=|$)", gyr):
        end = f"(?={following}=)" if following else "$"
        sysdig = re.sub(f" {name}=.*? {end}", f" {name}= ", sysdig, count=1)
        gyr = gyr.replace(f" {name}=<NA> ", f" {name}= ", 1)
    return sysdig, gyr


@deviation("double-slash", "0.29.3 joins `/` and a name as `//name`.")
def double_slash(pair: Pair, _: Context) -> Pair:
    return re.sub(r"(<[fd]>|\()//", r"\1/", pair[0]), pair[1]


@deviation("unknown-directory", "A name relative to an unknown descriptor: 0.29.3 writes "
           "`<UNKNOWN>name` where today's form is `<UNKNOWN>/name`.")
def unknown_directory(pair: Pair, _: Context) -> Pair:
    return re.sub(r"<UNKNOWN>(?=[^/)\s])", "<UNKNOWN>/", pair[0]), pair[1]


@deviation("openat2-base", "0.29.3 resolves the name of an openat2 enter event against the working "
           "directory even if a directory descriptor is given.")
def openat2_base(pair: Pair, _: Context) -> Pair:
    pattern = r"( > openat2 dirfd=(?!-100\().*? name=[^(]*?)(\([^)]*\))?( flags=)"
    return re.sub(pattern, r"\1\3", pair[0]), re.sub(pattern, r"\1\3", pair[1])


@deviation("new-flag-names", "Names of flags that 0.29.3 does not have.")
def new_flag_names(pair: Pair, _: Context) -> Pair:
    names = ("O_F_CREATED|FD_UPPER_LAYER|FD_LOWER_LAYER|CLONE_CHILD_IN_PIDNS|EXE_UPPER_LAYER|"
             "EXE_LOWER_LAYER|EXE_FROM_MEMFD")
    gyr = re.sub(rf"\((?:{names})(?:\|(?:{names}))*\)", "", pair[1])
    gyr = re.sub(rf"\((?:{names})\|", "(", gyr)
    return pair[0], re.sub(rf"\|(?:{names})\b", "", gyr)


SYSCALL_NAMES = {"newselect": "_newselect", "llseek": "_llseek", "sigreturn": "rt_sigreturn",
                 **{name: name + "32" for name in (
                     "setuid", "getuid", "setgid", "geteuid", "getgid", "setresuid", "setresgid",
                     "getresuid", "getresgid")}}


@deviation("syscall-names", "Generic events of these calls: 0.29.3 names them like others "
           "(getuid32 as getuid, rt_sigreturn as sigreturn).", dialects=("today",))
def syscall_names(pair: Pair, _: Context) -> Pair:
    match = re.fullmatch(r"(.*\) [<>] )(\w+)( .*)", pair[0])
    if not match:
        return pair
    return match[1] + SYSCALL_NAMES.get(match[2], match[2]) + match[3], pair[1]


@deviation("exited-threads", "0.29.3 keeps the record of an exited thread: it counts threads twice "
           "(both clone events do), and the caller's event of a vfork brings an exited child back.")
def exited_threads(pair: Pair, context: Context) -> Pair:
    sysdig, gyr = pair
    for name, id_ in re.findall(r"\b(\w+)=(\d+) ", gyr):
        if id_ in context.exited:
            sysdig = re.sub(rf"\b{name}={id_}\([^)]*\)+ ", f"{name}={id_} ", sysdig)
    match = LINE.match(sysdig)
    if match and match[5] in context.exited and " <NA> (" in gyr:
        sysdig = sysdig[:match.start(4)] + "<NA>" + sysdig[match.end(4):]
    return sysdig, gyr


# ---- sockets ----

@deviation("socket-of-send", "A send on an unknown descriptor: 0.29.3 invents the socket when the "
           "call is entered, gyr when it has succeeded.")
def socket_of_send(pair: Pair, _: Context) -> Pair:
    return re.sub(r"( > (?:sendto|sendmsg) fd=\d+)\(<[46]>\)", r"\1", pair[0]), pair[1]


@deviation("mapped-connect", "0.29.3 makes an IPv6 socket an IPv4 one as soon as it tries to "
           "connect to an IPv4 address, even if that fails, and loses its protocol.",
           traces="mapped")
def mapped_connect(pair: Pair, _: Context) -> Pair:
    sysdig, gyr = pair
    if "(<4><unknown>)" in sysdig:
        return sysdig, re.sub(r"\(<4[tu]>[^)]*\)", "(<4><unknown>)", gyr)
    return sysdig, re.sub(r"\(<[46][tu]?>", "(<4>", gyr) if "(<4>" in sysdig else gyr


@deviation("bound-address", "A bound socket that gets another end: 0.29.3 shows the bytes of port "
           "and protocol as the address.", traces="network|life|mapped")
def bound_address(pair: Pair, _: Context) -> Pair:
    garbage = r"\b\d+\.\d+\.[0-5]\.0(?::\d+)?\b"
    pattern = r"\d+\.\d+\.\d+\.\d+(?::\d+)?".join(map(re.escape, re.split(garbage, pair[0])))
    return (pair[1], pair[1]) if re.fullmatch(pattern, pair[1]) else pair


@deviation("raw-ipv6", "Raw and ICMP sockets have no ports: 0.29.3 names IPv6 ones with ports "
           "where they were bound before.", traces="network|life")
def raw_ipv6(pair: Pair, _: Context) -> Pair:
    sysdig, gyr = pair
    for one, other in re.findall(rf"<6i>({SERVER})->({SERVER})", sysdig):
        hosts = one.rpartition(":")[0], other.rpartition(":")[0]
        if any(f"<6i>{a}->{b})" in gyr for a, b in (hosts, hosts[::-1])):
            sysdig = sysdig.replace(f"{one}->{other})", f"{hosts[0]}->{hosts[1]})")
    return re.sub(rf"<6r>{SERVER}->{SERVER}\)", "<6r><unknown>)", sysdig), gyr


@deviation("ipv6-receiver", "An IPv6 socket that first receives is a server's, as it is for IPv4; "
           "0.29.3 reads the ports from the wrong place and takes it for a client's.",
           traces="network|life")
def ipv6_receiver(pair: Pair, _: Context) -> Pair:
    sysdig, gyr = pair
    for letters, client, server in re.findall(rf"(<6[tui]>)({SERVER})->({SERVER})", sysdig):
        if (turned := f"{letters}{server}->{client}") in gyr:
            sysdig = sysdig.replace(f"{letters}{client}->{server}", turned)
    return sysdig, gyr


@deviation("second-connect", "A UDP socket that connects again has a new other end; 0.29.3 keeps "
           "the first.", traces="ipv6_client")
def second_connect(pair: Pair, _: Context) -> Pair:
    old, new = "::1:2345)", "2001:4860:4860::8888:53)"
    return pair[0].replace(f"<6u>::1:38255->{old}", f"<6u>::1:38255->{new}"), pair[1]


@deviation("missed-accept", "A server's connections whose accept is not in the trace: gyr knows by "
           "the listening socket who serves and that it is TCP; 0.29.3 takes the first sender for "
           "a UDP client.", traces="mixed")
def missed_accept(pair: Pair, _: Context) -> Pair:
    return re.sub(r"<4u>(127.0.0.1:18081)->(127.0.0.1:\d+)", r"<4t>\2->\1", pair[0]), pair[1]


@deviation("new-dup", "The descriptor was made by today's dup event, which 0.29.3 does not know.",
           traces="mixed")
def new_dup(pair: Pair, _: Context) -> Pair:
    pattern = (r"( (?:ar|gzip) \(\d+\) > (?:read|lseek|ioctl|fstat|mmap|close) fd=(?:18|0))"
               r"\(<f>/[^)]*\)")
    return pair[0], re.sub(pattern, r"\1", pair[1])


# ---- sysdig 0.36 ----

TODAY = ("0.36",)


@deviation("vpgid", "The parameter's name is vpgid in today's schema; 0.36 has pgid.",
           dialects=TODAY)
def vpgid(pair: Pair, _: Context) -> Pair:
    return re.sub(r" pgid=(?=\S+ loginuid=)", " vpgid=", pair[0]), pair[1]


@deviation("time-zone", "Absolute times have their zone in today's form.", dialects=TODAY)
def time_zone(pair: Pair, _: Context) -> Pair:
    return pair[0], re.sub(r"(_[cm]time=\S+ \S+) [+-]\d{4} ", r"\1 ", pair[1])


@deviation("futex-names", "0.36 looks the operation up as one name, so that FUTEX_WAKE with "
           "FUTEX_PRIVATE_FLAG has none; it is a set of flags.", dialects=TODAY)
def futex_names(pair: Pair, _: Context) -> Pair:
    return pair[0], re.sub(r"( futex .*?\bop=\d+)\([A-Z_|]+\)", r"\1", pair[1])


@deviation("stale-dup2", "dup2 from a descriptor that is not known replaces what the target number "
           "was; 0.36 keeps the old name.", dialects=TODAY)
def stale_dup2(pair: Pair, _: Context) -> Pair:
    sysdig, gyr = pair
    stale = r"\(<f>(?:/home/demo/small/notes.txt|/dev/null)\) "
    for name, fd in set(re.findall(r"\b(fd|dirfd|res|newfd|oldfd)=([12]|1[01]) ", gyr)):
        sysdig = re.sub(rf"\b{name}={fd}{stale}", f"{name}={fd} ", sysdig)
    return sysdig, gyr
