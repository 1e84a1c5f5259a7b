#!/usr/bin/env python3
"""Prints the texts of all elements of a class in the HTML on standard input, a line each.

    html_text.py CLASS <report.html
"""

import html
import re
import sys

page = sys.stdin.read()
for tag, inside in re.findall(
        rf'(?s)<(pre|p|ul|table) class="{re.escape(sys.argv[1])}"[^>]*>\n?(.*?)(?:</\1>)', page):
    for line in inside.rstrip("\n").split("\n"):
        print(html.unescape(re.sub("<[^>]*>", "", line)))
