/** `hengqi match`: policies for every enterprise of a file, with reasons. Reads files only; no database is opened. */
import { shanghaiDate } from '../core/promise-clock.ts'
import { isRefusal } from '../core/refusal.ts'
import { readSheet, SheetError } from '../platform/sheets.server.ts'
import { answerer } from './answer.ts'
import { readHeader, readRow, type Header } from './columns.ts'
import { writers, type Format } from './output.ts'
import { worldOf } from './world.ts'

export interface MatchOptions {
  /** `-` is the standard input. */
  file: string
  asOf?: string | undefined
  policies?: string | undefined
  events?: string | undefined
  explain: boolean
  format: Format
}

/** 0: done; 1: some rows refused; 2: wrong use. Answers go to stdout, everything else to stderr. */
export async function match({ file, explain, format, ...options }: MatchOptions): Promise<0 | 1 | 2> {
  const complain = (text: string): 2 => (process.stderr.write(`${text}\n`), 2)
  const world = await worldOf({ ...options, asOf: options.asOf ?? shanghaiDate(new Date().toISOString()) })
  if (isRefusal(world)) return complain(world.reason)
  for (const note of world.notes) complain(note)
  const answer = answerer(world.policies, world.setting, explain)
  const write = writers[format](process.stdout, explain)
  const progress = progressOn(process.stderr)
  const count = { done: 0, refused: 0 }
  let header: Header | undefined
  try {
    for await (const { row, cells } of readSheet(file === '-' ? process.stdin : file, file === '-' ? '标准输入' : file)) {
      if (!header) {
        const read = readHeader(cells)
        if (isRefusal(read)) return complain(read.reason)
        header = read
        for (const note of read.notes) complain(note)
        continue
      }
      const enterprise = readRow(cells, header)
      if (Array.isArray(enterprise)) {
        count.refused++
        for (const { column, reason } of enterprise) complain(`第 ${row} 行，${column}：${reason}`)
      } else {
        await write.row(answer(enterprise))
        progress(++count.done)
      }
    }
  } catch (error) {
    if (error instanceof SheetError) return complain(error.message)
    throw error
  }
  if (!header) return complain('文件是空的：第一行应是表头。')
  await write.end()
  progress(count.done, true)
  if (count.refused === 0) return 0
  complain(`${count.done} 家已判断，${count.refused} 行有误未判断；改正后可以只重跑这些行。`)
  return 1
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
