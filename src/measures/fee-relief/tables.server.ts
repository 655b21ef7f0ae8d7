/** The tables of this measure. */
import type { Generated } from 'kysely'
import type { Deferral, Pledge } from './model.ts'
import type { Review } from './reviews/model.ts'
import type { SimulatedOrder, Simulation } from './simulation-model.ts'

declare module '../../platform/db.server.ts' {
  interface Tables {
    relief_usage: { province: string; org_id: string; policy_id: string; year: number; used_fen: Generated<bigint> }
    relief_grants: { province: string; org_id: string; policy_id: string; application_id: string; granted_at: string }
    relief_pledges: Omit<Pledge, 'version' | 'assigned' | 'institution_id'> & { version: Generated<number> }
    relief_reviews: Omit<Review, 'version' | 'assigned'> & { version: Generated<number> }
    deferrals: Omit<Deferral, 'version' | 'assigned'> & { version: Generated<number> }
    simulations: Omit<Simulation, 'version' | 'assigned' | 'institution_id' | 'orders_done' | 'attempt'> & {
      version: Generated<number>
      orders_done: Generated<number>
      attempt: Generated<number>
    }
    simulation_orders: SimulatedOrder & { province: string; simulation_id: string }
  }
}
