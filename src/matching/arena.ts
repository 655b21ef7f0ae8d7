/**
 * One shared memory that columns, bitmaps and kernels live in, handed out in blocks. Addresses are bytes from its start.
 * Shared, so that another thread can look at a bitmap without copying it, and so that views taken before it grew stay valid.
 */
import type { KernelKind, Kernels } from './kernels/kernels.ts'
import { loadKernels } from './kernels/load.ts'

/** Rows of one piece of work: its bitmaps are 4 KiB and stay in the first cache. */
export const CHUNK = 32_768

const pageBytes = 65_536
const mostPages = 65_536

export class Arena {
  readonly memory = new WebAssembly.Memory({ initial: 4, maximum: mostPages, shared: true })
  readonly kernels: Kernels
  u8: Uint8Array
  u16: Uint16Array
  u32: Uint32Array
  i32: Int32Array
  /** Bytes in blocks that are not free. */
  used = 0
  #end = 64
  readonly #free = new Map<number, number[]>()

  constructor(kind: KernelKind = 'simd') {
    const { buffer } = this.memory
    this.u8 = new Uint8Array(buffer)
    this.u16 = new Uint16Array(buffer)
    this.u32 = new Uint32Array(buffer)
    this.i32 = new Int32Array(buffer)
    this.kernels = loadKernels(this, kind)
  }

  /** A block of zeros at a multiple of 64. Throws a RangeError when 4 GiB are used up: that is what shards are for. */
  alloc(bytes: number): number {
    const size = sizeOf(bytes)
    this.used += size
    const again = this.#free.get(size)?.pop()
    if (again !== undefined) {
      this.u8.fill(0, again, again + size)
      return again
    }
    const at = this.#end
    this.#end += size
    if (this.#end > this.u8.length) this.#grow(this.#end)
    return at
  }

  free(at: number, bytes: number): void {
    const size = sizeOf(bytes)
    this.used -= size
    const list = this.#free.get(size)
    if (list) list.push(at)
    else this.#free.set(size, [at])
  }

  #grow(bytes: number): void {
    const have = this.u8.length / pageBytes
    const need = Math.ceil(bytes / pageBytes)
    if (need > mostPages) throw new RangeError(`One store holds at most 4 GiB; ${bytes} bytes are asked for. Split the rows into shards.`)
    this.memory.grow(Math.min(mostPages, Math.max(need, Math.ceil(have * 1.125))) - have)
    const { buffer } = this.memory
    this.u8 = new Uint8Array(buffer)
    this.u16 = new Uint16Array(buffer)
    this.u32 = new Uint32Array(buffer)
    this.i32 = new Int32Array(buffer)
  }
}

const sizeOf = (bytes: number): number => Math.max(64, Math.ceil(bytes / 64) * 64)
