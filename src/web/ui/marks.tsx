import type { ReactNode } from 'react'
import { formatYuan, fen } from '../../core/money.ts'
import { sayInstant } from '../../core/say-instant.ts'

export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'info'

/** A word with a colour, never a colour alone. */
export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`badge tone-${tone}`}>{children}</span>
}

const trust = {
  high: ['来源可信', 'good'],
  medium: ['待核实（转载）', 'warn'],
  low: ['待核实（来源不全）', 'warn'],
} as const

export function Trust({ confidence }: { confidence: string }) {
  const [label, tone] = trust[confidence as keyof typeof trust] ?? (['待核实', 'warn'] as const)
  return <Badge tone={tone}>{label}</Badge>
}

/** Amount in 分, shown in 元 with two decimals. Loader data carries it as text or number. */
export function Money({ fen: amount }: { fen: bigint | number | string }) {
  return <span>{formatYuan(fen(BigInt(amount)))}</span>
}

export function When({ at }: { at: string }) {
  return <time dateTime={at}>{sayInstant(at)}</time>
}

export function Day({ date }: { date: string | null }) {
  return date ? <time dateTime={date}>{date}</time> : <span className="soft">未写明</span>
}
