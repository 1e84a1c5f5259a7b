"""What is checked in every kernel: the list CHECKS, in the order in which the checks run.

A check is a piece of shell (busybox) that runs as root in the guest, in /, and what it must end
with: an exit status, and patterns each of which some line of its output must match. What a check
leaves running is killed behind it; files stay for the checks after it.
"""

import re
from dataclasses import dataclass, field

CHECK_LIMIT_S = 120  # emulation is slow: a verifier may take 20 times as long as on the host


@dataclass(frozen=True)
class Check:
    name: str  # no blanks: it is a word of the report's lines
    script: str
    expect: list[str] = field(default_factory=list)
    status: int = 0
    needs: str = ""  # skipped without it: "bpf", the means to compile that, or a word of gyr's help


CHECKS = [
    Check("kernel", """
        uname -r
        grep -c ^processor /proc/cpuinfo
        """, [r"^\d+\.\d+\.\d+[-+]", "^2$"]),
    Check("btf", """
        [ -s /sys/kernel/btf/vmlinux ]
        """),
    Check("tracepoints", """
        ls -d /sys/kernel/tracing/events/raw_syscalls/sys_enter \\
              /sys/kernel/tracing/events/sched/sched_process_exec
        """),
    # A control for what gyr's doctor says: the kernel takes a BPF program that needs its BTF, and
    # runs it.
    Check("bpf", "probe_loader /probe.bpf.o", [r"^calls [2-9]\d+, strangers 0$"], needs="bpf"),
    Check("gyr-version", "gyr --version", [r"\d+\.\d+\.\d+"]),
    Check("doctor", "gyr doctor", needs="doctor"),
    Check("live", """
        while :; do busybox cat /etc/passwd >/dev/null; done &
        gyr -n 200 evt.type=openat
        """, ["openat.*/etc/passwd"], needs="doctor"),
    # The reader marks `yes`, which the kernel then rejects; each cat is another program.
    Check("marks", """
        busybox yes >/dev/null &
        while :; do busybox cat /etc/group /etc/passwd >/dev/null; done &
        gyr -v -n 200 -p '%evt.type %proc.cmdline' \\
            'proc.cmdline contains passwd and evt.type!=openat' 2>&1
        """, ["then in the kernel: proc.cmdline contains passwd",
              "^[a-z_]+ .*cat /etc/group /etc/passwd$"], needs="doctor"),
    Check("command", """
        gyr -w /t.scap -- /bin/busybox ls / || exit
        gyr -r /t.scap evt.type=execve
        """, ["execve.*busybox"], needs="doctor"),
    # Last, so that it sees what all others did. A busy host makes an emulated CPU stand still for
    # seconds, about which the kernel complains too: that is no fault of what is tested.
    Check("no-kernel-warnings", """
        ! dmesg | grep -E 'WARNING:|BUG:|Oops|general protection' |
          grep -vE 'soft lockup|rcu.*stall'
        """),
]

# What the bundled trace shows: files, a pipe, processes, a server and its client. With paths, since
# this shell has the programs built in otherwise.
RECORDING = Check("recording", """
    cat >/session <<'END'
/bin/httpd -p 127.0.0.1:8080 -h /etc
/bin/ls -l /etc | /bin/wc -l
/bin/wget -q -O /tmp/copy http://127.0.0.1:8080/passwd
/bin/grep root /tmp/copy
/bin/cat /etc/shadow /etc/nothing
/bin/rm /tmp/copy
/bin/killall httpd
END
    gyr -w /recorded.scap -- /bin/sh /session >/dev/null 2>&1
    busybox base64 /recorded.scap
    """, ["^KLUv"], needs="doctor")


def verdict(check: Check, status: int, output: str) -> str:
    """Why the check has failed; empty if it has passed."""
    if status == 143 and check.status != 143:
        return f"not done after {CHECK_LIMIT_S} s"
    if status != check.status:
        return f"exit status {status}, expected {check.status}"
    for pattern in check.expect:
        if not re.search(pattern, output, re.MULTILINE):
            return f"no line of its output matches {pattern!r}"
    return ""
