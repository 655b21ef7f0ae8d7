import { renderToStaticMarkup } from 'react-dom/server'
import { createRoutesStub } from 'react-router'
import { describe, expect, it } from 'vitest'
import { Columns } from './columns.tsx'
import { MonthGrid, weeksOf } from './month-grid.tsx'
import { Stacked } from './stacked.tsx'

const draw = (element: React.ReactNode): string => {
  const Stub = createRoutesStub([{ path: '/', Component: () => element }])
  return renderToStaticMarkup(<Stub initialEntries={['/']} />)
}
const count = (text: string, part: string | RegExp): number => text.split(part).length - 1

describe('月历', () => {
  it('一周从星期一开始，首尾补空，每天正好一次', () => {
    const weeks = weeksOf('2026-11')
    expect(weeks).toHaveLength(6)
    expect(weeks[0]).toEqual([null, null, null, null, null, null, '2026-11-01'])
    expect(weeks.at(-1)).toEqual(['2026-11-30', null, null, null, null, null, null])
    for (const month of ['2024-02', '2026-02', '2027-02', '2026-12']) {
      const weeksOfMonth = weeksOf(month)
      expect(weeksOfMonth.every((week) => week.length === 7)).toBe(true)
      const days = weeksOfMonth.flat().filter((day) => day !== null)
      expect(days).toEqual([...new Set(days)].toSorted())
      expect(new Date(`${days.at(-1)}T00:00:00Z`).getTime() + 86_400_000).toBe(
        new Date(`${days[0]}T00:00:00Z`).setUTCMonth(Number(month.slice(5))),
      )
    }
    expect(weeksOf('2027-02')).toHaveLength(4)
    expect(() => weeksOf('2026-13')).toThrow('not a month')
  })

  it('有件的日子是链接，说清日期和件数；今天、休和班都有字', () => {
    const html = draw(
      <MonthGrid
        caption="十月"
        month="2026-10"
        today="2026-10-09"
        days={{ '2026-10-12': { count: 3, said: '3 件到期', to: '/me/instruments?ids=1', tone: 'warn' } }}
        workday={{ '2026-10-01': false, '2026-10-10': true }}
      />,
    )
    expect(html).toMatch(/<span class="hidden">2026-10-12(<!-- -->| )+3 件到期<\/span>/)
    expect(count(html, '<a ')).toBe(1)
    expect([count(html, '休'), count(html, '班'), count(html, '今天')]).toEqual([1, 1, 1])
  })
})

describe('按月的柱', () => {
  const columns = [
    { label: '2026-11', value: 0, said: '0 件', second: { value: 0, said: '¥0.00' } },
    { label: '2026-12', value: 12, said: '12 件', to: '/x', second: { value: 120_000, said: '¥1,200.00' } },
    { label: '2027-01', value: 3, said: '3 件', second: { value: 90_000, said: '¥900.00' } },
  ]
  it('图有题目，每个数都在表里，链接在表里', () => {
    const html = draw(<Columns caption="工作量" heading={['月份', '件数']} names={['件数', '费用']} columns={columns} />)
    expect(count(html, 'role="img"')).toBe(2)
    expect(html).toContain('工作量：件数，最多 12 件（2026-12）')
    for (const said of ['0 件', '12 件', '3 件', '¥1,200.00', '¥900.00']) expect(html).toContain(`<td class="end">${said}</td>`)
    expect(html.slice(html.indexOf('<table'))).toContain('href="/x"')
    expect(html.slice(0, html.indexOf('<table'))).not.toContain('href')
  })

  it('柱高按最大的一根折算；两个数列各有各的尺子；全是 0 时没有柱高', () => {
    const heights = (html: string) => [...html.matchAll(/<rect[^>]* height="([^"]+)"/g)].map(([, h]) => Number(h))
    const both = draw(<Columns caption="c" heading={['月份', '件数']} names={['件数', '费用']} columns={columns} />)
    expect(heights(both)).toEqual([0, 120, 30, 0, 120, 90])
    const none = draw(
      <Columns caption="c" heading={['月份', '件数']} names={['件数']} columns={columns.map((c) => ({ ...c, value: 0 }))} />,
    )
    expect(heights(none)).toEqual([0, 0, 0])
    expect(none).toContain('都是 0')
  })
})

describe('分段的条', () => {
  it('一把尺子量所有行，零不画；同色的第二种换纹理；数字都写出来', () => {
    const html = draw(
      <Stacked
        caption="状态"
        heading="地点"
        rows={[
          {
            label: '一车间',
            to: '/a',
            parts: [
              { key: 'stopped', label: '停用', value: 5, tone: 'bad', to: '/b' },
              { key: 'lost', label: '丢失', value: 3, tone: 'bad' },
              { key: 'in-use', label: '在用', value: 0, tone: 'good' },
            ],
          },
          { label: '二车间', parts: [{ key: 'stopped', label: '停用', value: 2, tone: 'bad' }] },
        ]}
      />,
    )
    expect([...html.matchAll(/width:([\d.]+)%/g)].map(([, w]) => Number(w))).toEqual([62.5, 37.5, 25])
    expect(html).not.toContain('在用')
    expect([count(html, /striped/), count(html, '停用 5'), count(html, '丢失 3')]).toEqual([2, 1, 1])
  })
})
