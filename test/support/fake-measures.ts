import { isSame } from '../../src/core/measure/compare.ts';
import type { Image, Measure } from '../../src/core/measure/measure.ts';
import type { MeasureEffect, MeasureLook, Measures } from '../../src/ports/measures.ts';

/** A directory and mailboxes in memory, as far as measures look at them: strict where the vendor is. */

type Call = 'look' | 'apply' | 'putBack';

export interface FakeMeasures extends Measures {
  /** By `key`: what is there. A grant that is made anew keeps its key here, and has another id. */
  readonly there: Map<string, Image>;
  /** What was asked, in order: `apply disable-account ann`. */
  readonly log: string[];
  /** Called before each, and after each that had its effect. */
  onCall: (call: Call, measure: Measure, when: 'before' | 'after') => void | Promise<void>;
  /** Given once, to the next call of this kind. `lost`: it has its effect, and nobody hears of it. */
  readonly answers: { call: Call; of?: Measure['kind']; answer: MeasureEffect | MeasureLook | 'lost' }[];
}

export const keyOf = ({ kind, person, ref }: Pick<Measure, 'kind' | 'person' | 'ref'>) => `${kind} ${person} ${ref}`;

export function createFakeMeasures(now: () => number = () => 0): FakeMeasures {
  const there = new Map<string, Image>();
  const log: string[] = [];
  const answers: FakeMeasures['answers'] = [];
  let made = 0;
  const at = () => new Date(now() + ++made).toISOString();

  const after: Readonly<Record<Measure['kind'], (image: Image) => Image | null>> = {
    'rule-off': (image) => ({ ...image, isEnabled: false }),
    'revoke-sessions': () => ({ signInSessionsValidFromDateTime: at() }),
    'disable-account': (image) => ({ ...image, accountEnabled: false }),
    'mark-compromised': (image) => ({
      ...image,
      riskState: 'confirmedCompromised',
      riskLevel: 'high',
      riskLastUpdatedDateTime: at(),
    }),
    'revoke-grant': () => null,
    'remove-event': () => null,
    'take-sent-copy': (image) => ({ ...image, folderId: 'recoverableitemsdeletions' }),
  };
  const back: Readonly<Partial<Record<Measure['kind'], (image: Image | undefined, before: Image) => Image>>> = {
    'rule-off': (image, before) => ({ ...image, isEnabled: before['isEnabled'] }),
    'disable-account': (image, before) => ({ ...image, accountEnabled: before['accountEnabled'] }),
    'mark-compromised': (image) => ({
      ...image,
      riskState: 'dismissed',
      riskLevel: 'none',
      riskLastUpdatedDateTime: at(),
    }),
    'revoke-grant': (_image, before) => ({ ...before, id: `grant-${++made}` }),
    'take-sent-copy': (image, before) => ({ ...image, ...before }),
  };

  function given(call: Call, { kind }: Measure) {
    const index = answers.findIndex((one) => one.call === call && (one.of ?? kind) === kind);
    return index < 0 ? null : (answers.splice(index, 1)[0]?.answer ?? null);
  }

  async function change(call: 'apply' | 'putBack', measure: Measure, image: Image | null): Promise<MeasureEffect> {
    log.push(`${call} ${measure.kind} ${measure.address}`);
    await fake.onCall(call, measure, 'before');
    const answer = given(call, measure);
    if (answer !== null && answer !== 'lost') return answer as MeasureEffect;
    if (image === null) there.delete(keyOf(measure));
    else there.set(keyOf(measure), image);
    await fake.onCall(call, measure, 'after');
    return answer === 'lost' ? { is: 'unclear', why: 'the answer was lost' } : { is: 'taken' };
  }

  const fake: FakeMeasures = {
    there,
    log,
    answers,
    onCall: () => undefined,
    async look(measure) {
      await fake.onCall('look', measure, 'before');
      const answer = given('look', measure);
      if (answer !== null && answer !== 'lost') return answer as MeasureLook;
      const image = there.get(keyOf(measure));
      return image ? { is: 'there', image } : { is: 'gone' };
    },
    async apply(measure, image) {
      const now = there.get(keyOf(measure));
      if (now?.['isReadOnly'] === true) return { is: 'refused', why: 'the rule is read-only', missing: null };
      if (!now) return { is: 'refused', why: 'ErrorItemNotFound', missing: null };
      // Whoever applies it looked right before: another image is a mistake of theirs.
      if (!isSame(now, image)) throw new Error(`${measure.kind} is applied to what is not there`);
      return change('apply', measure, after[measure.kind](now));
    },
    async putBack(measure, before) {
      const make = back[measure.kind];
      if (!make) throw new Error(`${measure.kind} cannot be put back`);
      if (measure.kind === 'revoke-grant' && there.has(keyOf(measure)))
        return { is: 'refused', why: 'Permission entry already exists', missing: null };
      return change('putBack', measure, make(there.get(keyOf(measure)), before));
    },
  };
  return fake;
}

/** An account that is nobody's in particular. */
export const ACCOUNT_IMAGE: Image = {
  accountEnabled: true,
  onPremisesSyncEnabled: null,
  userType: 'Member',
  privileged: false,
  roles: [],
};
