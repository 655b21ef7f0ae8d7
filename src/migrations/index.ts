/** One global, frozen history; forward only. */
import * as platform from './0001-platform.ts'
import * as people from './0002-people.ts'
import * as policies from './0003-policies.ts'
import * as messages from './0004-messages.ts'
import * as policyPush from './0005-policy-push.ts'

export const migrations = [platform, people, policies, messages, policyPush]
