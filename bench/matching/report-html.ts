/** The report as one page that needs nothing else. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { drawChart, escapeHtml } from './charts.ts'
import { sectionsOf } from './report.ts'
import type { Results } from './results.ts'
import type { Section } from './section.ts'

const tokens = readFileSync(path.join(import.meta.dirname, '..', '..', 'src', 'web', 'styles', 'tokens.css'), 'utf8')

const style = `
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: var(--text)/1.6 var(--font); font-variant-numeric: tabular-nums; }
main { max-width: 84rem; margin: 0 auto; padding: calc(var(--space) * 3) calc(var(--space) * 2) calc(var(--space) * 8); }
h1 { font-size: 1.6rem; line-height: 1.3; margin: 0 0 calc(var(--space) * 2); }
h2 { font-size: 1.2rem; margin: calc(var(--space) * 6) 0 var(--space); padding-top: calc(var(--space) * 2); border-top: 1px solid var(--line); }
p { max-width: 52rem; margin: 0 0 var(--space); overflow-wrap: anywhere; }
code { font-family: var(--mono); font-size: .9em; background: var(--surface-2); padding: 0 4px; border-radius: 3px; }
.both { display: grid; gap: calc(var(--space) * 3); margin-top: calc(var(--space) * 2); }
figure { margin: 0; max-width: 44rem; }
svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--ink); font: 13px var(--font); }
svg .soft { fill: var(--ink-soft); font-size: 12px; }
.grid { stroke: var(--line); }
.bar { fill: var(--line-strong); }
.bar.ours { fill: var(--accent); }
.bar.projected { fill-opacity: .4; stroke: var(--line-strong); stroke-dasharray: 3 2; }
.line { fill: none; stroke-width: 2; stroke: var(--accent); }
.dot { fill: var(--accent); }
.line-1 { stroke: var(--info); stroke-dasharray: 6 4; } .dot.line-1 { fill: var(--info); stroke: none; }
.line-2 { stroke: var(--warn); stroke-dasharray: 2 4; } .dot.line-2 { fill: var(--warn); stroke: none; }
.scroll { overflow-x: auto; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); }
table { border-collapse: collapse; width: 100%; font-size: .875rem; line-height: 1.45; }
th, td { text-align: right; padding: 6px 10px; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
th { background: var(--surface-2); color: var(--ink-soft); font-weight: 600; }
th:first-child, td:first-child, .prose th, .prose td { text-align: left; }
td:first-child { min-width: 10rem; }
.prose td { overflow-wrap: anywhere; min-width: 7rem; }
.prose td:last-child { min-width: 16rem; }
.good { color: var(--good); } .bad { color: var(--bad); } .open { color: var(--ink-soft); }
td.good, td.bad, td.open { white-space: nowrap; font-weight: 600; }
@media print { .scroll { overflow: visible; } h2 { break-after: avoid; } }
`

const prose = new Set(['Goals', 'How each engine was asked', 'Snapshot, changes, and what a night changed'])
const toneOf = (text: string): string =>
  text.startsWith('● ') ? ' class="good"' : text.startsWith('▲ ') ? ' class="bad"' : text.startsWith('○ ') ? ' class="open"' : ''

const paragraph = (text: string): string =>
  `<p>${escapeHtml(text)
    .split('`')
    .map((part, i) => (i % 2 ? `<code>${part}</code>` : part))
    .join('')}</p>`

function sectionHtml({ title, text, table, chart }: Section): string {
  const rows = table?.rows
    .map((cells) => `<tr>${cells.map((each) => `<td${toneOf(each)}>${escapeHtml(each)}</td>`).join('')}</tr>`)
    .join('')
  const tableHtml = table
    ? `<div class="scroll${prose.has(title) ? ' prose' : ''}" tabindex="0" role="region" aria-label="${escapeHtml(title)}"><table><thead><tr>${table.head.map((each) => `<th scope="col">${escapeHtml(each)}</th>`).join('')}</tr></thead><tbody>${rows}</tbody></table></div>`
    : ''
  const chartHtml = chart ? `<figure>${drawChart(chart, title)}</figure>` : ''
  return `<section><h2>${escapeHtml(title)}</h2>${text.map(paragraph).join('')}<div class="both">${chartHtml}${tableHtml}</div></section>`
}

export const htmlReport = (results: Results): string =>
  `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Matching: every engine on the same world</title>
<style>${tokens}${style}</style></head>
<body><main><h1>Matching: every engine on the same world</h1>
${sectionsOf(results).map(sectionHtml).join('\n')}
</main></body></html>
`
