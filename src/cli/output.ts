/** How answers are written: a table to read, JSON for programs, CSV for Excel. Each waits for a slow reader. */
import { once } from 'node:events'
import { benefitKinds, results } from '../commons/policies/index.ts'
import type { EnterpriseAnswer, PolicyAnswer } from './answer.ts'

export type Format = 'table' | 'json' | 'csv'

interface Writer {
  row: (answer: EnterpriseAnswer) => Promise<void>
  end: () => Promise<void>
}

const to = (out: NodeJS.WritableStream) => async (text: string) => {
  if (!out.write(text)) await once(out, 'drain')
}

export const writers: Record<Format, (out: NodeJS.WritableStream, explain: boolean) => Writer> = {
  json(out, explain) {
    const write = to(out)
    let first = true
    return {
      async row({ uscc, name, sizeClass, sizeWorking, decisions }) {
        const slim = decisions.map(({ title, why, passed, blockers, ...rest }) => ({
          ...rest,
          ...(explain && { title, why, passed }),
          blockers: explain ? blockers : blockers.map(({ code, fact, clause }) => ({ code, fact, clause })),
        }))
        await write(`${first ? '[' : ','}\n${JSON.stringify({ uscc, name, sizeClass, ...(explain && { sizeWorking }), decisions: slim })}`)
        first = false
      },
      end: () => write(first ? '[]\n' : '\n]\n'),
    }
  },
  csv(out, explain) {
    const write = to(out)
    const line = (cells: readonly string[]) =>
      `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`
    // The mark that makes Excel read UTF-8.
    const header = `\uFEFF${line(['统一社会信用代码', '名称', '规模', '政策', '结果', '方式', '还差', ...(explain ? ['原因'] : [])])}`
    let first = true
    return {
      async row({ uscc, name, sizeClass, decisions }) {
        const lines = decisions.map((d) =>
          line([
            uscc,
            name,
            sizeClass,
            d.title,
            words[d.result],
            results[d.force],
            sayOpen(d).join('；'),
            ...(explain ? [[...d.blockers.map(({ said }) => said), ...d.passed].join('；')] : []),
          ]),
        )
        await write((first ? header : '') + lines.join(''))
        first = false
      },
      end: () => (first ? write(header) : Promise.resolve()),
    }
  },
  table(out, explain) {
    const write = to(out)
    return {
      async row(answer) {
        await write(`${tableOf(answer, explain).join('\n')}\n\n`)
      },
      end: async () => {},
    }
  },
}

const words = { eligible: '符合', unknown: '待补充', ineligible: '暂不符合' } as const

function tableOf({ uscc, name, sizeClass, sizeWorking, decisions }: EnterpriseAnswer, explain: boolean): string[] {
  const of = (result: PolicyAnswer['result']) => decisions.filter((d) => d.result === result)
  const head = (mark: string, d: PolicyAnswer) => `  ${mark} ${words[d.result]}（${results[d.force]}） ${d.title}`
  const not = of('ineligible')
  return [
    `■ ${[name, uscc].filter(Boolean).join(' ')}（${sizeClass}）`,
    ...(explain ? sizeWorking.map((step) => `    ${step}`) : []),
    ...of('eligible').flatMap((d) => [
      head('✓', d),
      ...(explain ? indent([d.why, ...d.benefits.filter(isOpen).map(sayBenefit), ...d.passed]) : []),
    ]),
    ...of('unknown').flatMap((d) => [
      head('?', d),
      ...indent(sayOpen(d)),
      ...(explain ? indent(d.benefits.filter(isOpen).map(sayBenefit)) : []),
    ]),
    ...(explain ? not.flatMap((d) => [`  – ${words.ineligible} ${d.title}`, ...indent(d.blockers.map(({ said }) => said))]) : []),
    ...(explain ? [] : [`  – ${words.ineligible} ${not.length} 项${not.length > 0 ? '（加 --explain 看原因）' : ''}`]),
  ]
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => `      ${line}`)

/** What an undecided policy waits for: the person's answers, or dates that an operator gives. */
const sayOpen = ({ result, ask, awaits }: PolicyAnswer): string[] => {
  if (result !== 'unknown') return []
  const open = [...ask.map(({ question }) => question), ...awaits.map((name) => `${name}的起止日期尚未录入`)]
  return open.length > 0 ? open : ['按现有信息还不能判断']
}

const isOpen = ({ result }: PolicyAnswer['benefits'][number]): boolean => result !== 'ineligible'

/** 「减收 50%：校准费（适用于：服务种类为校准）」 */
const sayBenefit = ({ kind, appliesTo, rateBp, lines }: PolicyAnswer['benefits'][number]): string =>
  `${benefitKinds[kind]}${rateBp === null ? '' : ` ${rateBp / 100}%`}：${appliesTo}${lines === null ? '' : `（${lines}）`}`
