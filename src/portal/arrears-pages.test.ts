/** 欠费不欠服务，页面也一样：窗口、检测员、批准人打开路由表里的每一页，欠着、缓着、付清，一字不差。由路由表生成，经过平台真正的入口。 */
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest'
import type { RouteConfigEntry } from '@react-router/dev/routes'
import { UNSAFE_withComponentProps, UNSAFE_withErrorBoundaryProps, type ServerBuild } from 'react-router'
import { application } from '../app.server.ts'
import { matchPayment, recordPayment } from '../commons/accounts/index.server.ts'
import { approveLine, attachCertificate, findOrder, recordResult } from '../commons/orders/index.server.ts'
import type { Actor } from '../core/access.ts'
import { fen } from '../core/money.ts'
import * as entry from '../entry.server.tsx'
import { deferCharges } from '../measures/fee-relief/deferral.server.ts'
import { acceptWithRelief, placeWithRelief } from '../measures/fee-relief/orders.server.ts'
import { caliper, deferPolicy, halfPolicy, monday, orderOf, orThrow, scale, worldOf } from '../measures/fee-relief/test-world.server.ts'
import type { Database } from '../platform/db.server.ts'
import { logger } from '../platform/log.server.ts'
import { sessionsOf } from '../platform/sessions.server.ts'
import { testDatabase } from '../platform/test-database.server.ts'
import routes from '../routes.ts'
import { configAt } from './test-process.server.ts'

const at = vi.hoisted(() => ({ actor: undefined as unknown }))
vi.mock('./session.server.ts', async (original) => ({ ...(await original<object>()), actorOf: async () => at.actor }))

interface Placed {
  id: string
  parentId: string | undefined
  path: string | undefined
  index: boolean | undefined
  file: string
}

/** The route table, flat, as the build would have it. */
const flat = (entries: readonly RouteConfigEntry[], parentId: string): Placed[] =>
  entries.flatMap(({ id, path, index, file, children = [] }) => {
    const own = id ?? file.replace(/\.tsx?$/, '')
    return [{ id: own, parentId, path, index, file }, ...flat(children, own)]
  })
const table: Placed[] = [{ id: 'root', parentId: undefined, path: '', index: undefined, file: 'root.tsx' }, ...flat(routes, 'root')]

/** As the bundler leaves it: what a page is given are its props. */
async function moduleOf(file: string): Promise<Record<string, unknown>> {
  const module = (await import(/* @vite-ignore */ `../${file}`)) as Record<string, never>
  return {
    ...module,
    ...('default' in module && { default: UNSAFE_withComponentProps(module.default) }),
    ...('ErrorBoundary' in module && { ErrorBoundary: UNSAFE_withErrorBoundaryProps(module.ErrorBoundary) }),
  }
}

/** The pages of the sources, rendered as the built ones are; without what only a browser loads. */
async function buildOf(): Promise<ServerBuild> {
  const built = await Promise.all(table.map(async ({ file, ...route }) => [route.id, { ...route, module: await moduleOf(file) }] as const))
  const manifest = built.map(([id, { module, ...route }]) => [
    id,
    {
      ...route,
      module: `/${id}.js`,
      hasAction: 'action' in module,
      hasLoader: 'loader' in module,
      hasErrorBoundary: 'ErrorBoundary' in module,
    },
  ])
  return {
    entry: { module: entry },
    routes: Object.fromEntries(built),
    assets: { entry: { imports: [], module: '/entry.js' }, routes: Object.fromEntries(manifest), url: '/manifest.js', version: '' },
    basename: '/',
    publicPath: '/',
    assetsBuildDirectory: '',
    future: {},
    ssr: true,
    isSpaMode: false,
    prerender: [],
    routeDiscovery: { mode: 'initial' },
  } as unknown as ServerBuild
}

let database: Database
beforeAll(async () => {
  database = await testDatabase(inject('template'))
})
afterAll(() => database.close())

it('欠着、缓着、付清，三个时候打开所有页面', { timeout: 300_000 }, async () => {
  const world = worldOf(database)
  await world.publish(halfPolicy())
  await world.publish(deferPolicy(90))
  const lab = await world.institution('检测院')
  const firm = await world.firm('老吴', { facts: { hardship: true } })
  const { id: orderId } = orThrow(await placeWithRelief(firm.ctx(), orderOf(lab.org.id, [scale, caliper, caliper])))
  const found = (await findOrder(world.as(lab.counter), orderId))!
  const [first, second, third] = found.lines
  orThrow(
    await acceptWithRelief(world.as(lab.counter), orderId, {
      version: found.order.version,
      received: found.lines.map(({ id }) => id),
      settled: { [first!.id]: 'mandatory' },
    }),
  )
  // One with a certificate, one that waits for a signature, one on the bench.
  for (const [n, line] of [second!, third!].entries()) {
    const form = { doneOn: monday.slice(0, 10), conclusion: 'none' as const, certificateNo: `示例-${n}`, version: line.version + 1 }
    orThrow(await recordResult(world.as(lab.tester), line.id, form))
  }
  const bytes = new TextEncoder().encode('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')
  orThrow(await attachCertificate(world.as(lab.tester), second!.id, { name: '证书.pdf', bytes }))
  orThrow(await approveLine(world.as(lab.approver), second!.id, { version: second!.version + 3 }))
  await world.hear()
  const charges = await database.db.selectFrom('charges').selectAll().execute()
  /** By the name of the parameter; a new name is tried with the order, and fails below if a page of it should have opened. */
  const ids: Record<string, string[]> = { line: [second!.id], org: [firm.org.id], token: [second!.token] }

  const config = configAt({ databaseUrl: '', secret: 's'.repeat(32), now: monday })
  const build = await buildOf()
  const log = logger(config)
  const app = application({ config, database, sessions: sessionsOf(config, database), build: async () => build, development: false, log })

  /** Every address of the route table, with every id in its place. */
  const pathOf = (route: Placed): string => {
    const parent = table.find(({ id }) => id === route.parentId)
    return [parent ? pathOf(parent) : '', route.path ?? ''].filter(Boolean).join('/')
  }
  const filled = (path: string): string[] => {
    const [name] = /:\w+\??/.exec(path) ?? []
    return name ? (ids[name.replace(/\W/g, '')] ?? [orderId]).flatMap((id) => filled(path.replace(name, id))) : [path]
  }
  const pages = table.filter((route) => !table.some(({ parentId }) => parentId === route.id)).map((route) => `/${pathOf(route)}`)
  const addresses = [...new Set(pages)].flatMap(filled)
  const look = async (actor: Actor): Promise<Record<string, string>> => {
    at.actor = actor
    const seen: Record<string, string> = {}
    for (const address of addresses) {
      const response = await app.request(address)
      // A sheet carries the moment in which it was written.
      const sheet = response.headers.get('content-type')?.includes('spreadsheet')
      const body = sheet ? 'a sheet' : (await response.text()).replaceAll(/nonce="[^"]*"/g, '')
      seen[address] = [response.status, response.headers.get('location') ?? '', body].join(' ')
    }
    return seen
  }
  const desks = [lab.counter, lab.tester, lab.approver]
  const all = async () => {
    const seen: Record<string, string>[] = []
    for (const desk of desks) seen.push(await look(desk))
    return seen
  }

  const owing = await all()
  const open = (seen: Record<string, string>) => Object.entries(seen).filter(([, page]) => page.startsWith('200'))
  expect(Object.values(owing).flatMap((seen) => Object.entries(seen).filter(([, page]) => page.startsWith('5')))).toEqual([])
  // The crawl is no walk past closed doors: the order, its sample, its certificate and the work are open, and say what they are.
  expect(owing[0]![`/orders/${orderId}`]).toContain(found.order.number)
  expect(owing[1]![`/s/${second!.token}`]).toContain('示例-0')
  expect(owing[2]!['/review']).toContain(found.order.number)
  expect(owing.map((seen) => open(seen).length > 15)).toEqual([true, true, true])

  orThrow(await deferCharges(firm.ctx(), { chargeIds: charges.map(({ id }) => id) }))
  await world.hear()
  expect(await all()).toEqual(owing)
  const { id: paymentId } = orThrow(
    await recordPayment(world.as(lab.finance), {
      method: 'transfer',
      reference: 'R1',
      paidOn: monday.slice(0, 10),
      payer: '示例·老吴',
      amount: fen(12000n),
    }),
  )
  const before = await look(lab.finance)
  orThrow(await matchPayment(world.as(lab.finance), { paymentId, orgId: firm.org.id, version: 1 }))
  await world.hear()
  expect(await all()).toEqual(owing)
  // The finance desk does see it change: the comparison is not blind.
  expect((await look(lab.finance))['/books']).not.toBe(before['/books'])
})
