/**
 * One database over several machines by the Citus extension: what grows with enterprises lies by province, what everybody looks up stands
 * on every machine. The statements of the platform stay the same, because `province` comes first in every key.
 */
import { sql } from 'kysely'
import { refuse, type Refusal } from '../core/refusal.ts'
import type { Db } from './db.server.ts'

export interface Placement {
  /** Rows lie by province, those of one province of all these tables on one machine. */
  distributed: string[]
  /** On every machine: what distributed tables refer to. */
  reference: string[]
  /** On the coordinator. */
  local: string[]
  /** Constraints that a distributed table cannot have, in words. */
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
  ]
  return { distributed, reference: [...reference].toSorted(), local, obstacles }
}

/**
 * Places what can be placed and is not yet; a second run changes nothing. The wide table of matching refers to nothing and goes first; the
 * others follow all in one transaction, or, while `obstacles` names one, stay on the coordinator. Refused where the extension is missing.
 */
export async function distribute(db: Db, onStep: (what: string) => void = () => {}): Promise<Placement | Refusal> {
  const { rows: extension } = await sql`select 1 from pg_extension where extname = 'citus'`.execute(db)
  if (extension.length === 0)
    return refuse('conflict', '这个数据库没有 Citus 扩展：请先在每台机器上安装并执行 create extension citus，见 docs/operations.md', {
      code: 'NO_CITUS',
    })
  const placement = await placementOf(db)
  const { rows } = await sql<{ name: string }>`select logicalrelid::regclass::text as name from pg_dist_partition
    where partmethod = 'h' or repmodel = 't'`.execute(db)
  const missing = (names: readonly string[]) => names.filter((name) => !rows.some((row) => row.name === name))
  const [wide] = missing([first])
  if (wide !== undefined) await db.transaction().execute((tx) => placeByProvince(tx, wide, 'none', onStep))
  if (placement.obstacles.length > 0) return placement
  const byProvince = missing(placement.distributed.filter((name) => name !== first))
  const everywhere = missing(placement.reference)
  if (byProvince.length + everywhere.length > 0)
    await db.transaction().execute((tx) => placeTogether(tx, { byProvince, everywhere }, onStep))
  return placement
}

/** The table that the others lie with. */
const first = 'match_rows'

async function placeByProvince(tx: Db, name: string, colocated: string, onStep: (what: string) => void): Promise<void> {
  onStep(`${name}：按省分布`)
  await sql`select create_distributed_table(${name}, 'province', colocate_with => ${colocated})`.execute(tx)
  // The rows were copied; what stays behind on the coordinator cannot be seen any more, only fills its disk.
  await sql`select truncate_local_data_after_distributing_table(${name})`.execute(tx)
}

/** Foreign keys between tables of which one is placed already are refused in either order: they are taken off and put back as they were. */
async function placeTogether(
  tx: Db,
  { byProvince, everywhere }: { byProvince: readonly string[]; everywhere: readonly string[] },
  onStep: (what: string) => void,
): Promise<void> {
  // A key to a table that is on every machine must not be made over several connections.
  await sql`set local citus.multi_shard_modify_mode to 'sequential'`.execute(tx)
  const { rows: keys } = await sql<{ table: string; name: string; definition: string }>`
    select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace and c.relname = any(${byProvince})`.execute(tx)
  for (const { table, name } of keys) await sql`alter table ${sql.ref(table)} drop constraint ${sql.ref(name)}`.execute(tx)
  for (const name of everywhere) {
    onStep(`${name}：每台机器一份`)
    await sql`select create_reference_table(${name})`.execute(tx)
  }
  for (const name of byProvince) await placeByProvince(tx, name, first, onStep)
  for (const { table, name, definition } of keys)
    await sql`alter table ${sql.ref(table)} add constraint ${sql.ref(name)} ${sql.raw(definition)}`.execute(tx)
}
