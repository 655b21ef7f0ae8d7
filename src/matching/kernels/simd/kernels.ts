// @ts-nocheck AssemblyScript, not TypeScript: `scripts/build-kernels.ts` compiles it to `../simd-bytes.ts`.
/**
 * Loops over bitmaps, columns and lists of rows, 128 bits at a time where that helps. `../plain.ts` says the same in TypeScript and is the
 * description of each kernel. Pointers are bytes from the start of the shared memory; `n` counts 32-bit words, each of them the bits of 32 rows.
 */
export * from './bitmaps'
export * from './columns'
export * from './ledger'
export * from './runs'
