/** SIMD where the machine has it, plain TypeScript otherwise, with the same bits. */
import type { KernelKind, Kernels, Views } from './kernels.ts'
import { plainKernels } from './plain.ts'
import { simdBytes } from './simd-bytes.ts'

let compiled: WebAssembly.Module | undefined | null = null

/** Compiled once; undefined where the machine knows no SIMD or no shared memory. */
function simdModule(): WebAssembly.Module | undefined {
  if (compiled !== null) return compiled
  const bytes = Uint8Array.from(atob(simdBytes), (char) => char.charCodeAt(0))
  compiled = WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : undefined
  return compiled
}

export function loadKernels(views: Views & { memory: WebAssembly.Memory }, kind: KernelKind): Kernels {
  const module = kind === 'simd' ? simdModule() : undefined
  if (!module) return plainKernels(views)
  return new WebAssembly.Instance(module, { env: { memory: views.memory } }).exports as unknown as Kernels
}
