/** The meter of a budget: word, share and a bar; the numbers stand beside it. */
import { Badge } from '../../../../web/ui/marks.tsx'
import { meterTones, meterWords, type MeterWord } from '../meter.ts'

/** `share` in words: `83.2%`. */
export const MeterBadge = ({ word, share }: { word: MeterWord; share: string }) => (
  <Badge tone={meterTones[word]}>
    {word === 'enough' ? '●' : word === 'near' ? '◆' : '▲'} {meterWords[word]}，已用 {share}
  </Badge>
)
