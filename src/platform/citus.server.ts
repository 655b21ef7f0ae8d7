/**
 * One database over several machines by the Citus extension: what grows with enterprises lies by province, what everybody looks up stands
 * on every machine. The statements of the platform stay the same, because `province` comes first in every key.
 */
import { sql } from 'kysely'
import { refuse, type Refusal } from '../core/refusal.ts'
import type { Db } from './db.server.ts'

export interface Placement {
  /** Fit to lie by province, those of one province of all these tables on one machine. */
  distributed: string[]
  /** On every machine: what distributed tables refer to. */
  reference: string[]
  /** On the coordinator. */
  local: string[]
  /** What keeps the tables besides that of matching from being distributed, in words. */
  obstacles: string[]
}

/** Works out from the catalogue which table goes where; changes nothing. */
export async function placementOf(db: Db): Promise<Placement> {
  const { rows: tables } = await sql<{ name: string; by_province: boolean; has_triggers: boolean }>`
    select c.relname as name,
      exists (select from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
        where i.indrelid = c.oid and i.indisprimary and a.attname = 'province') as by_province,
      exists (select from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal) as has_triggers
    from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by c.relname`.execute(db)
  const { rows: links } = await sql<{ from: string; to: string; name: string; by_province: boolean }>`
    select f.relname as from, t.relname as to, k.conname as name,
      exists (select from pg_attribute a where a.attrelid = f.oid and a.attnum = any(k.conkey) and a.attname = 'province') as by_province
    from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace`.execute(db)
  const { rows: loose } = await sql<{ table: string; name: string; kind: string }>`
    select c.relname as table, i.indexrelid::regclass::text as name, case when i.indisexclusion then '排他约束' else '唯一索引' end as kind
    from pg_index i join pg_class c on c.oid = i.indrelid
    where (i.indisunique or i.indisexclusion) and c.relnamespace = 'public'::regnamespace and not exists (select from pg_attribute a
      where a.attrelid = c.oid and a.attnum = any(i.indkey) and a.attname = 'province')`.execute(db)
  const distributed = tables.filter((table) => table.by_province).map(({ name }) => name)
  const reference = new Set<string>()
  const lookUp = (from: readonly string[]): void => {
    const next = links.filter((link) => from.includes(link.from) && !distributed.includes(link.to) && !reference.has(link.to))
    for (const { to } of next) reference.add(to)
    if (next.length > 0) lookUp(next.map(({ to }) => to))
  }
  lookUp(distributed)
  const local = tables.map(({ name }) => name).filter((name) => !distributed.includes(name) && !reference.has(name))
  const obstacles = [
    ...loose.filter(({ table }) => distributed.includes(table)).map(({ table, name, kind }) => `${table}：${kind} ${name} 不含 province`),
    ...links
      .filter((link) => distributed.includes(link.from) && distributed.includes(link.to) && !link.by_province)
      .map((link) => `${link.from}：外键 ${link.name} 不含 province`),
    ...links
      .filter((link) => !distributed.includes(link.from) && distributed.includes(link.to))
      .map((link) => `${link.from}：外键 ${link.name} 指向分布的表 ${link.to}`),
    ...tables.filter((table) => table.has_triggers && table.by_province).map(({ name }) => `${name}：有触发器`),
    lockedById,
  ]
  return { distributed, reference: [...reference].toSorted(), local, obstacles }
}

/**
 * Distributes the wide table of matching, with the rows that it has, if it is not yet; a second run changes nothing. The other tables stay
 * on the coordinator while `obstacles` names something. Refused where the extension is missing.
 */
export async function distribute(db: Db, onStep: (what: string) => void = () => {}): Promise<Placement | Refusal> {
  const { rows: extension } = await sql`select 1 from pg_extension where extname = 'citus'`.execute(db)
  if (extension.length === 0)
    return refuse('conflict', '这个数据库没有 Citus 扩展：请先在每台机器上安装并执行 create extension citus，见 docs/operations.md', {
      code: 'NO_CITUS',
    })
  const { rows: placed } = await sql`select 1 from pg_dist_partition where logicalrelid = ${first}::regclass`.execute(db)
  if (placed.length === 0)
    await db.transaction().execute(async (tx) => {
      onStep(`${first}：按省分布`)
      await sql`select create_distributed_table(${first}, 'province', colocate_with => 'none')`.execute(tx)
      // The rows were copied; what stays behind on the coordinator cannot be seen any more, only fills its disk.
      await sql`select truncate_local_data_after_distributing_table(${first})`.execute(tx)
    })
  return placementOf(db)
}

/** It refers to nothing, nothing refers to it, and no statement locks its rows. */
const first = 'match_rows'

/** Seen on a cluster with every table placed: `for update` by an id alone is refused, because the row may be on any machine. */
const lockedById = '语句：编辑一行以前按编号加锁（for update），没有写省；Citus 不能跨机器加锁'
