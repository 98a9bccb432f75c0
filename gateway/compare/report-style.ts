/** How the report looks, light and dark. */
export const reportStyle = `
:root { color-scheme: light dark; --text: #1a1c20; --soft: #5b6270; --ground: #ffffff; --line: #d6dae1; --bar: #2563a8; --good: #17663a; --bad: #a32020; }
@media (prefers-color-scheme: dark) { :root { --text: #e7e9ee; --soft: #a6adba; --ground: #15171b; --line: #3a3f49; --bar: #6ea8e6; --good: #6fcf97; --bad: #ff8f8f; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground); margin: 0 auto; max-width: 1280px; padding: 1.5rem; }
h2 { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: 1rem; }
a { color: var(--bar); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: right; vertical-align: top; }
th[scope=row] { text-align: left; font-weight: normal; }
thead th:first-child { text-align: left; }
.legend, .verdicts { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .8rem; }
.legend dt, .verdicts dt { font-weight: 600; }
.legend dd, .verdicts dd { margin: 0; }
.services, .skipped, figcaption { color: var(--soft); }
.good { color: var(--good); font-weight: 600; }
.bad, .fault { color: var(--bad); font-weight: 600; }
.side-by-side { display: grid; grid-template-columns: repeat(auto-fit, minmax(180px, 1fr)); gap: .8rem; }
.side-by-side > * { margin: 0; min-width: 0; }
.bar { fill: var(--bar); }
.bar.failed { fill: var(--bad); }
pre { overflow: auto; max-height: 22rem; font-size: 12px; border: 1px solid var(--line); padding: .5rem; }
summary { cursor: pointer; }
.hidden { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
`;
