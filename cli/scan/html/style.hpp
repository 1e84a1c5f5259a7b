// The style sheet and the script of the report.
//
// The page lets a browser use nothing but these two: their hashes are in its
// Content-Security-Policy (a text case says what they must be when a byte has changed).
#pragma once

namespace gyr {

inline constexpr char style_hash[] = "'sha256-XveONjRyjQ2N1PGmc+JWRX9nxWcZB5it7fAuAfZABks='";
inline constexpr char script_hash[] = "'sha256-CiktLBi0VJ7Un87Mt2BtREwk43uswTpx6h6zEsqF19U='";

inline constexpr char style[] = R"css(
:root {
  --back: #f6f7f9; --panel: #ffffff; --text: #1a2029; --dim: #5b6675; --line: #dde1e7;
  --code: #f1f3f6; --link: #1d4ed8; --mark: #fff3bf; --shade: rgba(20, 30, 50, .06);
}
.p0 { --c: #86198f; } .p1 { --c: #9f1239; } .p2 { --c: #c11d1d; } .p3 { --c: #c2410c; }
.p4 { --c: #a16207; } .p5 { --c: #1d5fc4; } .p6 { --c: #0f766e; } .p7 { --c: #64748b; }
@media (prefers-color-scheme: dark) {
  :root {
    --back: #11151b; --panel: #191f27; --text: #e3e8ef; --dim: #95a1b2; --line: #2c3541;
    --code: #131920; --link: #8ab4ff; --mark: #4a3d10; --shade: transparent;
  }
  .p0 { --c: #e58cf0; } .p1 { --c: #ff7d9c; } .p2 { --c: #ff8080; } .p3 { --c: #ff9a5c; }
  .p4 { --c: #e6b84a; } .p5 { --c: #7db2ff; } .p6 { --c: #4fd1c5; } .p7 { --c: #9aa8bb; }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 4.5rem; }
body {
  margin: 0; padding: 0 1.25rem 2rem; background: var(--back); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere;
}
header, main, footer { max-width: 68rem; margin: 0 auto; }
header { padding: 2rem 0 1rem; }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.2; letter-spacing: -.01em; }
h2 { margin: 2.2rem 0 .8rem; font-size: 1.15rem; }
h3 { display: flex; flex-wrap: wrap; align-items: baseline; gap: .3rem .7rem; margin: 0; font-size: 1.05rem; }
h4 { margin: 1rem 0 .3rem; font-size: .74rem; font-weight: 600; letter-spacing: .05em; text-transform: uppercase; color: var(--dim); }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
code, pre, time, .path, .files, .subject, .pid { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
time, .amount, dd, .total { font-variant-numeric: tabular-nums; }
time { font-size: .84em; white-space: nowrap; }
small { font-size: .6em; font-weight: 400; color: var(--dim); }
.subject { margin: .5rem 0 0; font-size: .95rem; }
.range { margin: .15rem 0 0; color: var(--dim); }
.note, footer { color: var(--dim); font-size: .88rem; }
.note { margin: .7rem 0 0; }
footer { margin-top: 2.5rem; padding-top: .8rem; border-top: 1px solid var(--line); }

.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .8rem; margin: .3rem 0 0; }
.tiles div, .timeline, .rule, .quiet, .wide { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; box-shadow: 0 1px 2px var(--shade); }
.tiles div { padding: .7rem 1rem; }
dt { font-size: .82rem; color: var(--dim); }
dd { margin: 0; font-size: 1.6rem; line-height: 1.25; font-weight: 600; }
.warning { margin: 0 0 .8rem; padding: .6rem 1rem; border: 1px solid #d97706; border-left-width: 4px; border-radius: 6px; background: var(--panel); }
.quiet { margin: 1.2rem 0 0; padding: 2.2rem 1rem; text-align: center; font-size: 1.1rem; }

.badge { display: inline-block; padding: .05rem .5rem; border: 1px solid var(--c); border-radius: 4px; color: var(--c); font-size: .74rem; line-height: 1.4; font-weight: 600; white-space: nowrap; }

.timeline { display: grid; grid-template-columns: auto 1fr; gap: 0 1.2rem; margin: 0 0 .8rem; padding: .9rem 1.6rem .6rem 1rem; }
figcaption { grid-column: 1 / -1; margin-bottom: .4rem; font-size: .88rem; color: var(--dim); }
.labels { min-width: 6rem; padding-top: 4px; }
.labels span { display: block; height: 26px; line-height: 26px; font-size: .8rem; font-weight: 600; color: var(--c); }
.plot { min-width: 0; }
.lanes { display: block; width: 100%; overflow: visible; }
.grid { stroke: var(--line); } .lane { stroke: var(--line); stroke-dasharray: 2 3; }
.lanes circle, .lanes rect { fill: var(--c); fill-opacity: .75; }
.lanes circle { stroke: var(--panel); }
.lanes a:hover > * { fill-opacity: 1; stroke: var(--text); }
.ticks { display: flex; justify-content: space-between; margin-top: .3rem; font-size: .74rem; color: var(--dim); font-variant-numeric: tabular-nums; }
.ticks span { width: 0; display: flex; justify-content: center; white-space: nowrap; }
.ticks span:first-child { justify-content: flex-start; } .ticks span:last-child { justify-content: flex-end; }

.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
th, td { padding: .38rem .8rem; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--line); }
th { white-space: nowrap; font-size: .78rem; font-weight: 600; color: var(--dim); }
tbody tr:last-child td { border-bottom: 0; }
.amount { text-align: right; }
td.path { min-width: 14rem; }
.bar { width: 8rem; padding-left: 0; } .bar svg { display: block; width: 100%; } .bar rect { fill: var(--c); }

.controls { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .4rem; padding: .6rem 0; background: var(--back); }
input, button { font: inherit; font-size: .86rem; padding: .3rem .7rem; border: 1px solid var(--line); border-radius: 6px; background: var(--panel); color: var(--text); }
input { flex: 1 1 14rem; min-width: 0; }
button { cursor: pointer; }
.toggle { border-color: var(--c); color: var(--c); font-weight: 600; }
.toggle span { font-weight: 400; }
.toggle[aria-pressed=false] { border-color: var(--line); color: var(--dim); text-decoration: line-through; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }

.rule { margin: 1rem 0 0; padding: .9rem 1rem 1rem; border-left: 4px solid var(--c); }
.rule:target { outline: 2px solid var(--c); }
.total { margin-left: auto; font-size: .88rem; font-weight: 400; color: var(--dim); }
.desc { margin: .5rem 0 .4rem; max-width: 56rem; white-space: pre-line; color: var(--dim); }
.tags { display: flex; flex-wrap: wrap; gap: .3rem; margin: 0 0 .5rem; }
.tag { padding: 0 .45rem; border-radius: 4px; background: var(--code); font-size: .78rem; }
summary { cursor: pointer; }
.condition { margin-bottom: .6rem; font-size: .84rem; color: var(--dim); }
.condition pre { white-space: pre-wrap; }
pre { margin: .3rem 0 0; padding: .6rem .8rem; border: 1px solid var(--line); border-radius: 6px; background: var(--code); color: var(--text); font-size: .8rem; line-height: 1.55; overflow-x: auto; overflow-wrap: normal; }
.alert { border-top: 1px solid var(--line); }
.alert summary { display: grid; grid-template-columns: auto auto 1fr; gap: .1rem .8rem; align-items: baseline; padding: .4rem 0; list-style: none; }
.alert summary::-webkit-details-marker { display: none; }
.alert summary::before { content: "▸"; color: var(--dim); width: .8em; }
.alert[open] summary::before { content: "▾"; }
.alert summary:hover { background: var(--code); }
.when { color: var(--dim); }
.message { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; font-size: .92rem; }
.alert[open] .message { display: block; }
.body { padding: 0 0 .8rem 1.6rem; }
.where { margin: 0; font-size: .84rem; color: var(--dim); }
.tree { margin: 0; padding-left: 0; list-style: none; font-size: .86rem; }
.tree .tree { padding-left: .45rem; margin-left: .35rem; border-left: 1px solid var(--line); }
.tree li { padding: .1rem 0; }
.tree code { font-size: .92em; color: var(--dim); }
.tree .own > b { color: var(--c); }
.tree .own > code { color: var(--text); }
.pid { color: var(--dim); font-size: .86em; }
.events span, .events b { display: inline-block; min-width: 100%; font-weight: 400; }
.events .other { color: var(--dim); }
.events .own { background: var(--mark); font-weight: 600; }
.command { user-select: all; white-space: pre-wrap; }
.names { columns: 2 20rem; padding: 0; list-style: none; font-size: .88rem; }
.names li { padding: .1rem 0; break-inside: avoid; } .names .badge { margin-right: .5rem; }
.files { margin: .2rem 0 1rem; padding-left: 1.2rem; font-size: .88rem; }

@media (max-width: 46rem) {
  body { padding: 0 .7rem 1.5rem; }
  .bar, td.first, th.first, td.last, th.last { display: none; }
  th, td { padding: .38rem .5rem; }
  .alert summary { grid-template-columns: auto 1fr; }
  .message { grid-column: 2; }
  .body { padding-left: .2rem; }
  .ticks span:nth-child(even) { visibility: hidden; }
  .timeline { padding-right: 1rem; gap: 0 .8rem; }
  .controls { position: static; }
  input { flex-basis: 100%; }
  .total { margin-left: 0; }
}
@media print {
  body { background: none; font-size: 11px; }
  .controls { display: none; }
  .rule, .timeline { box-shadow: none; }
  pre { white-space: pre-wrap; }
  .alert, tr { break-inside: avoid; }
}
)css";

inline constexpr char script[] = R"js(
'use strict';
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const controls = document.getElementById('controls');
  const foldTo = open => all('details.alert').forEach(d => { d.open = open; });
  addEventListener('beforeprint', () => foldTo(true));
  if (!controls) return;

  const filter = document.getElementById('filter');
  const nothing = document.getElementById('nothing');
  const toggles = all('.toggle');
  const textOf = alert => all('summary, .where, .body > .tree', alert)
      .map(part => part.textContent.toLowerCase()).join(' ');
  const rules = all('section.rule').map(section => ({
    section,
    row: document.querySelector(`tr[data-rule="${section.id}"]`),
    name: section.querySelector('h3').textContent.toLowerCase(),
    alerts: all('.alert', section).map(node => ({node, text: textOf(node)})),
  }));

  const update = () => {
    const word = filter.value.trim().toLowerCase();
    const off = toggles.filter(t => t.getAttribute('aria-pressed') === 'false')
                       .map(t => t.dataset.priority);
    let shown = 0;
    for (const {section, row, name, alerts} of rules) {
      const isOn = !off.some(priority => section.classList.contains(priority));
      const isNamed = name.includes(word);
      let any = false;
      for (const {node, text} of alerts) {
        node.hidden = !isNamed && !text.includes(word);
        any = any || !node.hidden;
      }
      section.hidden = row.hidden = !isOn || !any;
      if (!section.hidden) ++shown;
    }
    nothing.hidden = shown > 0;
  };

  filter.addEventListener('input', update);
  for (const toggle of toggles)
    toggle.addEventListener('click', () => {
      const pressed = toggle.getAttribute('aria-pressed') === 'true';
      toggle.setAttribute('aria-pressed', String(!pressed));
      update();
    });
  const unfold = document.getElementById('unfold');
  let open = false;
  unfold.addEventListener('click', () => {
    open = !open;
    foldTo(open);
    unfold.textContent = open ? 'Close all' : 'Open all';
  });
  controls.hidden = false;
  if (filter.value) update();
})();
)js";

}  // namespace gyr
