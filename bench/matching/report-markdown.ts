/** The report as Markdown. */
import { sectionsOf } from './report.ts'
import type { Results } from './results.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`

export function markdownReport(results: Results): string {
  const sections = sectionsOf(results).map(({ title, text, table }) => [
    `## ${title}`,
    ...text,
    ...(table ? [[line(table.head), line(table.head.map(() => '---')), ...table.rows.map(line)].join('\n')] : []),
  ])
  return `${['# Matching: every engine on the same world', ...sections.flat()].join('\n\n')}\n`
}
