import type { Plan } from '../core/plan.ts';
import type { Policy } from '../core/policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { Mail } from '../ports/mail.ts';
import type { Rooms } from '../ports/rooms.ts';
import type { Store } from '../ports/store.ts';

/** What is worth counting and logging; never mail content. */
export type Happening =
  | { readonly what: 'alert'; readonly created: boolean }
  | { readonly what: 'press'; readonly verb: string; readonly result: string }
  | { readonly what: 'copy'; readonly action: string; readonly outcome: string }
  | { readonly what: 'card'; readonly platform: string; readonly result: string };

/** Everything one tenant's story needs. Made once, in app.ts. */
export interface Flow {
  readonly tenant: { readonly id: string; readonly name: string; readonly slackTeam: string | null };
  readonly policy: Policy;
  readonly store: Store;
  readonly mail: Mail;
  readonly rooms: readonly Rooms[];
  readonly clock: Clock;
  /** Hex SHA-256 over the plan's canonical bytes. */
  readonly digest: (plan: Plan) => string;
  readonly observe: (happening: Happening) => void;
}
