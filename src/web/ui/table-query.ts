/** The state of a list as it stands in the URL: page, sort, search and filters. */
export interface TableQuery {
  page: number
  pageSize: number
  sort: string
  dir: 'asc' | 'desc'
  q: string
  /** Every other parameter of the URL. */
  params: Record<string, string>
}

interface TableOptions {
  sorts: readonly string[]
  /** `due` or `-due` for descending. */
  defaultSort: string
  pageSize?: number
}

/** Reads what is valid and takes the default for the rest: a mistyped URL still shows a list. */
export function readTable(url: URL | string, { sorts, defaultSort, pageSize = 20 }: TableOptions): TableQuery {
  const { searchParams } = new URL(url)
  const given = searchParams.get('sort') ?? ''
  const sort = sorts.includes(given.replace(/^-/, '')) ? given : defaultSort
  const page = Number(searchParams.get('page') ?? 1)
  const { page: _, sort: __, q = '', ...params } = Object.fromEntries(searchParams)
  return {
    page: Number.isInteger(page) && page > 0 && page < 1_000_000 ? page : 1,
    pageSize,
    sort: sort.replace(/^-/, ''),
    dir: sort.startsWith('-') ? 'desc' : 'asc',
    q: q.trim().slice(0, 200),
    params: Object.fromEntries(Object.entries(params).filter(([, value]) => value !== '')),
  }
}

/** The query string with some parameters changed; an empty value removes one. Any change but of the page goes back to page 1. */
export function tableHref(query: TableQuery, change: Record<string, string>): string {
  const all: Record<string, string> = {
    ...query.params,
    q: query.q,
    sort: `${query.dir === 'desc' ? '-' : ''}${query.sort}`,
    ...change,
  }
  const search = new URLSearchParams(Object.entries(all).filter(([, value]) => value !== ''))
  return `?${search}`
}
