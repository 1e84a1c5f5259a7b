"""Output formats and JSON: which are compared with sysdig's, and the fields that may differ.

Every field that both list is printed for every event of a trace, as text and as JSON, but for those
of DIFFERENT and, in JSON, DIFFERENT_IN_JSON; README.md shows both.
"""

import json
import re
import subprocess
from collections.abc import Iterator

AT_ONCE = 8  # fields per format: a difference is to be found

DIFFERENT = {
    "proc.nchilds": "0.29.3 shows that of the thread, which has none unless it is the first of "
                    "its process.",
    "proc.apid": "Without a number 0.29.3 prints the name of the field behind the value.",
    "proc.aname": "As proc.apid.",
    "thread.vtid": "Where the trace does not tell 0.29.3 has no value; gyr takes the id of the "
                   "host.",
    "proc.vpid": "As thread.vtid.",
    "group.gid": "0.29.3 prints 32 bits of the id and 32 stray ones.",
    "fd.dev": "0.29.3 prints stray memory for descriptors that are no files.",
    "fd.dev.major": "As fd.dev.",
    "fd.dev.minor": "As fd.dev.",
}
DIFFERENT_IN_JSON = {
    "evt.deltatime": "0.29.3 extracts a field twice for JSON, so that one that counts from the "
                     "last time gives 0.",
    "evt.deltatime.ns": "As evt.deltatime.",
    "thread.exectime": "As evt.deltatime.",
    "proc.fdusage": "0.29.3 ends with an error: it has no JSON for numbers with a fraction.",
}

# Options and a format, in each way that a format is written.
FORMATS = (
    ([], "%evt.num|%10evt.type|%3proc.name|%evt.arg.fd|"),
    ([], "%evt.numx %proc.name: %evt.type. %proc.name[%proc.pid] %evt.num[%evt.cpu"),
    ([], "*%evt.num %20fd.name|%2evt.dir|%0evt.cpu|%fd.sport"),
    ([], r"a\tb\qc\\d%evt.num\n"),
    ([], "plain text"),
    ([], "*"),
    ([], "%evt.num %fd.name %evt.arg[0] %evt.arg.res %evt.rawarg.res"),
    ([], "%evt.num %thread.cgroup.cpu %proc.aname[1] %proc.apid[2]"),
    (["-t", "a"], "%evt.outputtime"), (["-t", "r"], "%evt.outputtime"),
    (["-t", "d"], "%evt.outputtime"), (["-t", "D"], "%evt.outputtime %evt.deltatime"),
    (["-x"], "%evt.num %evt.buffer %evt.args"), (["-X"], "%evt.num %evt.buffer"),
    (["-A"], "%evt.num %evt.buffer"), (["-b"], "%evt.num %evt.buffer"),
    (["-v"], "%evt.num %evt.buffer"), (["-R"], "*%fd.sproto %fd.cproto %fd.lproto %fd.rproto"),
    (["-j"], "%evt.num %fd.name %evt.time"), (["-j"], "*%fd.cip %evt.num %evt.num %9proc.name"),
    (["-j", "-x"], "%evt.num %evt.buffer"), (["-j", "-A"], "%evt.num %evt.buffer"),
)


def listed_by_sysdig() -> list[str]:
    text = subprocess.run(["sysdig", "-l"], capture_output=True, text=True, check=True).stdout
    names = re.findall(r"^([a-z]\w*(?:\.\w+)+)(?:\s{2}|$)", text, flags=re.MULTILINE)
    return list(dict.fromkeys(names))


def comparable(gyr: str, different: dict[str, str]) -> list[str]:
    """Fields of both without a mandatory argument."""
    text = subprocess.run([gyr, "--list-json"], capture_output=True, check=True).stdout
    ours = {f["name"] for c in json.loads(text)["classes"] for f in c["fields"]
            if f["output"] and not (f["argument"] or {}).get("required")}
    return [name for name in listed_by_sysdig() if name in ours and name not in different]


def field_formats(gyr: str) -> Iterator[tuple[list[str], str]]:
    """Options and formats that have all fields."""
    for options, different in ([], DIFFERENT), (["-j"], DIFFERENT | DIFFERENT_IN_JSON):
        names = comparable(gyr, different)
        for at in range(0, len(names), AT_ONCE):
            yield options, "*%evt.num " + " ".join(f"{n}=%{n}" for n in names[at:at + AT_ONCE])


def rows() -> str:
    return "".join(f"| {name} | {output} | {reason} |\n"
                   for output, fields in (("all", DIFFERENT), ("JSON", DIFFERENT_IN_JSON))
                   for name, reason in fields.items())
