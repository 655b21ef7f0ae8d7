/** The documents that are made from the code: what they say cannot differ from what runs. */
import { roles, sayGrant, splitGrant, type Grant, type Role } from '../core/access.ts'
import { toMermaid, type Step } from '../core/workflow.ts'
import {
  incomingReaders,
  incomingWorkflow,
  keyReaders,
  keyWorkflow,
  readers as certificateReaders,
  workflow as certificate,
} from '../commons/certificates/index.ts'
import {
  importReaders,
  importWorkflow,
  faultReaders,
  faultWorkflow,
  readers as instrumentReaders,
  sendOutReaders,
  sendOutWorkflow,
  workflow as instrument,
} from '../commons/instruments/index.ts'
import { moneyReaders, onlinePaymentWorkflow, onlineRefundWorkflow } from '../commons/accounts/index.ts'
import { agencyReaders, agencyWorkflow, workflow as delegation, readers as delegationReaders } from '../commons/people/index.ts'
import { workflow as policyVersion, readers as policyReaders } from '../commons/policies/index.ts'
import { lineWorkflow, readers as orderReaders, workflow as orderFlow } from '../commons/orders/index.ts'
import {
  budgetReaders,
  changeWorkflow,
  deferralReaders,
  deferralWorkflow,
  flagReaders,
  flagWorkflow,
  pledgeReaders,
  pledgeWorkflow,
  reviewReaders,
  reviewWorkflow,
  simulationReaders,
  simulationWorkflow,
} from '../measures/fee-relief/index.ts'
import { readers as recordReaders, standardReaders, standardWorkflow, workflow as recordFlow } from '../commons/measurement/index.ts'
import { workflow as application, readers as applicationReaders } from '../measures/policy-push/index.ts'
import { openApi } from '../platform/openapi.server.ts'
import { settings } from '../platform/config.server.ts'
import { operations, version } from './parts.server.ts'

const flows: readonly { flow: any; readers: readonly Grant[] }[] = [
  { flow: policyVersion, readers: policyReaders },
  { flow: application, readers: applicationReaders },
  { flow: delegation, readers: delegationReaders },
  { flow: agencyWorkflow, readers: agencyReaders },
  { flow: instrument, readers: instrumentReaders },
  { flow: importWorkflow, readers: importReaders },
  { flow: sendOutWorkflow, readers: sendOutReaders },
  { flow: faultWorkflow, readers: faultReaders },
  { flow: orderFlow, readers: orderReaders },
  { flow: lineWorkflow, readers: orderReaders },
  { flow: certificate, readers: certificateReaders },
  { flow: recordFlow, readers: recordReaders },
  { flow: standardWorkflow, readers: standardReaders },
  { flow: incomingWorkflow, readers: incomingReaders },
  { flow: keyWorkflow, readers: keyReaders },
  { flow: pledgeWorkflow, readers: pledgeReaders },
  { flow: deferralWorkflow, readers: deferralReaders },
  { flow: reviewWorkflow, readers: reviewReaders },
  { flow: changeWorkflow, readers: budgetReaders },
  { flow: flagWorkflow, readers: flagReaders },
  { flow: simulationWorkflow, readers: simulationReaders },
  { flow: onlinePaymentWorkflow, readers: moneyReaders },
  { flow: onlineRefundWorkflow, readers: moneyReaders },
]

export const documents = (): Record<string, string> => ({
  'workflows.md': workflows(),
  'permissions.md': permissions(),
  'configuration.md': configuration(),
  'openapi.json': `${JSON.stringify(openApi(operations, version), null, 2)}\n`,
})

const workflows = () =>
  [
    '# Workflows',
    'Generated from the step tables by `npm run generate`.',
    ...flows.map(({ flow }) => `## ${flow.title}（\`${flow.name}\`）\n\n\`\`\`mermaid\n${toMermaid(flow)}\n\`\`\``),
  ].join('\n\n') + '\n'

function permissions(): string {
  const steps = flows.flatMap(({ flow, readers }) => [
    ...(Object.entries(flow.steps) as [string, Step<string, unknown>][]).map(
      ([name, step]) => `| ${flow.title} | ${step.label} \`${name}\` | ${step.by.map(sayGrant).join('、')} | ${step.unless ? '有' : ''} |`,
    ),
    `| ${flow.title} | 查看 | ${readers.map(sayGrant).join('、')} | |`,
  ])
  const calls = operations.map(
    (op) =>
      `| \`${op.method.toUpperCase()} ${op.path}\` | ${op.summary} | ${op.by === 'public' ? '公开' : op.by.map((r) => roles[r]).join('、')} |`,
  )
  const used = new Set<Role>(
    flows
      .flatMap(({ flow, readers }) => [...readers, ...(Object.values(flow.steps) as Step<string, unknown>[]).flatMap((s) => s.by)])
      .map((g) => splitGrant(g)[0]),
  )
  return (
    [
      '# Permissions',
      'Generated from the grants by `npm run generate`. A grant is role × relation; a row that no grant gives does not exist for that person (404).',
      `Roles with a grant: ${[...used].map((r) => roles[r]).join('、')}.`,
      '## Steps',
      ['| 事项 | 步骤 | 谁可以 | 另有条件 |', '|---|---|---|---|', ...steps].join('\n'),
      '## API operations',
      ['| 接口 | 事项 | 谁可以调用 |', '|---|---|---|', ...calls].join('\n'),
    ].join('\n\n') + '\n'
  )
}

const configuration = () =>
  [
    '# Configuration',
    'Generated from `src/platform/config.server.ts` by `npm run generate`. Everything is optional on a laptop.',
    ['| 变量 | 默认 | 含义 |', '|---|---|---|', ...settings.map((s) => `| \`${s.name}\` | ${s.default} | ${s.meaning} |`)].join('\n'),
  ].join('\n\n') + '\n'
