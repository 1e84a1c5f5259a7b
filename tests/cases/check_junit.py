#!/usr/bin/env python3
"""Checks JUnit XML on standard input: that it is XML 1.0, and that its counts are right.

Prints what is wrong, then a line per suite and one per test that failed or had an error.
"""

import sys
import xml.etree.ElementTree as tree


def main():
    found = []
    root = tree.parse(sys.stdin.buffer).getroot()
    if root.tag != "testsuites":
        found.append(f"the root is {root.tag}")
    for suite in root:
        tests = suite.findall("testcase")
        verdicts = {kind: suite.findall(f"testcase/{kind}")
                    for kind in ("failure", "error", "skipped")}
        counts = {"tests": len(tests), "failures": len(verdicts["failure"]),
                  "errors": len(verdicts["error"]), "skipped": len(verdicts["skipped"])}
        for key, count in counts.items():
            if suite.get(key) != str(count):
                found.append(f"{suite.get('name')}: {key} is {suite.get(key)}, there are {count}")
        print(suite.get("name"), *(f"{key}={count}" for key, count in counts.items()))
        for test in tests:
            if test.get("classname") != suite.get("name"):
                found.append(f"{test.get('name')} is of {test.get('classname')}")
            for verdict in test:
                if verdict.tag != "skipped":
                    lines = (verdict.text or "").splitlines()
                    print(f"  {verdict.tag} {verdict.get('type')}: {test.get('name')}: "
                          f"{verdict.get('message')}, {len(lines)} lines")
    for offence in found:
        print(offence)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
