/** Files for other folders: keep one, find it, read it. */
export { filesOf, findFile, readChunks, readWhole } from './queries.server.ts'
export { storeFile, type Bringing } from './store.server.ts'
export { fileIn, filesIn, readForm } from './upload.server.ts'
