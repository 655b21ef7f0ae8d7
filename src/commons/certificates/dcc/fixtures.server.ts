/** Where tests find the schemas and samples of PTB, which the product does not ship. */
import { existsSync } from 'node:fs'
import path from 'node:path'

const candidates = [process.env.DCC_REFERENCE, path.resolve('../shared/reference/dcc')]

/** A folder with `schemas/v3.3.0/dcc.xsd` and `samples/`, or undefined: the tests then say that they were skipped. */
export const reference: string | undefined = candidates.find((folder) => folder && existsSync(path.join(folder, 'schemas/v3.3.0/dcc.xsd')))
