import type { AutomationList, KnownDelivery, Removal } from '../core/find/automation.ts';

/** What the tenant's own defence took out of mailboxes without asking anybody. */

export type AutomationTold =
  | {
      readonly is: 'told';
      readonly removals: readonly Removal[];
      readonly deliveries: readonly KnownDelivery[];
      /** So many rows were taken, and there are or may be more; null where it told all. */
      readonly cutAt: number | null;
      readonly requestId: string;
    }
  /** `why`: for people. `waitMs`: it asked for that; null where it asked for nothing. */
  | {
      readonly is: 'not licensed' | 'not permitted' | 'busy' | 'silent';
      readonly why: string;
      readonly waitMs: number | null;
    };

export interface Automation {
  /** False: the configuration switched hunting off. */
  readonly isOn: boolean;
  /** How many samples of a cluster a card shows. */
  readonly samples: number;
  /** What was done from then until then, ISO times. Never throws for what the service says. */
  ask(from: string, until: string): Promise<AutomationTold>;
}

/** Lists of what was told, each kept until hunting remembers nothing of it any more. Part of a transaction of the store. */
export interface AutomationLists {
  /** False where there is one of this name. */
  keep(list: AutomationList): Promise<boolean>;
  /** Null where there is none; 'unreadable' where somebody has written into it. */
  get(id: string): Promise<AutomationList | 'unreadable' | null>;
  /** Names of those made since then, oldest first. */
  since(at: string): Promise<readonly string[]>;
  forget(before: string): Promise<void>;
}
