#!/usr/bin/env python3
"""Checks the JSON of every field against the type that `gyr --list-json` tells.

    json_types.py FIELDS.json TRACE...

FIELDS.json is what --list-json printed. Each field is printed for every event; prints what is
wrong, and the number of fields that never had a value to check only on request (-v).
"""

import json
import subprocess
import sys

TYPES = {"number": (int, float), "string": str, "boolean": bool, "any": (int, float, str, bool)}
AT_ONCE = 12  # fields per run
ARGUMENTS = {"evt.arg": ".fd", "evt.rawarg": ".res", "evt.type.is": ".open", "evt.abspath": ".src",
             "evt.around": "[1]", "thread.cgroup": ".cpu"}


def fits(value, field):
    if value is None:
        return True
    if field["list"]:
        return isinstance(value, list) and all(fits(v, {**field, "list": False}) for v in value)
    expected = TYPES[field["json"]]
    is_bool = isinstance(value, bool)
    return isinstance(value, expected) and is_bool <= (field["json"] in ("boolean", "any"))


def token(field):
    argument = field["argument"]
    needed = argument is not None and argument["required"]
    return field["name"] + (ARGUMENTS.get(field["name"], "[0]") if needed else "")


def check(trace, fields):
    by_key = {token(field): field for field in fields}
    command = ["gyr", "-r", trace, "-jp", "*" + " ".join("%" + key for key in by_key)]
    output = subprocess.run(command, capture_output=True, check=True).stdout
    for line in output.decode("utf-8").splitlines():
        event = json.loads(line)
        assert list(event) == sorted(by_key), f"keys {list(event)}"
        for key, value in event.items():
            if not fits(value, by_key[key]):
                yield f"{key} is {value!r}, but should be {by_key[key]['json']}"


def main():
    listing, *traces = sys.argv[1:]
    with open(listing, encoding="utf-8") as file:
        classes = json.load(file)["classes"]
    fields = [f for c in classes for f in c["fields"]
              if f["output"] and f["name"] != "static"]  # of a configuration
    assert len(fields) > 200, "hardly any fields"
    for trace in traces:
        for at in range(0, len(fields), AT_ONCE):
            for offence in sorted(set(check(trace, fields[at:at + AT_ONCE])))[:5]:
                print(f"{trace}: {offence}")


if __name__ == "__main__":
    main()
