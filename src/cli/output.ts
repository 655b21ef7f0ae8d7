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
        const slim = decisions.map(({ title, blockers, ...rest }) => ({
          ...rest,
          ...(explain && { title }),
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
            d.ask.map(({ question }) => question).join('；'),
            ...(explain ? [d.blockers.map(({ said }) => said).join('；')] : []),
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
  return [
    `■ ${[name, uscc].filter(Boolean).join(' ')}（${sizeClass}）`,
    ...(explain ? sizeWorking.map((step) => `    ${step}`) : []),
    ...of('eligible').flatMap((d) => [
      `  ✓ ${words.eligible}（${results[d.force]}） ${d.title}`,
      ...(explain ? [`      ${d.benefits.map(sayBenefit).join('；')}`] : []),
    ]),
    ...of('unknown').map(
      (d) =>
        `  ? ${words.unknown}（${results[d.force]}） ${d.title}${d.ask.length > 0 ? `\n      ${d.ask.map(({ question }) => question).join(' ')}` : ''}`,
    ),
    ...(explain
      ? of('ineligible').map((d) => `  – ${d.title}\n      ${d.blockers.map(({ said }) => said).join('；')}`)
      : [`  – ${words.ineligible} ${of('ineligible').length} 项${of('ineligible').length > 0 ? '（加 --explain 看原因）' : ''}`]),
  ]
}

const sayBenefit = ({ kind, appliesTo, rateBp }: PolicyAnswer['benefits'][number]): string =>
  `${benefitKinds[kind as keyof typeof benefitKinds]}${rateBp === null ? '' : ` ${rateBp / 100}%`}：${appliesTo}`
