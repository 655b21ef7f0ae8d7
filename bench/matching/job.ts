/** One measurement in a process of its own, so that neither heap nor compiled code of another engine is in its way. Reads a job, writes its result. */
import { readFileSync, writeFileSync } from 'node:fs'
import { engines, type EngineName } from './engines/index.ts'
import { measure, type Figures, type WorldOptions } from './measure.ts'
import { measureFollowing, type Following } from './following.ts'
import { measureManyPolicies, measureOperations, measureThreads, type ManyPolicies, type Operations, type Threads } from './operations.ts'

export type Job = WorldOptions & {
  kind: 'engine' | 'operations' | 'threads' | 'following' | 'many-policies'
  engine?: EngineName
  threads?: number[]
}
export type Result = Figures | Operations | Threads | ManyPolicies | Following

const [, , input, output] = process.argv
const job = JSON.parse(readFileSync(input!, 'utf8')) as Job

async function run(): Promise<Result | undefined> {
  switch (job.kind) {
    case 'engine':
      return measure(engines[job.engine!], job)
    case 'operations':
      return measureOperations(job)
    case 'threads':
      return measureThreads(job, job.threads ?? [1, 2])
    case 'following':
      return measureFollowing(job)
    case 'many-policies':
      return measureManyPolicies(job)
  }
}
writeFileSync(output!, JSON.stringify((await run()) ?? null))
