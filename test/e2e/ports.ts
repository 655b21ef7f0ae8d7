/** Where the journeys find the platform and the other side of WeChat Pay; E2E_PORT lets two checkouts run theirs on one machine. */
export const platformPort = Number(process.env.E2E_PORT ?? 4173)
export const wechatPort = platformPort + 1
export const platformUrl = `http://127.0.0.1:${platformPort}`
export const wechatUrl = `http://127.0.0.1:${wechatPort}`
