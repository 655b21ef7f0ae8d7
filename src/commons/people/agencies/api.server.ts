/** REST operations of agencies: the enterprise's consents, and the agent's own. */
import { z } from 'zod'
import { operation, type Operation } from '../../../platform/api.server.ts'
import { endForm, idParams, renewForm } from '../schema.ts'
import { consentToAgency, renewAgency, resignAgency, revokeAgency } from './commands.server.ts'
import { agentRoles } from './model.ts'
import { listAgencies } from './queries.server.ts'
import { consentForm } from './schema.ts'

const agency = z
  .object({
    id: z.string(),
    orgName: z.string(),
    agentName: z.string(),
    agentOrgName: z.string(),
    scope: z.array(z.string()),
    purpose: z.string(),
    startsOn: z.string(),
    endsOn: z.string(),
    state: z.string(),
    version: z.number(),
  })
  .loose()
const tag = '代办'

export const operations: readonly Operation[] = [
  operation({
    method: 'get',
    path: '/me/agencies',
    summary: '本企业同意的代办',
    tag,
    by: ['enterprise'],
    answer: z.object({ items: z.array(agency) }),
    run: async (ctx) => ({ items: await listAgencies(ctx) }),
  }),
  operation({
    method: 'post',
    path: '/me/agencies',
    summary: '同意一个人代本企业办理',
    tag,
    by: ['enterprise'],
    body: consentForm,
    answer: agency,
    refusals: ['forbidden', 'conflict'],
    run: (ctx, { body }) => consentToAgency(ctx, body),
  }),
  operation({
    method: 'post',
    path: '/me/agencies/{id}/renew',
    summary: '续期一份代办',
    tag,
    by: ['enterprise'],
    params: idParams,
    body: renewForm,
    answer: agency,
    refusals: ['missing', 'conflict'],
    run: (ctx, { params, body }) => renewAgency(ctx, params.id, body),
  }),
  operation({
    method: 'post',
    path: '/me/agencies/{id}/revoke',
    summary: '撤回一份代办',
    tag,
    by: ['enterprise'],
    params: idParams,
    body: endForm,
    answer: agency,
    refusals: ['missing', 'conflict'],
    run: (ctx, { params, body }) => revokeAgency(ctx, params.id, body),
  }),
  operation({
    method: 'get',
    path: '/agencies',
    summary: '我代企业办理的授权',
    tag,
    by: agentRoles,
    answer: z.object({ items: z.array(agency) }),
    run: async (ctx) => ({ items: await listAgencies(ctx) }),
  }),
  operation({
    method: 'post',
    path: '/agencies/{id}/resign',
    summary: '辞去一份代办',
    tag,
    by: agentRoles,
    params: idParams,
    body: endForm,
    answer: agency,
    refusals: ['missing', 'conflict'],
    run: (ctx, { params, body }) => resignAgency(ctx, params.id, body),
  }),
]
