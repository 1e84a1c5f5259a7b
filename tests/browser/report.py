#!/usr/bin/env python3
"""Opens HTML reports of gyr scan in headless Chromium. Run by hand:

    tests/browser/report.py [--gyr PATH] [--keep FOLDER]

The browser must have nothing to say on its console, no script of a trace may run, and the text box,
the buttons and the links must do what they are for. With --keep the reports and pictures of them
(light and dark, wide and narrow) stay in FOLDER, to be looked at. Skipped where there is no
Chromium.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
RULES = ROOT / "tests/data/hostile_rules.yaml"
TRACE = ROOT / "tests/cases/hostile_trace.py"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
TWO_RULES = """
- rule: Other
  desc: Of another priority.
  condition: evt.type = chdir and evt.num = 3
  output: 'third %proc.name'
  priority: NOTICE
"""
# Runs behind the page's own script, with the policy taken away; says what is wrong in the title.
DRIVER = """<script>
const wrong = [];
const shown = selector => [...document.querySelectorAll(selector)].filter(n => n.offsetParent).length;
const expect = (what, got, wanted) => got === wanted || wrong.push(`${what}: ${got}, not ${wanted}`);
const type = text => {
  const box = document.getElementById('filter');
  box.value = text;
  box.dispatchEvent(new Event('input'));
};
const alerts = 'details.alert', rows = 'tbody tr[data-rule]';
expect('controls', shown('#controls'), 1);
expect('alerts', shown(alerts), 9);
expect('rules', shown('section.rule'), 2);
expect('rows', shown(rows), 2);
type('JAVASCRIPT:');
expect('alerts with the text, whatever is around them', shown(alerts), 1);
type('third');
expect('alerts with a text of one', shown(alerts), 1);
expect('rows of it', shown(rows), 1);
type('no such text');
expect('alerts without the text', shown(alerts), 0);
expect('the note', shown('#nothing'), 1);
type('');
document.querySelector('.toggle.p2').click();
expect('alerts but the critical ones', shown(alerts), 1);
document.querySelector('.toggle.p2').click();
expect('all alerts again', shown(alerts), 9);
document.getElementById('unfold').click();
expect('open ones', document.querySelectorAll('details.alert[open]').length, 9);
expect('wider than the window', document.documentElement.scrollWidth > innerWidth, false);
document.title = wrong.length ? 'WRONG ' + wrong.join('; ') : 'RIGHT';
</script>"""


def run_browser(browser, page, *options):
    """(the DOM or what else it prints, the lines of its console)"""
    with tempfile.TemporaryDirectory(prefix="gyr-browser-") as profile:
        done = subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--enable-logging=stderr", f"--user-data-dir={profile}", "--virtual-time-budget=2000",
             *options, page.as_uri()],
            capture_output=True, text=True, errors="replace", timeout=120, check=False)
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def make_reports(gyr, folder):
    trace, rules = folder / "hostile.scap", folder / "rules.yaml"
    trace.write_bytes(subprocess.run([sys.executable, TRACE], capture_output=True, check=True).stdout)
    rules.write_text(RULES.read_text() + TWO_RULES)
    few = folder / "few.yaml"
    few.write_text(TWO_RULES.replace("evt.num = 3", "evt.num = 999"))
    reports = {"alerts": rules, "none": few}
    for name, file in reports.items():
        subprocess.run([gyr, "scan", "-r", file, trace, "--format", "html", "--output",
                        folder / f"{name}.html"], check=True)
    return [folder / f"{name}.html" for name in reports]


def check(browser, reports, folder):
    for report in reports:
        dom, console = run_browser(browser, report, "--dump-dom")
        yield from (f"{report.name}: {line}" for line in console)
        if "</footer>" not in dom:
            yield f"{report.name}: the page was not shown"
    driven = folder / "driven.html"
    page, removed = POLICY.subn("", reports[0].read_text())
    driven.write_text(page.replace("</body>", DRIVER + "</body>"))
    dom, console = run_browser(browser, driven, "--dump-dom")
    title = re.search(r"<title>(.*?)</title>", dom)
    if removed != 1 or console or title is None or title[1] != "RIGHT":
        yield f"driven.html: {title[1] if title else 'no title'} {console}"
    # Whether the console is heard at all: a script that the policy forbids.
    foreign = folder / "foreign.html"
    foreign.write_text(reports[0].read_text().replace("</body>", "<script>alert(1)</script></body>"))
    if not run_browser(browser, foreign, "--dump-dom")[1]:
        yield "foreign.html: a foreign script was not refused"


def take_pictures(browser, reports):
    for report in reports:
        for look, dark in (("light", 1), ("dark", 0)):
            for width in (1280, 420):
                picture = report.with_name(f"{report.stem}-{look}-{width}.png")
                run_browser(browser, report, f"--screenshot={picture}",
                            f"--window-size={width},1600",
                            f"--blink-settings=preferredColorScheme={dark}")


def main():
    parser = argparse.ArgumentParser(description="Open HTML reports in Chromium.")
    parser.add_argument("--gyr", type=Path, default=ROOT / "build/cli/gyr")
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("browser: skipped, there is no Chromium")
        return 0
    with tempfile.TemporaryDirectory(prefix="gyr-report-") as temporary:
        folder = (args.keep or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        reports = make_reports(args.gyr.resolve(), folder)
        wrong = list(check(browser, reports, folder))
        if args.keep:
            take_pictures(browser, reports)
    for line in wrong:
        print(f"FAIL {line}")
    print(f"browser: {len(wrong)} failed" if wrong else "browser: passed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
