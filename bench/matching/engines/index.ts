/** The engines by the name under which they are asked for, ours first. */
import type { BenchEngine } from '../engine.ts'
import { closures } from './closures.ts'
import { columns, plain } from './columns.ts'
import { duckdb } from './duckdb.ts'
import { jsonLogicCompiled, jsonLogicInterpreted } from './json-logic.ts'
import { jsonRules } from './json-rules.ts'
import { citus, postgres, postgresFull } from './postgres.ts'
import { postgresFlat } from './postgres-flat.ts'
import { roaring } from './roaring.ts'
import { zen } from './zen.ts'

export const engines = {
  columns,
  plain,
  closures,
  roaring,
  postgres,
  'postgres-flat': postgresFlat,
  'postgres-full': postgresFull,
  citus,
  duckdb,
  'json-logic': jsonLogicCompiled,
  'json-logic-interpreted': jsonLogicInterpreted,
  zen,
  'json-rules': jsonRules,
} satisfies Record<string, BenchEngine>

export type EngineName = keyof typeof engines
