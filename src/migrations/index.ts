/** One global, frozen history; forward only. */
import * as platform from './0001-platform.ts'
import * as people from './0002-people.ts'
import * as policies from './0003-policies.ts'
import * as messages from './0004-messages.ts'
import * as policyPush from './0005-policy-push.ts'
import * as files from './0006-files.ts'
import * as instruments from './0007-instruments.ts'
import * as agency from './0008-agency.ts'
import * as idempotencyEffect from './0009-idempotency-effect.ts'
import * as actors from './0010-actors.ts'
import * as orders from './0011-orders.ts'
import * as accounts from './0012-accounts.ts'
import * as feeRelief from './0013-fee-relief.ts'
import * as reliefReviews from './0014-relief-reviews.ts'
import * as reliefBudgets from './0015-relief-budgets.ts'
import * as simulations from './0016-simulations.ts'
import * as onlinePayments from './0017-online-payments.ts'
import * as certificates from './0019-certificates.ts'
import * as confirmations from './0020-confirmations.ts'
import * as measurementRecords from './0021-measurement-records.ts'
import * as matching from './0022-matching.ts'
import * as incomingCertificates from './0023-incoming-certificates.ts'
import * as signingKeys from './0024-signing-keys.ts'

export const migrations = [
  platform,
  people,
  policies,
  messages,
  policyPush,
  files,
  instruments,
  agency,
  idempotencyEffect,
  actors,
  orders,
  accounts,
  feeRelief,
  reliefReviews,
  reliefBudgets,
  simulations,
  onlinePayments,
  certificates,
  confirmations,
  measurementRecords,
  matching,
  incomingCertificates,
  signingKeys,
]
