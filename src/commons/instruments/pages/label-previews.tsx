/** The first sheet and one label to scale, so that a sheet is not spoiled to find out. Millimetres. */
import type { LabelContent } from '../labels/content.ts'
import { perSheet, placeOf, type LabelFormat } from '../labels/formats.ts'
import styles from './labels.module.css'

interface SheetProps {
  format: LabelFormat
  start: number
  total: number
}

export function SheetPreview({ format, start, total }: SheetProps) {
  const last = Math.min(perSheet(format), start + total - 1)
  return (
    <figure>
      <figcaption>第 1 张</figcaption>
      <svg
        className={styles.sheet}
        viewBox={`0 0 ${format.page.width} ${format.page.height}`}
        role="img"
        aria-label={`第 1 张：从第 ${start} 格到第 ${last} 格`}
      >
        {Array.from({ length: perSheet(format) }, (_, n) => {
          const { x, y } = placeOf(format, n)
          const place = n + 1 < start ? styles.used : n + 1 <= last ? styles.printed : undefined
          return <rect key={n} x={x + 1} y={y + 1} width={format.width - 2} height={format.height - 2} rx="2" className={place} />
        })}
      </svg>
    </figure>
  )
}

interface LabelProps {
  format: LabelFormat
  label: LabelContent
  code: { path: string; modules: number }
}

export function LabelPreview({ format, label, code }: LabelProps) {
  const { width, height, pad } = format
  const side = format.code
  const text = pad + side + (side / code.modules) * 4
  const size = Math.min(3.7, (side / 20) * 3.7)
  return (
    <figure>
      <figcaption>一张标签（长的文字打印时会缩小或截断）</figcaption>
      <svg className={styles.label} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${label.code} ${label.name}的标签`}>
        <path d={code.path} transform={`translate(${pad} ${pad}) scale(${side / code.modules})`} />
        <text x={text} y={pad + size} fontSize={size}>
          {label.code}
        </text>
        <text x={text} y={pad + side * 0.46} fontSize={size * 0.86}>
          {label.name}
        </text>
        {[label.model, label.able]
          .filter((words) => words !== '')
          .map((words, i) => (
            <text key={words} x={text} y={pad + side * (0.74 + 0.22 * i)} fontSize={size * 0.66}>
              {words}
            </text>
          ))}
        <text x={pad} y={height - pad - 0.6} fontSize="3.2">
          有效期至 {label.validUntil ?? '未登记'}
        </text>
        <text x={width - pad} y={height - pad - 0.6} fontSize="3.2" textAnchor="end">
          {label.state}
        </text>
      </svg>
    </figure>
  )
}
