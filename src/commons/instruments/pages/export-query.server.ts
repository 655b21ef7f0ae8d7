/** An export lists what the register lists for the same address. */
import { readTable } from '../../../web/ui/table-query.ts'
import { instrumentSorts, type InstrumentQuery, type InstrumentSort } from '../queries.server.ts'
import { readRegister } from '../register-query.ts'

export function exportQuery(url: URL): InstrumentQuery {
  const { sort, dir } = readTable(url, { sorts: instrumentSorts, defaultSort: 'code' })
  return { ...readRegister(url.searchParams).asked, sort: sort as InstrumentSort, dir }
}
