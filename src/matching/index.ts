/** Enterprises as columns, asked by rule. What touches files and threads is behind `index.server.ts`. */
export type { Change } from './changes.ts'
export { forwardIndex, type ForwardAnswer, type ForwardIndex } from './forward.ts'
export type { Row } from './gather.ts'
export type { KernelKind } from './kernels/kernels.ts'
export { deltaOf, rowsIn, type RowDelta, type RowSet } from './row-set.ts'
export { buildStore, Store, storeBuilder, type Counts, type KeyDelta, type Options, type Sets, type StoreBuilder } from './store.ts'
export { decodeFacts, encodeFacts, factColumns, type MatchColumns } from './sql/columns.ts'
export { countStatement, pageStatement, type Statement, type Wanted, type Within } from './sql/statements.ts'
