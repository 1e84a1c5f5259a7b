#!/usr/bin/env python3
"""Processes that change what filters ask for: names, parents, users, programs.

Prints "ready" when what exists before the capture does, and begins at the first byte of input.
"""

import ctypes
import os
import signal
import sys
import threading
import time

PR_SET_NAME = 15
NOBODY = 65534
libc = ctypes.CDLL(None, use_errno=True)


def rename(name: str) -> None:
    libc.prctl(PR_SET_NAME, name.encode(), 0, 0, 0)


def work() -> None:
    for _ in range(3):
        os.close(os.open("/etc/passwd", os.O_RDONLY))
        os.stat("/etc")
        os.getppid()
        libc.sched_yield()


def child(body) -> int:
    pid = os.fork()
    if pid == 0:
        body()
        os._exit(0)
    return pid


def renamed() -> None:
    work()
    rename("second")
    work()
    os.waitpid(child(work), 0)
    rename("third")
    work()


def renamed_from_outside() -> None:
    """By another thread, which is who else may."""
    def rename_main() -> None:
        with open(f"/proc/self/task/{os.getpid()}/comm", "w") as comm:
            comm.write("outside")
    work()
    other = threading.Thread(target=rename_main)
    other.start()
    other.join()
    work()


def other_user() -> None:
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    work()
    os.execv("/bin/sh", ["sh", "-c", "cat /etc/passwd > /dev/null; exit 3"])


def user_for_a_while() -> None:
    os.seteuid(NOBODY)
    work()
    os.seteuid(0)
    work()


def in_user_namespace() -> None:
    os.execvp("setpriv", ["setpriv", "--reuid", "1", "--clear-groups", "unshare", "-Ur",
                          "cat", "/etc/passwd"])


def orphan() -> None:
    def outlive() -> None:
        work()
        time.sleep(0.2)
        work()
    child(outlive)


def program_of_a_thread() -> None:
    def run() -> None:
        rename("thread")
        work()
        os.execv("/bin/cat", ["cat", "/etc/hostname"])
    threading.Thread(target=run).start()
    time.sleep(5)


def signalled() -> None:
    signal.signal(signal.SIGUSR1, lambda *_: None)
    rename("signalled")
    os.kill(os.getpid(), signal.SIGUSR1)
    os.kill(os.getpid(), signal.SIGKILL)


def early() -> None:
    """Has changed its name before the capture begins, and does so again while it runs."""
    rename("early")
    os.write(2, b"")
    os.read(begin, 1)
    work()
    rename("late")
    work()


begin, go = os.pipe()
waiting = child(early)
time.sleep(0.1)
print("ready", flush=True)
sys.stdin.buffer.raw.read(1)
os.write(go, b"x")
pids = [child(body) for body in (renamed, renamed_from_outside, other_user, user_for_a_while,
                                 in_user_namespace, orphan, program_of_a_thread, signalled)]
for pid in [waiting, *pids]:
    os.waitpid(pid, 0)
work()
time.sleep(0.4)
