/** The style of the run's page, light or dark like the system. Replaces the colours of the graph by those of the theme. */
export const runViewStyle = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1f2933; --muted: #5b6672; --rule: #c9d0d8; --faint: #e8ebee; --data: #0072b2; --accent: #b84a00; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14181d; --ink: #e4e8ec; --muted: #a3adb8; --rule: #47515c; --faint: #2a3138; --data: #56b4e9; --accent: #f0924a; }
}
body { margin: 0 auto; max-width: 1280px; padding: 20px 24px 40px; background: var(--paper); color: var(--ink); font: 14px/1.45 Inter, system-ui, sans-serif; font-variant-numeric: tabular-nums; }
h1 { margin: 0 0 8px; font-size: 22px; }
h2 { margin: 32px 0 8px; font-size: 16px; }
p { margin: 4px 0; }
a { color: inherit; }
.counts { font-size: 17px; }
.note, dt { color: var(--muted); font-size: 13px; }
dl { display: flex; flex-wrap: wrap; gap: 6px 28px; margin: 12px 0 0; }
dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; min-width: 720px; }
th, td { padding: 4px 16px 4px 0; border-bottom: 1px solid var(--faint); text-align: left; vertical-align: top; }
thead th { border-bottom-color: var(--rule); color: var(--muted); font-weight: 400; }
tbody th { font-weight: 600; white-space: nowrap; }
.number { text-align: right; }
.number, .time { white-space: nowrap; }
.executed .outcome { color: var(--data); }
.failed .outcome, .blocked .outcome { color: var(--accent); font-weight: 600; }
.reused .outcome { color: var(--muted); }
code { font: 12.5px ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
summary { cursor: pointer; white-space: nowrap; }
:focus-visible { outline: 2px solid var(--data); outline-offset: 2px; }
svg { max-width: 100%; min-width: 720px; height: auto; }
svg text { font-family: inherit; }
svg [fill="white"] { fill: var(--paper); }
svg [fill="#1f2933"] { fill: var(--ink); }
svg [fill="#5b6672"] { fill: var(--muted); }
svg [stroke="#5b6672"] { stroke: var(--muted); }
svg [stroke="#c9d0d8"] { stroke: var(--rule); }
svg [stroke="#0072b2"] { stroke: var(--data); }
svg [stroke="#d55e00"] { stroke: var(--accent); }
@media print { .scroll { overflow: visible; } }
`;
