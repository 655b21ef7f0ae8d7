/** The wide table of enterprises, and how far it goes. The columns of the facts are `matching`'s (`factColumns`). */
declare module '../../platform/db.server.ts' {
  interface Tables {
    match_rows: MatchRow
    match_head: MatchHead
  }
}

export interface MatchRow {
  province: string
  org_id: string
  region: string
  /** Stays with the enterprise for good; below 2³². */
  key: bigint
  /** Grows with every row written, in the order of the commits. */
  seq: bigint
  changed_at: string
  /** A bit for each fact on record. */
  on_record: number
}

export interface MatchHead {
  id: number
  /** Another one after each complete filling; null: never filled. */
  generation: string | null
  seq: bigint
  last_key: bigint
  /** Events up to this one were looked at by the filling. */
  filled_to: bigint
}
