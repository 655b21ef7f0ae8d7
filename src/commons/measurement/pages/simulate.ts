/** One point gone over by Monte Carlo while its progress is watched; without scripts the bench page itself answers. */
import { redirect } from 'react-router'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { progressStream } from '../../../platform/progress-stream.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { questionAtBench } from '../bench-action.server.ts'
import { simulatePoint } from '../monte-carlo.server.ts'
import type { Route } from './+types/simulate.ts'

export const loader = ({ params }: Route.LoaderArgs) => redirect(`/bench/${params.lineId}/record`)

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['tester'])
  const asked = await questionAtBench(ctx, params.lineId, await request.formData())
  if (isRefusal(asked)) return refused(asked)
  return progressStream(request, (watched) => simulatePoint(asked.question, asked.n, watched))
}
