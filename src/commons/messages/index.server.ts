/** Messages for other folders: tell, mark as acted, count. */
export { operations } from './api.server.ts'
export { dismissMessage, markActed, openMessage, send } from './commands.server.ts'
export { menu } from './index.ts'
export { awareness, listMessages, unreadCount } from './queries.server.ts'
