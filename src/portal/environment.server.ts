/** What the sign-in pages need besides `ctx`: the configuration and the sessions. */
import { createContext } from 'react-router'
import type { Config } from '../platform/config.server.ts'
import type { Sessions } from '../platform/sessions.server.ts'

export const environmentKey = createContext<{ config: Config; sessions: Sessions }>()
