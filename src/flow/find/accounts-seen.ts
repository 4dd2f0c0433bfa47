import type { AccountSeen } from '../../core/measure/barred.ts';
import type { Measure } from '../../core/measure/measure.ts';
import type { MeasureLook, Measures } from '../../ports/measures.ts';

/** What is known of an account before anything is done to it: from the same look that disabling it begins with. */

const LOOK_MS = 20_000;

/** Null where it could not be told this time, and asking again may help. Throws for nothing that the service answers. */
export async function accountSeen(
  service: Pick<Measures, 'look'>,
  { person, address }: Pick<Measure, 'person' | 'address'>,
): Promise<AccountSeen | null> {
  const look = await lookAt(service, { kind: 'disable-account', person, address, ref: '', name: '' });
  switch (look.is) {
    case 'there': {
      const { privileged, roles, rolesUnseen, onPremisesSyncEnabled: synced } = look.image;
      return {
        known: true,
        privileged: typeof privileged === 'boolean' ? privileged : null,
        roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
        synced: typeof synced === 'boolean' ? synced : synced === null ? false : null,
        missing: '',
        unseen: typeof rolesUnseen === 'string' ? rolesUnseen : '',
      };
    }
    case 'gone':
      return { known: false, privileged: null, roles: [], synced: null, missing: '', unseen: '' };
    case 'denied':
      return { known: true, privileged: null, roles: [], synced: null, missing: look.missing, unseen: '' };
    case 'unknown':
      return null;
  }
}

/** What a service that throws has said is not known either. */
export async function lookAt(
  service: Pick<Measures, 'look'>,
  measure: Measure,
  withinMs: number = LOOK_MS,
): Promise<MeasureLook> {
  try {
    return await service.look(measure, AbortSignal.timeout(withinMs));
  } catch (error) {
    return { is: 'unknown', why: error instanceof Error ? error.message : 'no reason is known', retryAfterMs: null };
  }
}
