/** What a request carries into loaders and actions; set once by the assembly. */
import { createContext } from 'react-router'
import type { Ctx } from './db.server.ts'

/** `{ db, actor, now }` of this request. */
export const ctxKey = createContext<Ctx>()

/** Content-security-policy nonce of this response. */
export const nonceKey = createContext<string>('')

/** The address under which people know the platform, without a slash at the end: for links that leave it (labels, feeds, messages). */
export const publicUrlKey = createContext<string>()
