/** One line of what the doctor says. `skip`: could not be looked at, because of another finding. */
type State = 'ok' | 'warn' | 'fail' | 'skip';

export interface Finding {
  /** Stable name, for scripts. */
  readonly check: string;
  readonly state: State;
  readonly found: string;
  /** How to mend it; empty when there is nothing to mend. */
  readonly mend: string;
}

export interface TenantFinding extends Finding {
  /** Null: about the whole installation. */
  readonly tenant: string | null;
}

export function ok(check: string, found: string): Finding {
  return { check, state: 'ok', found, mend: '' };
}

export function warn(check: string, found: string, mend: string): Finding {
  return { check, state: 'warn', found, mend };
}

export function fail(check: string, found: string, mend: string): Finding {
  return { check, state: 'fail', found, mend };
}

export function skip(check: string, why: string): Finding {
  return { check, state: 'skip', found: `not looked at: ${why}`, mend: '' };
}
