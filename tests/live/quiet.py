#!/usr/bin/env python3
"""Ordinary work, before which the default rules must keep silent.

    quiet.py [--gyr PATH] [WORD]     WORD: only work whose name contains it

Prints `[passed] quiet NAME`, or `[failed]` with the alerts.
"""

import json
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent / "support"))
import bench  # noqa: E402
from bench import expect, wait_until_attached  # noqa: E402

RULES = bench.ROOT / "rules" / "default"
PYTHON = "/usr/bin/python3"


def silent(b, *command, least=1000):
    """Records the command; its events must be at least so many, and no rule may match."""
    b.run("-w", "work.scap", "--", *command)
    expect_silence(b, least)


def expect_silence(b, least):
    events = len(b.lines("-r", "work.scap", "-p", "%evt.num"))
    expect(events >= least, f"only {events} events")
    alerts = [json.loads(line) for line in b.lines("scan", "-r", RULES, "--format", "json",
                                                   "work.scap")]
    expect(not alerts, *(f"{alert['rule']}: {alert['output']}" for alert in alerts))


def compile_programs(b):
    """g++ with a few files, and ninja over the same where it is installed."""
    source = ("#include <iostream>\\n#include <map>\\n#include <string>\\n"
              "int part%d() { std::map<std::string, int> m; std::cout << m.size(); return 0; }\\n")
    lines = ["set -e", "exec >/dev/null"]
    for number in range(3):
        lines += [f"printf '{source % number}' >p{number}.cpp", f"g++ -c p{number}.cpp"]
    lines += ["echo 'int part0(); int main() { return part0(); }' >main.cpp",
              "g++ -o program main.cpp p0.o p1.o p2.o", "strip program", "tar cf all.tar *.o"]
    if shutil.which("ninja"):
        lines += ["printf 'rule cc\\n command = g++ -c -o $out $in\\n"
                  "rule ld\\n command = g++ -o $out $in\\nrule run\\n command = ./$in >$out\\n"
                  "build n.o: cc p0.cpp\\nbuild m.o: cc main.cpp\\nbuild n: ld m.o n.o\\n"
                  "build out: run n\\n' >build.ninja", "ninja"]
    silent(b, "sh", "-c", "\n".join(lines), least=10_000)


def configure(b):
    """What configure scripts do, started by make: small programs made and run, text put into sh."""
    (b.folder / "configure").write_text("""#!/bin/sh
exec >config.log 2>&1
for word in strlen getpid; do
    echo "int main() { return 0; }" >conftest.c
    gcc -o conftest conftest.c && ./conftest
    touch -r conftest.c conftest.stamp
    echo "echo $word" | sh
done
find /usr/include -maxdepth 1 -name 'std*.h'
rm -f conftest*
""")
    (b.folder / "configure").chmod(0o755)
    (b.folder / "Makefile").write_text("all:\n\t./configure\n")
    silent(b, "make", "-s", least=3000)


def install_package(b):
    """A small package of Debian, with what apt and dpkg run around it."""
    shown = subprocess.run(("apt-get", "install", "--reinstall", "-y", "--download-only", "hello"),
                           capture_output=True, text=True)
    if shown.returncode != 0:
        print("[skipped] quiet install_package: no package can be fetched", flush=True)
        return
    had = subprocess.run(("dpkg", "-s", "hello"), capture_output=True).returncode == 0
    silent(b, "sh", "-c", "DEBIAN_FRONTEND=noninteractive apt-get install --reinstall -y hello "
           ">/dev/null 2>&1", least=5000)
    if not had:
        silent(b, "sh", "-c", "apt-get purge -y hello >/dev/null 2>&1", least=5000)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def web_server(b, requests=3000):
    """A web server under load; nginx where it is installed, or else Python's."""
    port = free_port()
    (b.folder / "page.html").write_text("<p>page</p>" * 200)
    command = (PYTHON, "-m", "http.server", "--bind", "127.0.0.1", str(port))
    if shutil.which("nginx"):
        (b.folder / "nginx.conf").write_text(
            "daemon off; pid nginx.pid; error_log error.log; events {}"
            f" http {{ access_log access.log; server {{ listen 127.0.0.1:{port}; root {b.folder}; }} }} }}")
        command = ("nginx", "-p", str(b.folder), "-c", "nginx.conf")
    with subprocess.Popen((b.gyr, "-w", "work.scap", "--", *command), cwd=b.folder,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as gyr:
        wait_until_attached(gyr)
        ask(port, requests)
        child = subprocess.run(("pgrep", "-P", str(gyr.pid)), capture_output=True, text=True).stdout
        subprocess.run(("kill", *child.split()), check=False)
        gyr.wait(timeout=60)
    expect_silence(b, 10 * requests)


def ask(port, requests):
    def fetch(count):
        for _ in range(count):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/page.html", timeout=10).read()

    for attempt in range(100):
        try:
            fetch(1)
            break
        except OSError:
            threading.Event().wait(0.1)
    threads = [threading.Thread(target=fetch, args=(requests // 4,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def log_in(b):
    """A login shell of root and of a user, looking around and writing files."""
    script = ("cd; ls -la; ps aux; df; free; id; who; uname -a; env; git --version; export A=1;"
              "cat /etc/passwd /etc/os-release /proc/cpuinfo; find /etc -name '*.conf' | head;"
              "grep -r root /etc/passwd; tail -n 5 /var/log/dpkg.log; ss -tln; ip a;"
              "d=$(mktemp -d); cd $d; echo text >a; sed -i s/text/word/ a;"
              "tar czf a.tgz a; rm -r $d;"
              "cat <<< word | sort | uniq -c; echo 'print(1)' | sed s/1/2/ | tee /dev/null")
    command = (f"su - root -c {quoted(script)}; su -s /bin/bash nobody -c {quoted(script)};"
               f"bash -lic {quoted(script)}; true")
    silent(b, "sh", "-c", f"({command}) >/dev/null 2>&1 </dev/null", least=5000)


def scheduled_jobs(b):
    """What cron starts at night, as it does: copies of the package state, rotation, tidying up."""
    (b.folder / "app.log").write_text("line\n" * 1000)
    (b.folder / "rotate").write_text(f"{b.folder}/app.log {{ rotate 2\n compress\n create\n }}\n")
    script = ("cd /; [ ! -x /etc/cron.daily/dpkg ] || /etc/cron.daily/dpkg;"
              "run-parts --report /etc/cron.hourly; d=$(mktemp -d); cp -r /usr/share/doc/bash $d;"
              "tar czf $d/doc.tgz -C $d bash; find $d -type f -mtime +3 -delete; rm -r $d;"
              f"! command -v logrotate || logrotate -f -s {b.folder}/state {b.folder}/rotate; true")
    silent(b, PYTHON, "-c", f"import os; os.system({script!r})", least=1000)


def quoted(script):
    return "'" + script.replace("'", "'\\''") + "'"


WORK = (compile_programs, configure, install_package, web_server, log_in, scheduled_jobs)


if __name__ == "__main__":
    sys.exit(bench.main("quiet", WORK))
