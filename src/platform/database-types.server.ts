/** The JavaScript types of database values, the same from the embedded database and from PostgreSQL. */
import pg from 'pg'

type Parse = (text: string) => unknown

const same: Parse = (text) => text
/** Years before 1901 have offsets with seconds in Asia/Shanghai, which `new Date` does not read; the driver does. */
const instant: Parse = (text) => {
  const date: unknown = pg.types.getTypeParser(1184, 'text')(text)
  return date instanceof Date ? date.toISOString() : text
}
const listOf =
  (parse: Parse): Parse =>
  (text) =>
    (pg.types.getTypeParser(1009 as never, 'text') as unknown as (text: string) => (string | null)[])(text).map((item) =>
      item === null ? null : parse(item),
    )

/** By type number: int8, date, timestamp, timestamptz, numeric, and lists of them. */
const parsers: Record<number, Parse> = {
  20: BigInt as Parse,
  1016: listOf(BigInt as Parse),
  1082: same,
  1182: listOf(same),
  1114: same,
  1115: listOf(same),
  1184: instant,
  1185: listOf(instant),
  1700: same,
  1231: listOf(same),
}

/**
 * `int8` (money in 分, also `count(*)`) → bigint; `date` → `YYYY-MM-DD`; `timestamptz` → ISO instant in UTC with milliseconds;
 * `numeric` → decimal text; `jsonb` → parsed.
 */
export const databaseTypes = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers[oid]) || (pg.types.getTypeParser(oid as never, format as never) as unknown),
} as unknown as pg.CustomTypesConfig
