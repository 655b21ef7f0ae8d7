/** The bench of the demo: standards of an institution, and records half filled, waiting and issued. Readings are made up. */
import { approve, checkRecord, completeRecord, recordTyped, registerStandard, saveRecord } from '../commons/measurement/index.server.ts'
import { startOf, templateFor, type Entered } from '../commons/measurement/index.ts'
import type { OrderLine } from '../commons/orders/index.ts'
import { addDays } from '../core/eligibility/calendar-day.ts'
import { isRefusal, type Refusal } from '../core/refusal.ts'
import type { Ctx } from '../platform/db.server.ts'

type As = (login: string) => Ctx
export type Standards = ReadonlyMap<string, string>

/** Template → its standard: name, serial, range with unit, quality. */
const owned = [
  ['pressure-gauge', '精密压力表', 'YB-0001', ['0', '2.5', 'MPa'], ['mpe', '0.1', null, 'span', '%']],
  ['caliper', '量块（4 等）', 'LK-0001', ['0.5', '1000', 'mm'], ['U', '0.0006', '2', 'value', 'mm']],
  ['micrometer', '量块（3 等）', 'LK-0002', ['0.5', '100', 'mm'], ['U', '0.0002', '2', 'value', 'mm']],
  ['scale', '标准砝码（M1 级）', 'FM-0001', ['0', '500', 'kg'], ['mpe', '0.005', null, 'reading', '%']],
  ['balance', '标准砝码（E2 级）', 'FM-0002', ['0', '1000', 'g'], ['mpe', '0.00016', null, 'reading', '%']],
  ['resistance-thermometer', '标准铂电阻温度计', 'WD-0001', ['-40', '420', '℃'], ['U', '0.02', '2', 'value', '℃']],
  ['electricity-meter', '三相标准电能表', 'DN-0001', ['0', '100', 'A'], ['mpe', '0.05', null, 'value', '%']],
] as const

export async function tellStandards(as: As, today: string): Promise<Standards> {
  const found = new Map<string, string>()
  for (const [template, name, serial, [low, high, rangeUnit], [kind, value, k, of, unit]] of owned) {
    const row = must(
      await registerStandard(as('demo-tester'), {
        name,
        serial,
        low,
        high,
        rangeUnit,
        unit,
        quality: { kind, value, k, of },
        certificate: `示例溯源-${serial}`,
        issuedBy: '示例·浙江省计量科学研究院',
        validFrom: addDays(today, -200),
        // One runs out soon, so that the desk has something to call to mind.
        validUntil: addDays(today, template === 'scale' ? 20 : 165),
      }),
    )
    found.set(template, row.id)
  }
  return found
}

const usual: Readonly<Record<string, string>> = { division: '0.05', e: '0.005', d: '0.0005', high: '15' }

/** How far a reading may be off, and the decimals that are read. */
const steps: Readonly<Record<string, readonly [step: number, places: number]>> = {
  micrometer: [0.001, 3],
  caliper: [0.01, 2],
  'pressure-gauge': [0.005, 3],
}

/** To the wanted step: half filled, waiting for a second tester or for the signature, issued as it is, failed, or judged by the regulation; `to-agree`: whoever checks has not agreed to that yet. */
export type Told = 'draft' | 'completed' | 'to-agree' | 'tested' | 'approved' | 'failed' | 'by-regulation'

/** A filled record of a line: every reading close to its point, the last repeat one step off. `far`: the last point is beyond any limit. */
export function filled(
  line: OrderLine,
  standards: Standards,
  today: string,
  { far = false }: { far?: boolean } = {},
): { entered: Entered; verifies: boolean } | undefined {
  const serving = templateFor(line.kind, line.service)
  if (!serving) return undefined
  const { template, service } = serving
  const start = startOf({ template, service, known: line, today })
  const [step, places] = steps[template.id] ?? [0, 2]
  const parameters = Object.fromEntries(Object.entries(start.parameters).map(([name, value]) => [name, value || (usual[name] ?? '1')]))
  // Not the same every time, so that there is something to see over the years.
  const month = Number(today.slice(5, 7)) % 2
  const off = (n: number, last: boolean) =>
    step * (((n + month) % 2) + (last ? 1 : 0)) + (far && n === start.points.length - 1 ? 20 * step : 0)
  return {
    verifies: service === 'verification',
    entered: {
      ...start,
      parameters,
      conditions: { t: '20.3', h: '52' },
      points: start.points.map((point, n) => ({
        ...point,
        readings: Object.fromEntries(
          Object.entries(point.readings).map(([column, repeats]) => [
            column,
            repeats.map((_, i) => (Number(point.at) + off(n, repeats.length > 1 && i === repeats.length - 1)).toFixed(places)),
          ]),
        ),
      })),
      seen: Object.fromEntries(template.seen.map(({ name }) => [name, 'ok'])),
      verified: true,
      standardId: standards.get(template.id)!,
    },
  }
}

/** What no template serves is typed in. */
export async function tellRecord(as: As, line: OrderLine, standards: Standards, today: string, upTo: Told) {
  const record = filled(line, standards, today, { far: upTo === 'failed' })
  if (record) {
    const points = upTo === 'draft' ? record.entered.points.map((point, n) => (n < 2 ? point : emptied(point))) : record.entered.points
    const byRegulation = upTo === 'by-regulation' || upTo === 'to-agree'
    const entered = { ...record.entered, points, verified: upTo !== 'draft', ...(byRegulation && { judging: 'regulation' as const }) }
    const form = { version: 0, entered }
    if (upTo === 'draft') return void must(await saveRecord(as('demo-tester'), line.id, form))
    must(await completeRecord(as('demo-tester'), line.id, form))
    if (upTo === 'completed' || upTo === 'to-agree') return
    if (record.verifies) must(await checkRecord(as('demo-checker'), line.id, { version: 2, agreed: byRegulation }))
  } else {
    const calibrates = line.service === 'calibration'
    must(
      await recordTyped(as('demo-tester'), line.id, {
        doneOn: today,
        conclusion: calibrates ? 'none' : 'pass',
        certificateNo: `示例${today.slice(0, 4)}-${line.id.slice(-6)}`,
        ...(!calibrates && { validUntil: addDays(today, 364) }),
        version: line.version,
      }),
    )
  }
  if (upTo !== 'tested') must(await approve(as('demo-approver'), line.id, { version: line.version + 1 }))
}

const emptied = (point: Entered['points'][number]): Entered['points'][number] => ({
  ...point,
  readings: Object.fromEntries(Object.entries(point.readings).map(([column, repeats]) => [column, repeats.map(() => '')])),
})

function must<T>(result: T | Refusal): T {
  if (isRefusal(result)) throw new Error(`演示数据被拒绝：${result.reason}`)
  return result
}
