/** `core/access` in SQL: the filter that every read of a protected table goes through. */
import { sql, type Expression, type SqlBool } from 'kysely'
import { splitGrant, type Actor, type Grant } from '../core/access.ts'
import { regionPrefix } from '../core/eligibility/codes.ts'

/** Names of the columns, where a query joins several tables: `visible(actor, readers, { table: 'policies' })`. */
export interface Columns {
  table?: string
  /** Column that holds the organisation where it is not `org_id`: an organisation's own row has it in `id`. */
  own?: string
  /** Column with the person ids (uuid[]) that a row is handed to; without it `assigned` grants nothing. */
  assigned?: string
  /** The table has a column `institution_id`; without it `entrusted` grants nothing. */
  entrusted?: true
}

/** Rows that the actor may see. A foreign row does not exist: the caller answers 404. */
export const visible = (actor: Actor, readers: readonly Grant[], columns: Columns = {}): Expression<SqlBool> => {
  const conditions = readers.flatMap((grant) => condition(grant, actor, columns) ?? [])
  return conditions.length === 0 ? sql<SqlBool>`false` : sql<SqlBool>`(${sql.join(conditions, sql` or `)})`
}

const condition = (grant: Grant, actor: Actor, columns: Columns): Expression<SqlBool> | undefined => {
  const [role, relation] = splitGrant(grant)
  if (role !== actor.role) return undefined
  const column = (name: string) => sql.ref(columns.table ? `${columns.table}.${name}` : name)
  switch (relation) {
    case 'any':
      return sql<SqlBool>`true`
    case 'own':
      return actor.org_id === '' ? undefined : sql<SqlBool>`${column(columns.own ?? 'org_id')} = ${actor.org_id}`
    case 'region': {
      if (actor.region === '') return undefined
      const prefix = regionPrefix(actor.region)
      return prefix === '' ? sql<SqlBool>`true` : sql<SqlBool>`${column('region')} like ${`${prefix}%`}`
    }
    case 'entrusted':
      return columns.entrusted && actor.org_id ? sql<SqlBool>`${column('institution_id')} = ${actor.org_id}` : undefined
    case 'assigned':
      return columns.assigned && actor.id ? sql<SqlBool>`${actor.id} = any(${column(columns.assigned)})` : undefined
  }
}
