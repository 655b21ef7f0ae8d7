/** The period and place of the pictures, as they stand in the URL. */
import { addDays, isIsoDate } from '../../../core/eligibility/calendar-day.ts'
import type { Period } from '../savings.ts'

/** What is missing or wrong becomes the last twelve months; at most ten years are shown. */
export function readPeriod(url: URL, today: string): Period {
  const [from, to, region] = ['from', 'to', 'region'].map((name) => url.searchParams.get(name) ?? '')
  const until = isIsoDate(to) && to <= today ? to : today
  const year = `${Number(until.slice(0, 4)) - 1}${until.slice(4, 7)}-01`
  const since = isIsoDate(from) && from <= until && from >= addDays(until, -3660) ? from : addDays(monthAfter(year), 0)
  return { from: since, to: until, ...(/^\d{6}$/.test(region!) && { region: region! }) }
}

/** `2025-11-01` → `2025-12-01`. */
const monthAfter = (day: string): string => `${addDays(day, 31).slice(0, 7)}-01`
