import type { Operation } from '../../platform/api.server.ts'
export const operations: readonly Operation[] = []
