/** Counties of every province, so that places are as many and as uneven as they are. */
import { listRegions } from '../../src/core/regions.ts'

const counties = listRegions()
  .map(({ code }) => code)
  .filter((code) => !code.endsWith('00'))

export const countiesByProvince: ReadonlyMap<string, readonly string[]> = Map.groupBy(counties, (code) => code.slice(0, 2))
