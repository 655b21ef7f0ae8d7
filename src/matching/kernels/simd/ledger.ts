// @ts-nocheck AssemblyScript, see `kernels.ts`.
/** Over lists of rows in order, so the words that bits go to are in the first cache. */

export function holders(rows: usize, counts: usize, n: i32, first: u32, min: u32, t: usize, p: usize): void {
  for (const end = rows + ((n as usize) << 2); rows < end; rows += 4, counts += 4) {
    const row = load<u32>(rows) - first
    const bit = ((load<u32>(counts) >= min) as u32) << (row & 31)
    const at = ((row >> 5) as usize) << 2
    store<u32>(t + at, load<u32>(t + at) | bit)
    store<u32>(p + at, load<u32>(p + at) | bit)
  }
}

export function tally(rows: usize, counts: usize, n: i32, first: u32, sums: usize): void {
  for (const end = rows + ((n as usize) << 2); rows < end; rows += 4, counts += 4) {
    const at = sums + ((load<u32>(rows) - first) as usize)
    const most = 255 - (load<u8>(at) as u32)
    store<u8>(at, (load<u8>(at) as u32) + min<u32>(load<u32>(counts), most))
  }
}

export function reach(rows: usize, n: i32, first: u32, least: u32, sums: usize, t: usize, p: usize): void {
  for (const end = rows + ((n as usize) << 2); rows < end; rows += 4) {
    const row = load<u32>(rows) - first
    const sum = load<u8>(sums + (row as usize)) as u32
    store<u8>(sums + (row as usize), 0)
    const bit = ((sum >= least) as u32) << (row & 31)
    const at = ((row >> 5) as usize) << 2
    store<u32>(t + at, load<u32>(t + at) | bit)
    store<u32>(p + at, load<u32>(p + at) | bit)
  }
}
