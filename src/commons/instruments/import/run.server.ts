/** Imports go on in the background of whichever process was asked, and are taken up again when that process died. */
import { isRefusal } from '../../../core/refusal.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { applyRows } from './applying.server.ts'
import { findImport } from './queries.server.ts'
import { readImport } from './reading.server.ts'
import { lockImport, takeStep, writeImport } from './steps.server.ts'

/** Imports at once in one process: each may hold an unpacked sheet. */
const atOnce = 2
/** Seconds without a sign of life after which an import is taken up by somebody else. */
const quiet = 90
const mostAttempts = 3

const running = new Map<string, Promise<void>>()
const waiting: (() => void)[] = []
let busy = 0

/** Starts or continues an import without waiting for it. Trouble is noted on the import. */
export function kick(ctx: Ctx, id: string): void {
  const before = running.get(id) ?? Promise.resolve()
  const mine: Promise<void> = before
    .then(() => inTurn(() => runImport(ctx, id)))
    .catch((error: unknown) => noteTrouble(ctx, id, error))
    .finally(() => {
      if (running.get(id) === mine) running.delete(id)
    })
  running.set(id, mine)
}

/** Resolves when nothing of this import goes on in this process any more: it waits for a person, is over, or broke off. */
export const atRest = (id: string): Promise<void> => running.get(id) ?? Promise.resolve()

async function inTurn(work: () => Promise<void>): Promise<void> {
  if (busy >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  busy++
  try {
    await work()
  } finally {
    busy--
    waiting.shift()?.()
  }
}

/** Reads and applies as far as it goes now; returns when a person has to decide, or when it is over. */
export async function runImport(ctx: Ctx, id: string): Promise<void> {
  const at = clockOf(ctx)
  const row = await findImport(at(), id)
  if (row?.state === 'reading') await readImport(at, id)
  if (row?.state === 'applying') await applyRows(at, id)
}

/** The same context as time goes by: a long import must show that it is alive. */
function clockOf(ctx: Ctx): () => Ctx {
  const [begun, from] = [performance.now(), Date.parse(ctx.now)]
  const { once: _, ...plain } = ctx
  return () => ({ ...plain, now: new Date(from + performance.now() - begun).toISOString() })
}

/** A fault of the platform: tried again a few times, then said. What is entered stays entered. */
async function noteTrouble(ctx: Ctx, id: string, error: unknown): Promise<void> {
  console.error(`import ${id}`, error)
  await inTx(clockOf(ctx)(), async (tx) => {
    const row = await lockImport(tx, id)
    if (!row || (row.state !== 'reading' && row.state !== 'applying')) return
    const attempts = row.columns.attempts + 1
    if (attempts < mostAttempts) {
      const problem = `平台处理时出了差错，稍后自动重试（第 ${attempts} 次）`
      return void (await writeImport(tx, row, { columns: { ...row.columns, attempts }, problem }))
    }
    const problem = `平台处理时出了差错，试了 ${attempts} 次没有成功；已经登记的不受影响，请联系平台`
    const columns = { ...row.columns, attempts: 0 }
    const step = await takeStep(tx, row, row.state === 'reading' ? 'fail' : 'pause', { columns, problem }, { problem })
    if (isRefusal(step)) throw new Error(step.reason)
  }).catch(() => {
    // The database is being closed, or is gone: the schedule takes it up again.
  })
}

/** Takes up what somebody left: the process was stopped, or broke off. Returns how many. */
export async function resumeImports(ctx: Ctx): Promise<number> {
  const before = new Date(Date.parse(ctx.now) - quiet * 1000).toISOString()
  const left = await ctx.db
    .selectFrom('instrument_imports')
    .select(['id', 'columns'])
    .where('state', 'in', ['reading', 'applying'])
    .where('touched_at', '<', before)
    .execute()
  for (const { id, columns } of left) if (!running.has(id)) kick({ ...ctx, actor: columns.by }, id)
  return left.length
}
