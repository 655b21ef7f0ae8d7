/** `hengqi match`: policies for every enterprise of a file, with reasons. Reads files only; no database is opened. */
import { readFileSync } from 'node:fs'
import { decider, isLive, type PolicyContent, type PolicyDecision } from '../commons/policies/index.ts'
import { enterpriseFacts, loadLibrary, namesFor, parsePolicy } from '../commons/policies/index.server.ts'
import { isIsoDate } from '../core/eligibility/calendar-day.ts'
import type { Setting } from '../core/eligibility/facts.ts'
import { reasonCode } from '../core/eligibility/reason-code.ts'
import { sayBlocker, sayQuestion } from '../core/eligibility/sentence.ts'
import { shanghaiDate } from '../core/promise-clock.ts'
import { isRefusal } from '../core/refusal.ts'
import { alliances } from '../core/regions.ts'
import { sizeNames } from '../core/size-class.ts'
import { readSheet, SheetError } from '../platform/sheets.server.ts'
import type { EnterpriseAnswer, PolicyAnswer } from './answer.ts'
import { readHeader, readRow, type EnterpriseRow } from './columns.ts'
import { writers, type Format } from './output.ts'

export interface MatchOptions {
  file: string
  asOf?: string | undefined
  policies?: string | undefined
  events?: string | undefined
  explain: boolean
  format: Format
}

/** 0: done; 1: some rows refused; 2: wrong use. Answers go to stdout, everything else to stderr. */
export async function match(options: MatchOptions): Promise<0 | 1 | 2> {
  const complain = (text: string) => process.stderr.write(`${text}\n`)
  const world = await worldOf(options)
  if (typeof world === 'string') return (complain(world), 2)
  const write = writers[options.format](process.stdout, options.explain)
  const progress = progressOn(process.stderr)
  let refused = 0
  let done = 0
  let header: Extract<ReturnType<typeof readHeader>, { places: unknown }> | undefined
  try {
    for await (const { row, cells } of readSheet(options.file === '-' ? process.stdin : options.file, options.file)) {
      if (!header) {
        const read = readHeader(cells)
        if (isRefusal(read)) return (complain(read.reason), 2)
        header = read
        if (read.unknown.length > 0) complain(`不认识的列，已略过：${read.unknown.join('、')}`)
        continue
      }
      const enterprise = readRow(cells, header.places)
      if (Array.isArray(enterprise)) {
        refused++
        for (const { column, reason } of enterprise) complain(`第 ${row} 行，${column}：${reason}`)
        continue
      }
      await write.row(answer(enterprise, world))
      progress(++done)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return (complain(`没有文件 ${options.file}，请核对路径。`), 2)
    if (error instanceof SheetError) return (complain(error.message), 2)
    throw error
  }
  if (!header) return (complain('文件是空的：第一行应是表头。'), 2)
  await write.end()
  progress(done, true)
  if (refused > 0) complain(`${done} 家已判断，${refused} 行有误未判断；改正后可以只重跑这些行。`)
  return refused > 0 ? 1 : 0
}

interface World {
  /** Each policy prepared once for the whole file. */
  policies: { policy: PolicyContent; decide: ReturnType<typeof decider> }[]
}

async function worldOf({ asOf = shanghaiDate(new Date().toISOString()), policies, events }: MatchOptions): Promise<World | string> {
  if (!isIsoDate(asOf)) return `--as-of ${asOf} 不是日期，请写成 2026-11-23。`
  try {
    const all = policies
      ? (JSON.parse(readFileSync(policies, 'utf8')) as unknown[]).map((each, i) => parsePolicy(each, `${policies} 第 ${i + 1} 项`))
      : await loadLibrary()
    const setting: Setting = {
      asOf,
      events: events ? (JSON.parse(readFileSync(events, 'utf8')) as Setting['events']) : {},
      alliances: Object.fromEntries(alliances.map(({ id, codes }) => [id, codes])),
    }
    return { policies: all.filter((policy) => isLive(policy, asOf)).map((policy) => ({ policy, decide: decider(policy, setting) })) }
  } catch (error) {
    return `政策或事件文件不能用：${(error as Error).message}`
  }
}

function answer({ uscc, name, facts: told }: EnterpriseRow, { policies }: World): EnterpriseAnswer {
  const { facts, size, derive } = enterpriseFacts({ uscc: uscc || undefined, facts: told })
  return {
    uscc,
    name,
    sizeClass: size.possible.map((each) => sizeNames[each]).join('或'),
    sizeWorking: size.working.map(({ text }) => text),
    decisions: policies.map(({ policy, decide }) => policyAnswer(policy, decide(facts, derive))),
  }
}

function policyAnswer(policy: PolicyContent, { result, force, blockers, ask }: PolicyDecision): PolicyAnswer {
  const names = namesFor(policy.clauses)
  return {
    policyId: policy.slug,
    title: policy.title,
    result,
    force,
    blockers: blockers.map((leaf) => ({
      code: reasonCode(leaf),
      fact: leaf.fact,
      clause: leaf.src ?? null,
      said: sayBlocker(leaf, names),
    })),
    ask: ask.map((fact) => ({ fact, question: sayQuestion(fact) })),
    benefits: policy.benefits.map(({ kind, appliesTo, rateBp }) => ({ kind, appliesTo, rateBp: rateBp ?? null })),
  }
}

/** Counts on a terminal, silent in a pipe. */
function progressOn(stream: NodeJS.WriteStream): (done: number, last?: boolean) => void {
  if (!stream.isTTY) return () => {}
  let shown = 0
  return (done, last) => {
    if (!last && Date.now() - shown < 200) return
    shown = Date.now()
    stream.write(`\r已判断 ${done} 家${last ? '\n' : ''}`)
  }
}
