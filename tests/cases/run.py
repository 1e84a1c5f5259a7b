#!/usr/bin/env python3
"""Runs the text cases: a command line, and what it must print. README.md explains the format.

    run.py [--gyr PATH] [--accept] [WORD]     WORD: only cases whose name contains it

Prints a diff per failure and, last, `cases: N passed, N failed, N skipped`.
"""

import argparse
import concurrent.futures
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

import casefile

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TIMEOUT_S = 120  # sanitizer builds are slow
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")


@dataclass
class Outcome:
    case: casefile.Case
    verdict: str  # "passed", "failed", "skipped" or "accepted"
    text: str = ""  # the reason or the diff


@dataclass
class Places:
    gyr: Path
    data: Path
    corpus: Path


def environment(places, tmp):
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return kept | {
        "PATH": f"{places.gyr.parent}:{kept.get('PATH', '/usr/bin:/bin')}",
        "DATA": str(places.data), "CORPUS": str(places.corpus), "TMP": tmp, "HOME": tmp,
        "TZ": "UTC", "LC_ALL": "C",
    }


def execute(case, places, tmp):
    """(status, stdout, stderr) of the case's command; its whole process group ends with it."""
    process = subprocess.Popen(
        ["bash", "-c", case.run], cwd=tmp, env=environment(places, tmp), start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, err = process.communicate(timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        err += f"\ntimeout after {TIMEOUT_S} s\n".encode()
    status = process.returncode
    # bash replaces itself with a lone command, whose death by a signal then shows as negative.
    return 128 - status if status < 0 else status, out, err


def portable(output, places, tmp):
    """Output as lines, with the folders that differ from machine to machine as variables."""
    text = output.decode("utf-8", "surrogateescape")
    for path, variable in ((tmp, "$TMP"), (places.data, "$DATA"), (places.corpus, "$CORPUS")):
        text = text.replace(str(path), variable)
    return casefile.to_lines(text)


def differences(case, actual):
    """Diff of everything that is not as expected; empty if all is."""
    diff = []
    for what in ("stdout", "stderr"):
        expected, got = getattr(case, what), getattr(actual, what)
        if not casefile.matches(expected, got):
            # Lines that a wildcard covers are no difference to show.
            shown = casefile.keep_wildcards(expected, got)
            diff += unified_diff(expected, shown, f"{what} expected", f"{what} printed", lineterm="")
    if case.status != actual.status:
        diff += [f"-STATUS {case.status}", f"+STATUS {actual.status}"]
    return "\n".join(diff)


def run_case(case, places, accept):
    if case.needs_corpus and not places.corpus.is_dir():
        return Outcome(case, "skipped", f"no corpus at {places.corpus}")
    with tempfile.TemporaryDirectory(prefix="gyr-case-") as tmp:
        status, out, err = execute(case, places, tmp)
        actual = casefile.Printed(
            status, portable(out, places, tmp), portable(err, places, tmp))
    diff = differences(case, actual)
    if not diff:
        return Outcome(case, "passed")
    if accept:
        case.take(actual)
        return Outcome(case, "accepted", diff)
    return Outcome(case, "failed", f"{diff}\n  ran: {case.run}")


def load(folder):
    """All case files below folder, and a list of what is wrong with those that cannot be read."""
    files, errors = [], []
    for path in sorted(folder.rglob("*.case")):
        try:
            files.append(casefile.read(path))
        except casefile.FormatError as error:
            errors.append(str(error))
    return files, errors


def report(outcome):
    label = {"failed": "FAIL", "skipped": "SKIP", "accepted": "ACCEPT"}.get(outcome.verdict)
    if label:
        separator = ": " if outcome.verdict == "skipped" else "\n"
        print(f"{label} {outcome.case.name} ({outcome.case.where}){separator}{outcome.text}")


def options():
    parser = argparse.ArgumentParser(description="Run the text cases.")
    parser.add_argument("word", nargs="?", default="", help="only cases whose name contains it")
    parser.add_argument("--gyr", type=Path, default=ROOT / "build/cli/gyr", help="the binary to test")
    parser.add_argument("--accept", action="store_true", help="rewrite what the cases expect")
    parser.add_argument("--cases", type=Path, default=HERE, help="folder with the *.case files")
    return parser.parse_args()


def main():
    args = options()
    sys.stdout.reconfigure(errors="backslashreplace")  # output may hold bytes that are not UTF-8
    corpus = Path(os.environ.get("GYR_CORPUS") or ROOT.parent / "shared/corpus")
    places = Places(args.gyr.resolve(), ROOT / "tests/data", corpus.resolve())
    if not os.access(places.gyr, os.X_OK) or places.gyr.name != "gyr":
        print(f"run.py: {places.gyr} is no executable called gyr; build it with ./dev build")
        return 2
    files, errors = load(args.cases)
    cases = [case for file in files for case in file.cases if args.word in case.name]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(lambda case: run_case(case, places, args.accept), cases))
    for line in errors:
        print(f"FAIL {line}")
    for outcome in outcomes:
        report(outcome)
    changed = {id(o.case) for o in outcomes if o.verdict == "accepted"}
    for file in files:
        if any(id(case) in changed for case in file.cases):
            file.write()
    count = {v: sum(o.verdict == v for o in outcomes) for v in ("passed", "accepted", "skipped")}
    failed = len(outcomes) - sum(count.values()) + len(errors)
    print(f"cases: {count['passed'] + count['accepted']} passed, {failed} failed, "
          f"{count['skipped']} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
