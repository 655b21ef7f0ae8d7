/** Words and types of files that people bring or the platform makes. */
import type { Grant, Protected } from '../../core/access.ts'

interface Kind {
  label: string
  /** As it is served. */
  media: string
  /** Endings that fit; the first one is put behind a name that has none of them. */
  endings: readonly string[]
}

/** What may be kept at all. Each is told by its content; the name and what the browser says of it are not believed. */
export const fileTypes = {
  jpeg: { label: 'JPEG 图片', media: 'image/jpeg', endings: ['.jpg', '.jpeg'] },
  png: { label: 'PNG 图片', media: 'image/png', endings: ['.png'] },
  webp: { label: 'WebP 图片', media: 'image/webp', endings: ['.webp'] },
  pdf: { label: 'PDF', media: 'application/pdf', endings: ['.pdf'] },
  xlsx: { label: 'Excel（.xlsx）', media: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', endings: ['.xlsx'] },
  csv: { label: 'CSV', media: 'text/csv', endings: ['.csv', '.txt', '.tsv'] },
  xml: { label: 'XML', media: 'application/xml', endings: ['.xml'] },
} as const satisfies Record<string, Kind>
export type FileType = keyof typeof fileTypes

/** A file as it is on record; its content is read in pieces. */
export interface StoredFile extends Protected {
  province: string
  id: string
  /** What it belongs to: `instrument-check`, `instrument-fault`, `instrument-import`, and the id of that row. */
  subject: string
  subject_id: string
  name: string
  type: FileType
  bytes: bigint
  /** Lower-case hex. */
  sha256: string
  created_by: string | null
  created_by_name: string
  created_at: string
}

/** The enterprise's own files; the authority of the place sees those of its territory. */
export const readers = ['enterprise:own', 'regulator:region', 'admin:any'] as const satisfies readonly Grant[]

/** `PDF、JPEG 图片或 PNG 图片`, for sentences and help texts. */
export const sayTypes = (types: readonly FileType[]): string => {
  const labels = types.map((type) => fileTypes[type].label)
  return labels.length < 2 ? labels.join('') : `${labels.slice(0, -1).join('、')}或 ${labels.at(-1)}`
}

/** What a browser's file chooser offers first. */
export const accept = (types: readonly FileType[]): string =>
  types.flatMap((type): string[] => [fileTypes[type].media, ...fileTypes[type].endings]).join(',')

/** `1.2 MB`, counted in thousands as the limits are. */
export const sayBytes = (bytes: number | bigint): string => {
  const n = Number(bytes)
  return n < 1_000 ? `${n} 字节` : n < 1_000_000 ? `${Math.round(n / 100) / 10} KB` : `${Math.round(n / 100_000) / 10} MB`
}

const longest = 120

/**
 * A name that is safe to show and to save under: no path, no control or direction-changing characters, not endless,
 * and with an ending of the type that the content has, so that a program does not come back under its own name.
 */
export function cleanName(given: string, type: FileType): string {
  const endings: readonly string[] = fileTypes[type].endings
  const bare = given
    .normalize('NFC')
    .split(/[/\\]/)
    .at(-1)!
    .replace(/[\p{C}<>:"|?*]/gu, '')
    .trim()
    .replace(/^\.+/, '')
  const own = endings.find((ending) => bare.toLowerCase().endsWith(ending))
  const stem = (own ? bare.slice(0, -own.length) : bare) || '文件'
  return [...stem].slice(0, longest).join('') + (own ?? endings[0])
}
