#!/usr/bin/env python3
"""Checks SARIF on standard input against what the schema of version 2.1.0 demands of it.

Prints what is wrong, and last `N rules, N results, N artifacts`. Only the parts of the schema that
gyr writes are here; a key that it does not know is an error too.
"""

import json
import re
import sys

URI = re.compile(r"(file:///)?[A-Za-z0-9\-._~/%]+")
LEVELS = ("none", "note", "warning", "error")


def optional(shape):
    return ("optional", shape)


def text(value):
    return isinstance(value, str)


def count(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def boolean(value):
    return isinstance(value, bool)


def one_of(*allowed):
    return lambda value: value in allowed


def uri(value):
    return text(value) and URI.fullmatch(value) is not None


def texts(value):
    return isinstance(value, dict) and all(text(v) for v in value.values())


def bag(value):
    return isinstance(value, dict) and all(text(tag) for tag in value.get("tags", []))


MESSAGE = {"text": text}
ARTIFACT_LOCATION = {"uri": uri}
LOCATION = {
    "physicalLocation": optional({"artifactLocation": ARTIFACT_LOCATION}),
    "logicalLocations": optional([{"name": text, "kind": text}]),
}
RULE = {
    "id": text, "name": text, "shortDescription": MESSAGE, "fullDescription": MESSAGE,
    "defaultConfiguration": {"level": one_of(*LEVELS)}, "properties": bag,
}
RESULT = {
    "ruleId": text, "ruleIndex": count, "level": one_of(*LEVELS), "message": MESSAGE,
    "locations": [LOCATION], "partialFingerprints": texts, "properties": bag,
}
NOTIFICATION = {
    "level": one_of(*LEVELS), "message": MESSAGE, "locations": optional([LOCATION]),
}
RUN = {
    "tool": {"driver": {"name": text, "version": text, "rules": [RULE]}},
    "results": [RESULT],
    "artifacts": [{"location": ARTIFACT_LOCATION, "roles": [one_of("analysisTarget")],
                   "properties": bag}],
    "invocations": [{"executionSuccessful": boolean,
                     "toolExecutionNotifications": optional([NOTIFICATION])}],
}
SARIF = {"$schema": text, "version": one_of("2.1.0"), "runs": [RUN]}


def offences(value, shape, at="$"):
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            yield f"{at}: no object"
            return
        for key in value.keys() - shape.keys():
            yield f"{at}.{key}: unknown"
        for key, part in shape.items():
            is_optional = isinstance(part, tuple)
            if key in value:
                yield from offences(value[key], part[1] if is_optional else part, f"{at}.{key}")
            elif not is_optional:
                yield f"{at}.{key}: missing"
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{at}: no array"
            return
        for i, item in enumerate(value):
            yield from offences(item, shape[0], f"{at}[{i}]")
    elif not shape(value):
        yield f"{at}: {value!r}"


def references(run):
    """Offences that a schema cannot tell."""
    rules = run["tool"]["driver"]["rules"]
    ids = [rule["id"] for rule in rules]
    if len(ids) != len(set(ids)):
        yield "two rules have the same id"
    fingerprints = set()
    for result in run["results"]:
        if ids[result["ruleIndex"]] != result["ruleId"]:
            yield f"ruleIndex {result['ruleIndex']} is not that of {result['ruleId']}"
        fingerprints.add(json.dumps([result["partialFingerprints"], result["locations"]]))
    if len(fingerprints) != len(run["results"]):
        yield "two results have the same fingerprint"


def main():
    sarif = json.load(sys.stdin)
    found = list(offences(sarif, SARIF)) or list(references(sarif["runs"][0]))
    for offence in found:
        print(offence)
    run = sarif["runs"][0]
    print(f"{len(run['tool']['driver']['rules'])} rules, {len(run['results'])} results, "
          f"{len(run['artifacts'])} artifacts")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
