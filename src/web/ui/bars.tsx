/** A bar chart that is a table: the numbers are there for everybody, the bars for the eye. */
export interface Bar {
  label: string
  value: number
  /** Shown instead of the bare number: `12 家`. */
  said?: string
  to?: string
}

export function Bars({ caption, heading, bars, max }: { caption: string; heading: [string, string]; bars: readonly Bar[]; max?: number }) {
  const most = max ?? Math.max(1, ...bars.map((bar) => bar.value))
  return (
    <table className="bars">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{heading[0]}</th>
          <th scope="col" className="end">
            {heading[1]}
          </th>
          <td aria-hidden />
        </tr>
      </thead>
      <tbody>
        {bars.map((bar) => (
          <tr key={bar.label}>
            <th scope="row" className={bar.label.length <= 8 ? 'whole' : undefined}>
              {bar.to ? <a href={bar.to}>{bar.label}</a> : bar.label}
            </th>
            <td className="end">{bar.said ?? bar.value}</td>
            <td aria-hidden className="bar-cell">
              <span className="bar-track">
                {bar.value > 0 && <span className="bar" style={{ width: `${(100 * bar.value) / most}%` }} />}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
