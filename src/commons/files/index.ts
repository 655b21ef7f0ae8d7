/** Files for everybody: types and words. Safe for the browser. */
export { withoutMetadata } from './pictures.ts'
export { accept, cleanName, fileTypes, readers, sayBytes, sayTypes, type FileType, type StoredFile } from './model.ts'
