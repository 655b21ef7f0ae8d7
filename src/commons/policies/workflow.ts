/** A version of a policy: drafted, reviewed by somebody else, published, and in time superseded or ended. */
import { platform, type Actor, type Grant, type Protected } from '../../core/access.ts'
import { choices, defineWorkflow, type Choice } from '../../core/workflow.ts'
import { states, type State, type Version } from './model.ts'

/** A version as the steps see it. */
export interface Reviewed extends Protected {
  state: State
  authors: readonly string[]
  submittedBy: string | null
  /** What publication still lacks, as sentences. */
  missing: readonly string[]
}

export const toReviewed = (version: Version, missing: readonly string[]): Reviewed => ({
  org_id: version.orgId,
  region: version.region,
  state: version.state,
  authors: version.authors,
  submittedBy: version.submittedBy,
  missing,
})

/** Who sees drafts and reviews; published, superseded and ended versions are everybody's. */
export const readers = ['regulator:region', 'admin:any'] as const satisfies readonly Grant[]

const notTheSubmitter = ({ submittedBy }: Reviewed, { id }: Actor) =>
  submittedBy === id ? undefined : '只有提交人可以撤回；其他人请用“退回”并写明意见'

/** Four eyes: whoever wrote or submitted it cannot publish it. */
const publishProblem = ({ authors, submittedBy, missing }: Reviewed, { id }: Actor): string | undefined => {
  if (submittedBy === id) return '您是提交人，须由另一位监管人员复核后发布'
  if (authors.includes(id)) return '您参与了起草，须由未参与起草的监管人员复核后发布'
  return missing.length > 0 ? `还缺 ${missing.length} 项，补齐后才能发布：${missing.join('；')}` : undefined
}

const byPlatform = (when: string, { id }: Actor) => (id === platform.id ? undefined : `由平台在${when}自动办理`)

export const workflow = defineWorkflow<Reviewed>()({
  name: 'policy',
  title: '政策',
  states,
  start: 'draft',
  steps: {
    submit: { label: '提交审核', from: ['draft'], to: 'review', by: readers, opinion: 'optional' },
    return: {
      label: '退回',
      from: ['review'],
      to: 'draft',
      by: readers,
      opinion: 'required',
      unless: ({ submittedBy }, { id }) => (submittedBy === id ? '您是提交人，请用“撤回”' : undefined),
    },
    withdraw: { label: '撤回', from: ['review'], to: 'draft', by: readers, unless: notTheSubmitter },
    publish: {
      label: '发布',
      from: ['review'],
      to: 'published',
      by: readers,
      opinion: 'optional',
      unless: publishProblem,
      confirm: '发布后立即公开，并推送给结果有变化的企业，不能撤回，只能发布新版或废止。',
      tells: 'matched-enterprises',
    },
    end: {
      label: '废止',
      from: ['published'],
      to: 'ended',
      by: readers,
      opinion: 'required',
      confirm: '废止后不再用于匹配，仍可查到并标明“已废止”，不能恢复，只能另发新版。',
      tells: 'matched-enterprises',
    },
    supersede: {
      label: '被新版取代',
      from: ['published'],
      to: 'superseded',
      by: ['admin:any'],
      unless: (_, actor) => byPlatform('发布新版时', actor),
    },
    /** The library that comes with the platform is checked before it is shipped. */
    adopt: {
      label: '收录',
      from: ['draft'],
      to: 'published',
      by: ['admin:any'],
      unless: ({ missing }, actor) => byPlatform('导入政策库时', actor) ?? (missing.length > 0 ? `还缺：${missing.join('；')}` : undefined),
    },
  },
})
export type PolicyStep = keyof typeof workflow.steps

/** Steps that the platform takes by itself, never a person. */
export const automaticSteps: readonly PolicyStep[] = ['supersede', 'adopt']
export const takeableSteps = (Object.keys(workflow.steps) as PolicyStep[]).filter((step) => !automaticSteps.includes(step))

/** Buttons for this person, without what only the platform does. */
export const choicesFor = (version: Version, missing: readonly string[], actor: Actor, now: string): Choice<PolicyStep>[] =>
  choices(workflow, toReviewed(version, missing), actor, now).filter(({ name }) => !automaticSteps.includes(name))
