/** The tables of files. */
import type { StoredFile } from './model.ts'

declare module '../../platform/db.server.ts' {
  interface Tables {
    files: Omit<StoredFile, 'assigned'>
    file_chunks: { province: string; file_id: string; n: number; data: Buffer }
  }
}
