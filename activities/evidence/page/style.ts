/**
 * How a page looks. Everything that a colour says is said by a word, a shape or a hatching too. Contrast of text and of
 * bars against their ground is 4.5 and 3 to 1 at least, in light, in dark and on paper.
 */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --text: #1a1d21; --faint: #555e68; --line: #c6ccd3; --soft: #f1f3f5;
  --work: #1f6fb5; --wait: #8a5a00; --wait-ground: #fdf0d5; --marked: #1a1d21; --objective: #b3261e;
  --good: #17692b; --bad: #b3261e; --warning: #8a5a00; --second: #7b3fa0; --third: #00695f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171a; --text: #e8eaed; --faint: #a8b1bb; --line: #434b54; --soft: #1f2428;
    --work: #5aa9ea; --wait: #f0b64a; --wait-ground: #40310f; --marked: #ffffff; --objective: #ff8a80;
    --good: #6fcf88; --bad: #ff8a80; --warning: #f0b64a; --second: #cf9be8; --third: #5fd0c3;
  }
}
@media print {
  :root {
    color-scheme: light;
    --ground: #ffffff; --text: #000000; --faint: #333333; --line: #999999; --soft: #ffffff;
    --work: #4a4a4a; --wait: #000000; --wait-ground: #ffffff; --marked: #000000; --objective: #000000;
    --good: #000000; --bad: #000000; --warning: #000000; --second: #000000; --third: #000000;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 12px; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; padding-bottom: .2rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 0; }
p, ul { margin: .5rem 0; }
ul { padding-inline-start: 1.2rem; }
.headline { font-size: 1.05rem; }
.verdict { display: inline-block; margin: 0; padding: 0 .6em; border: 2px solid currentColor; border-radius: 3px; font-weight: 700; }
.good { color: var(--good); } .bad { color: var(--bad); } .warning { color: var(--warning); }
.basis, figcaption { color: var(--faint); font-size: .9rem; }
.objectives { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1rem 2rem; }
.objective p { margin: .2rem 0; }
.figure strong { font-size: 1.4rem; }
figure { margin: .5rem 0; break-inside: avoid; }
svg { display: block; overflow: visible; }
figcaption svg { display: inline-block; vertical-align: middle; }
svg text { fill: var(--text); font: 12px system-ui, sans-serif; paint-order: stroke; stroke: var(--ground); stroke-width: 3px; }
svg tspan { unicode-bidi: isolate; }
svg .note, svg .tick, svg .empty { fill: var(--faint); }
svg .mark-label { font-weight: 600; }
svg .mark-label.objective { fill: var(--objective); }
.key { display: inline-block; margin-inline-end: 1rem; white-space: normal; }
.work { fill: var(--work); } .missed { fill: var(--bad); }
.wait { stroke: var(--wait); stroke-width: 1; }
.hatch-ground { fill: var(--wait-ground); } .hatch-line { fill: var(--wait); }
.marked { fill: none; stroke: var(--marked); stroke-width: 2.5; }
.track { fill: var(--soft); stroke: var(--line); }
.grid { stroke: var(--line); stroke-width: 1; }
.objective-line { stroke: var(--objective); stroke-width: 2; stroke-dasharray: 10 4; }
.event-line { stroke: var(--text); stroke-width: 1.5; stroke-dasharray: 2 3; }
.series line { stroke-width: 2; } .series .range { stroke-width: 2.5; opacity: .55; stroke-dasharray: none; }
.series-0 line, .series-0 .mark { stroke: var(--work); } .series-0 .mark { fill: var(--work); }
.series-1 line, .series-1 .mark { stroke: var(--second); } .series-1 line { stroke-dasharray: 5 3; } .series-1 .mark { fill: var(--ground); stroke-width: 2; }
.series-2 line, .series-2 .mark { stroke: var(--third); } .series-2 line { stroke-dasharray: 1 3; } .series-2 .mark { fill: var(--third); }
.unknown path { stroke: var(--warning); stroke-width: 2; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: start; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--faint); font-weight: 600; overflow-wrap: normal; vertical-align: bottom; }
tbody th { font-weight: 600; }
th.words, td.words { min-width: 5.5rem; }
th.number, td.number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead th.number { white-space: normal; }
tr { break-inside: avoid; }
h2, h3 { break-after: avoid; }
.narrow { display: none; }
@media screen and (max-width: 40rem) {
  .narrow { display: inline; } .wide { display: none; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, tbody th, tbody td { display: block; }
  tbody tr { padding: .4rem 0; border-bottom: 1px solid var(--line); }
  tbody th.words, tbody td.words, tbody td.number { min-width: 0; border: 0; padding: .1rem 0; text-align: start; white-space: normal; }
  tbody td.number { display: inline-block; margin-inline-end: 1rem; }
  tbody td:has(> span:empty) { display: none; }
  tbody td::before { content: attr(data-head) ": "; color: var(--faint); }
}
@media print {
  body { font-size: 10pt; line-height: 1.4; } main { max-width: none; padding: 0; } h2 { margin-top: 1.2rem; }
  .grid { stroke: #cccccc; } thead { display: table-header-group; }
}
`;
