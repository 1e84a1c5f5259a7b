#!/usr/bin/env python3
"""Times gyr against sysdig on the same trace, and says which targets are met.

    run.py [--gyr PATH] [--runs N] [--repeat N] [--only WORD] [--json FILE]

The trace is mixed.scap of the corpus, N times in a row. The two tools run alternately, and what
counts is the median of each; ratios hold from one machine to another, seconds do not.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "build" / "bench-data"
EVENTS = 709_552  # in one mixed.scap
SPEED = 6.0  # times as fast as sysdig
CHISEL_SPEED = 4.0
CHISELS = {"topprocs_cpu": [], "topfiles_bytes": [], "topscalls": [], "fdbytes_by": ["fd.name"]}


@dataclass
class Run:
    wall: float  # seconds
    cpu: float  # user and system seconds
    memory: float  # MiB at the peak


@dataclass
class Contest:
    """Two commands that do the same; `worth` compares them, and should be at least `target`."""
    name: str
    first: list[str]
    second: list[str]
    labels: tuple[str, str]
    events: int
    worth: str  # the figure of a Run: how many times as good the first one is
    target: float


@dataclass
class Outcome:
    contest: Contest
    first: Run
    second: Run

    def times_as_good(self, figure: str) -> float:
        return getattr(self.second, figure) / max(getattr(self.first, figure), 1e-6)

    @property
    def ratio(self) -> float:
        return self.times_as_good(self.contest.worth)

    @property
    def mark(self) -> str:
        return "PASS" if self.ratio >= self.contest.target else "MISS"


# ---- measuring ----

def execute(command: list[str]) -> Run:
    with open(os.devnull, "wb") as null:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=null, stderr=null)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"bench: {' '.join(command)} ended with {process.returncode}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(runs: list[Run]) -> Run:
    def middle(figure: Callable[[Run], float]) -> float:
        return statistics.median(map(figure, runs))
    return Run(middle(lambda r: r.wall), middle(lambda r: r.cpu), middle(lambda r: r.memory))


def measure(contest: Contest, runs: int) -> Outcome:
    """A B A B …, so that what else the machine does hits both alike."""
    firsts, seconds = [], []
    for _ in range(runs):
        firsts.append(execute(contest.first))
        seconds.append(execute(contest.second))
    return Outcome(contest, median(firsts), median(seconds))


def warn_if_busy() -> None:
    """gyr uses two cores, sysdig one: on a busy machine the wall clock is unfair to gyr."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > cores / 2:
        print(f"the machine is busy (load {load:.1f}, {cores} cores): wall-clock times mean little")


# ---- traces ----

def make_trace(source: Path, repeat: int, compressed: bool) -> Path:
    """`repeat` sections one after the other, kept for the next time."""
    target = DATA / f"mixed-{repeat}.scap{'.zst' if compressed else ''}"
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return target
    DATA.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(target.name + ".part")
    with temporary.open("wb") as out:
        for _ in range(repeat):
            if compressed:  # frames, too, can stand one after the other
                out.write(source.read_bytes())
            else:
                out.flush()
                subprocess.run(["zstd", "-dc", str(source)], stdout=out, check=True)
    return temporary.rename(target)


def make_rules(count: int) -> Path:
    """Rules of the common kinds, none of which ever matches."""
    conditions = ("evt.type in (open, openat) and fd.name startswith /nosuch{}/ and proc.name != x{}",
                  "evt.type = execve and proc.pname in (nosuch{}, x{}) and proc.cmdline contains y",
                  "evt.type = connect and fd.sport = {} and proc.aname[2] = nosuch{}",
                  "evt.type in (unlink, unlinkat, rename) and evt.arg.name contains nosuch{}-{}")
    target = DATA / f"rules-{count}.yaml"
    DATA.mkdir(parents=True, exist_ok=True)
    with target.open("w") as out:
        for i in range(count):
            condition = "evt.type = reboot" if count == 1 else conditions[i % 4].format(i + 1, i)
            out.write(f"- rule: bench {i}\n  desc: of the benchmark\n  output: none\n"
                      f"  priority: DEBUG\n  condition: {condition}\n")
    return target


# ---- contests ----

FILTERS = {"type, name": "evt.type=openat and proc.name=cc1",
           "part": "fd.name contains /usr/include",
           "none": "proc.name=nosuch"}


def terms(count: int) -> dict[str, str]:
    """Filters of so many terms."""
    def joined(term: str) -> str:
        return " or ".join(term.format(i) for i in range(count))
    mixed = (f"proc.name=nosuch{i} or fd.name startswith /nosuch{i} or evt.arg.name contains no{i}"
             for i in range(count // 3))
    return {"parts": joined("fd.name contains /nosuch{}"), "names": joined("proc.name=nosuch{}"),
            "mixed": " or ".join(mixed) if count > 1 else joined("fd.name contains /nosuch{}")}


def contests(gyr: str, source: Path, repeat: int, with_sysdig: bool) -> list[Contest]:
    one, long = make_trace(source, 1, False), make_trace(source, repeat, False)
    packed = make_trace(source, repeat, True)
    events, tools = repeat * EVENTS, ("gyr", "sysdig")

    def against_sysdig(name: str, options: list[str], trace: Path, worth: str,
                       target: float) -> Contest:
        tail = [*options, "-r", str(trace)]
        return Contest(name, [gyr, *tail], ["sysdig", *tail], tools,
                       EVENTS if trace == one else events, worth, target)

    def against_plain(name: str, options: list[str]) -> Contest:
        return Contest(name, [gyr, *options, "-r", str(packed)], [gyr, *options, "-r", str(long)],
                       ("zstd", "plain"), events, "wall", 1.0)

    def writing(name: str, ours: list[str], theirs: list[str], target: float) -> Contest:
        tail = ["-r", str(one), "-w", str(DATA / "copy")]
        return Contest(name, [gyr, *ours, *tail], ["sysdig", *theirs, *tail], tools, EVENTS,
                       "wall", target)

    def of_terms(name: str) -> Contest:
        tail = ["-q", "-r", str(long)]
        return Contest(f"60 {name}", [gyr, *tail, terms(60)[name]], [gyr, *tail, terms(1)[name]],
                       ("60 terms", "1 term"), events, "wall", 0.5)

    def filtered(name: str) -> Contest:
        contest = against_sysdig(f"filter {name}", [], long, "wall", SPEED)
        contest.first.append(FILTERS[name])
        contest.second.append(FILTERS[name])
        return contest

    def chisel(name: str) -> Contest:
        tail = ["-r", str(one), "-c", name, *CHISELS[name]]
        return Contest(f"chisel {name}", [gyr, *tail], ["sysdig", *tail], tools, EVENTS, "wall",
                       CHISEL_SPEED)

    def scan(*rules: Path) -> list[str]:
        files = [word for file in rules for word in ("-r", str(file))]
        return [gyr, "scan", "-j", "1", "--format", "json", *files]

    def against_no_rules(name: str, trace: Path) -> Contest:
        return Contest(f"rules, {name}", [*scan(stock), str(trace)],
                       [*scan(make_rules(1)), str(trace)], ("stock", "no rules"), events, "cpu",
                       0.5)

    def more_rules() -> Contest:
        count, target = 100, 0.5
        return Contest(f"{count} more rules", [*scan(stock, make_rules(count)), str(packed)],
                       [*scan(stock), str(packed)], ("more", "stock"), events, "cpu", target)

    stock = source.parent.parent / "rules" / "falco_rules.yaml"
    found = [against_plain("zstd, print", []), against_plain("zstd, decode", ["-q"]),
             *map(of_terms, terms(1)), against_no_rules("plain", long),
             against_no_rules("zstd", packed), more_rules()]
    if with_sysdig:
        found = [against_sysdig("print", [], long, "wall", SPEED),
                 against_sysdig("decode", ["-q"], long, "wall", SPEED), *found,
                 *map(filtered, FILTERS), *map(chisel, CHISELS),
                 against_sysdig("memory, one", [], one, "memory", 1.0),
                 against_sysdig("memory, long", [], long, "memory", 1.0),
                 writing("write, plain", ["--plain"], [], 2.0),
                 writing("write, gzip", ["-z"], ["-z"], 1.2),
                 writing("write, zstd", [], ["-z"], 3.0)]
    return found


# ---- reporting ----

HEADER = (f"{'':22}{'':9}{'wall s':>8}{'cpu s':>8}{'MiB':>7}{'M events/s':>12}"
          f"{'cpu ×':>8}{'ratio':>8}{'target':>8}")


def line(name: str, label: str, run: Run, events: int) -> str:
    return (f"{name:22}{label:9}{run.wall:8.3f}{run.cpu:8.3f}{run.memory:7.1f}"
            f"{events / run.wall / 1e6:12.2f}")


def show(outcome: Outcome) -> None:
    contest = outcome.contest
    print(line(contest.name, contest.labels[0], outcome.first, contest.events) +
          f"{outcome.times_as_good('cpu'):8.2f}{outcome.ratio:8.2f}{contest.target:8.2f}"
          f"  {outcome.mark} ({contest.worth})")
    print(line("", contest.labels[1], outcome.second, contest.events), flush=True)


def as_json(outcome: Outcome) -> dict:
    contest = outcome.contest
    return {"name": contest.name, contest.labels[0]: asdict(outcome.first),
            contest.labels[1]: asdict(outcome.second), "events": contest.events,
            "compared": contest.worth, "ratio": outcome.ratio, "target": contest.target,
            "cpu_ratio": outcome.times_as_good("cpu"), "met": outcome.mark == "PASS"}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gyr", type=Path, default=ROOT / "build" / "cli" / "gyr")
    parser.add_argument("--runs", type=int, default=5, help="of each tool")
    parser.add_argument("--repeat", type=int, default=5, help="copies of mixed.scap in a row")
    parser.add_argument("--only", default="", help="contests whose name contains this")
    parser.add_argument("--json", type=Path, help="write the results to this file")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    corpus = Path(os.environ.get("GYR_CORPUS", ROOT / ".." / "shared" / "corpus"))
    source = corpus / "scap" / "mixed.scap.zst"
    if not source.exists():
        sys.exit(f"bench: there is no {source}; GYR_CORPUS names the folder of the corpus")
    with_sysdig = shutil.which("sysdig") is not None
    if not with_sysdig:
        print("sysdig is not installed: gyr is timed only against itself")
    outcomes = []
    warn_if_busy()
    print(HEADER)
    for contest in contests(str(options.gyr.resolve()), source, options.repeat, with_sysdig):
        if options.only in contest.name:
            outcomes.append(measure(contest, options.runs))
            show(outcomes[-1])
    if options.json:
        options.json.write_text(json.dumps([as_json(o) for o in outcomes], indent=2) + "\n")
    missed = sum(o.mark == "MISS" for o in outcomes)
    print(f"bench: {len(outcomes) - missed} targets met, {missed} missed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
