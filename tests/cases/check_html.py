#!/usr/bin/env python3
"""Checks the HTML report on standard input.

Its tags are balanced, its links lead somewhere, nothing of it comes from outside, and its
Content-Security-Policy allows its own style sheet and script and no others. Prints what is wrong,
and last what was counted.
"""

import base64
import hashlib
import re
import sys
from html.parser import HTMLParser

VOID = {"meta", "input", "line"}
TAGS = VOID | set("""html head title style body header main footer section figure figcaption div h1
    h2 h3 h4 p span b small a time dl dt dd ul li table thead tbody tr th td details summary pre code
    svg g circle rect button script""".split())
ATTRIBUTES = set("""lang charset name content http-equiv class id href rel title datetime hidden type
    placeholder aria-label aria-pressed aria-hidden autocomplete spellcheck tabindex role height
    width rx x y x1 x2 y1 y2 cx cy r data-priority data-rule""".split())
LINK = re.compile(r"#[a-z0-9]+|https://attack\.mitre\.org/techniques/T\d{4}(/\d{3})?/")


class Checker(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.open, self.ids, self.targets = [], [], [], []
        self.texts = {"style": "", "script": ""}
        self.counts = dict.fromkeys(("scripts", "rules", "alerts", "marked"), 0)
        self.policy = ""

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        classes = (values.get("class") or "").split()
        if tag not in TAGS:
            self.complain(f"an element {tag}")
        for name in values.keys() - ATTRIBUTES:
            self.complain(f"an attribute {name} of {tag}")
        if tag == "a":
            if not LINK.fullmatch(values["href"]):
                self.complain(f"a link to {values['href']}")
            elif values["href"].startswith("#"):
                self.targets.append(values["href"][1:])
        if "id" in values:
            self.ids.append(values["id"])
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]
        self.counts["scripts"] += tag == "script"
        self.counts["rules"] += tag == "section" and "rule" in classes
        self.counts["alerts"] += tag == "details" and "alert" in classes
        self.counts["marked"] += tag == "b" and "own" in classes
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.complain(f"</{tag}> within {self.open[-3:]}")
        else:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] in self.texts:
            self.texts[self.open[-1]] += data

    def handle_comment(self, data):
        self.complain(f"a comment {data!r}")

    def complain(self, text):
        self.found.append(f"line {self.getpos()[0]}: {text}")

    def finish(self):
        self.close()
        if self.open:
            self.complain(f"not closed: {self.open}")
        if len(self.ids) != len(set(self.ids)):
            self.complain("an id is there twice")
        for target in set(self.targets) - set(self.ids):
            self.complain(f"there is no #{target}")
        for what, text in self.texts.items():
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            if f"{what}-src 'sha256-{digest}';" not in self.policy:
                self.complain(f"{what}_hash is to be 'sha256-{digest}'")
        for word in ("url(", "@import", "fetch(", "innerHTML"):
            if word in "".join(self.texts.values()):
                self.complain(f"{word} in the style sheet or the script")


def main():
    checker = Checker()
    page = sys.stdin.buffer.read().decode("utf-8")  # an error if it is not that
    if re.search(r"[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page):
        checker.complain("a control character")
    checker.feed(page)
    checker.finish()
    for offence in checker.found:
        print(offence)
    print(", ".join(f"{count} {what}" for what, count in checker.counts.items()))
    return 1 if checker.found else 0


if __name__ == "__main__":
    sys.exit(main())
