import type { Image, Measure, MeasureKind } from '../../src/core/measure/measure.ts';
import type { MeasureEffect, MeasureLook, Measures } from '../../src/ports/measures.ts';

/** Trouble with the next call of this kind. */
type MeasureTrouble =
  /** Too much is asked: nothing is done. */
  | { readonly is: 'throttled'; readonly retryAfterMs: number | null }
  /** Done, and the answer never comes. */
  | { readonly is: 'lost' }
  /** Not done, and no answer either. */
  | { readonly is: 'dropped' }
  /** Refused for a reason of the service's own. */
  | { readonly is: 'refused'; readonly why: string };

interface AskedMeasure {
  readonly call: 'look' | 'apply' | 'putBack';
  readonly measure: Measure;
  /** Empty for a look. */
  readonly requestId: string;
}

/** Measures in memory, as strict as the services behind the real ones. */
export interface FakeMeasures extends Measures {
  /** It is there, and looks like this. */
  set(measure: Measure, image: Image): void;
  /** What somebody else does to it. Throws RangeError for what is not there. */
  change(measure: Measure, change: Image): void;
  remove(measure: Measure): void;
  /** As it is now; null where it is gone. */
  now(measure: Measure): Image | null;
  /** This kind is not permitted any more, for want of that permission. */
  withhold(kind: MeasureKind, permission: string): void;
  grant(kind: MeasureKind): void;
  /** What comes of the next effect of this kind, or of the next look at it. */
  once(on: 'look' | 'effect', kind: MeasureKind, trouble: MeasureTrouble): void;
  /** An account that is switched on again from on premises after so many looks. */
  synced(measure: Measure, looks: number): void;
  /** An effect of this kind is seen only at the look after so many looks. */
  late(kind: MeasureKind, looks: number): void;
  /** Every call, in order. */
  readonly asked: readonly AskedMeasure[];
  /** Ids of the requests that went out to change something. */
  readonly sent: readonly string[];
}

const BIN = 'recoverableitemsdeletions';
const NO_WAY_BACK: Readonly<Partial<Record<MeasureKind, string>>> = {
  'revoke-sessions': 'sessions that were ended stay ended: people sign in again',
  'remove-event': 'a calendar entry that was removed cannot be put back',
};

/** What an undo writes: nothing else is touched by it. */
const COMES_BACK: Readonly<Record<Exclude<MeasureKind, 'mark-compromised' | 'revoke-grant'>, readonly string[]>> = {
  'rule-off': ['isEnabled'],
  'disable-account': ['accountEnabled'],
  'take-sent-copy': ['folderId', 'inRecoverableItems'],
  'revoke-sessions': [],
  'remove-event': [],
};

/** `clock`: milliseconds since 1970, for what a service stamps itself. */
export function createFakeMeasures(clock: () => number = () => Date.parse('2026-12-01T09:00:00Z')): FakeMeasures {
  const things = new Map<string, Image>();
  const asked: AskedMeasure[] = [];
  const sent: string[] = [];
  const withheld = new Map<MeasureKind, string>();
  const due: { readonly on: 'look' | 'effect'; readonly kind: MeasureKind; readonly trouble: MeasureTrouble }[] = [];
  const flips = new Map<string, number>();
  const lateness = new Map<MeasureKind, number>();
  /** What is done already and not shown yet: as it was, for so many looks. */
  const unseen = new Map<string, { readonly image: Image | undefined; left: number }>();
  let stamps = 0;

  const keyOf = ({ kind, person, ref }: Measure) => `${kind} ${person} ${ref}`;
  const stamp = () => {
    stamps += 1;
    return new Date(clock() + stamps * 1_000).toISOString();
  };

  function troubleFor(on: 'look' | 'effect', kind: MeasureKind): MeasureTrouble | null {
    const at = due.findIndex((one) => one.on === on && one.kind === kind);
    return at < 0 ? null : (due.splice(at, 1)[0]?.trouble ?? null);
  }

  function need(measure: Measure): Image {
    const image = things.get(keyOf(measure));
    if (!image) throw new RangeError(`there is no ${keyOf(measure)}`);
    return image;
  }

  /** What the service shows, which may be older than what it has done. */
  function shown(measure: Measure): Image | undefined {
    const key = keyOf(measure);
    const late = unseen.get(key);
    if (late && late.left > 0) {
      late.left -= 1;
      return late.image;
    }
    const looks = flips.get(key);
    const image = things.get(key);
    if (looks !== undefined && image?.['accountEnabled'] === false) {
      flips.set(key, looks - 1);
      if (looks <= 0) things.set(key, { ...image, accountEnabled: true });
    }
    return things.get(key);
  }

  function put(measure: Measure, image: Image | null): void {
    const key = keyOf(measure);
    const looks = lateness.get(measure.kind);
    if (looks !== undefined) unseen.set(key, { image: things.get(key), left: looks });
    if (image === null) things.delete(key);
    else things.set(key, image);
  }

  function applied({ kind }: Measure, image: Image): Image | null | { readonly no: string } {
    switch (kind) {
      case 'rule-off':
        if (image['isReadOnly'] === true) return { no: 'the rule is read-only: no interface changes it' };
        return { ...image, isEnabled: false };
      case 'revoke-sessions':
        return { ...image, signInSessionsValidFromDateTime: stamp() };
      case 'disable-account':
        if (image['privileged'] === true) return { no: '403 Authorization_RequestDenied' };
        return { ...image, accountEnabled: false };
      case 'mark-compromised':
        return {
          ...image,
          ...{ riskState: 'confirmedCompromised', riskLevel: 'high', riskDetail: 'adminConfirmedUserCompromised' },
          riskLastUpdatedDateTime: stamp(),
        };
      case 'revoke-grant':
        return null;
      case 'remove-event':
        if (image['isOrganizer'] === true) return { no: 'the mailbox is the organizer: everybody would be told' };
        return null;
      case 'take-sent-copy':
        return { ...image, folderId: BIN, inRecoverableItems: true };
    }
  }

  function back(measure: Measure, before: Image): Image | { readonly no: string } {
    const now = things.get(keyOf(measure));
    if (measure.kind === 'mark-compromised')
      return {
        ...(now ?? before),
        ...{ riskState: 'dismissed', riskLevel: 'none', riskDetail: 'adminDismissedAllRiskForUser' },
        riskLastUpdatedDateTime: stamp(),
      };
    if (measure.kind === 'revoke-grant')
      return now ? { no: '409 Request_MultipleObjectsWithSameKeyValue' } : { ...before, id: `${before['id']}-anew` };
    const fields = COMES_BACK[measure.kind];
    if (!now) return { no: '404, it is not there any more' };
    return { ...now, ...Object.fromEntries(fields.map((name) => [name, before[name]])) };
  }

  /** Everything that keeps an effect from being tried, or from being heard of. */
  function effect(
    measure: Measure,
    requestId: string,
    work: () => Image | null | { readonly no: string },
  ): MeasureEffect {
    sent.push(requestId);
    const missing = withheld.get(measure.kind);
    if (missing !== undefined) return { is: 'refused', why: `${missing} is missing`, missing };
    const trouble = troubleFor('effect', measure.kind);
    if (trouble?.is === 'throttled') return { is: 'later', why: 'asked to wait', retryAfterMs: trouble.retryAfterMs };
    if (trouble?.is === 'dropped') return { is: 'unclear', why: 'no answer' };
    if (trouble?.is === 'refused') return { is: 'refused', why: trouble.why, missing: null };
    const result = work();
    if (isRefusal(result)) return { is: 'refused', why: result.no, missing: null };
    put(measure, result);
    return trouble?.is === 'lost' ? { is: 'unclear', why: 'no answer' } : { is: 'taken' };
  }

  return {
    asked,
    sent,
    set: (measure, image) => void things.set(keyOf(measure), image),
    change: (measure, change) => void things.set(keyOf(measure), { ...need(measure), ...change }),
    remove: (measure) => void things.delete(keyOf(measure)),
    now: (measure) => things.get(keyOf(measure)) ?? null,
    withhold: (kind, permission) => void withheld.set(kind, permission),
    grant: (kind) => void withheld.delete(kind),
    once: (on, kind, trouble) => void due.push({ on, kind, trouble }),
    synced: (measure, looks) => void flips.set(keyOf(measure), looks),
    late: (kind, looks) => void lateness.set(kind, looks),
    look(measure, signal): Promise<MeasureLook> {
      asked.push({ call: 'look', measure, requestId: '' });
      if (signal.aborted) return Promise.resolve({ is: 'unknown', why: 'given up', retryAfterMs: null });
      const missing = withheld.get(measure.kind);
      if (missing !== undefined) return Promise.resolve({ is: 'denied', missing });
      const trouble = troubleFor('look', measure.kind);
      if (trouble) {
        const retryAfterMs = trouble.is === 'throttled' ? trouble.retryAfterMs : null;
        return Promise.resolve({ is: 'unknown', why: trouble.is, retryAfterMs });
      }
      const image = shown(measure);
      return Promise.resolve(image ? { is: 'there', image } : { is: 'gone' });
    },
    apply(measure, _image, { requestId, signal }) {
      asked.push({ call: 'apply', measure, requestId });
      if (signal.aborted) return Promise.resolve({ is: 'later', why: 'given up', retryAfterMs: null });
      return Promise.resolve(
        effect(measure, requestId, () => {
          // Whatever it was like when it was looked at: the service does it to what is there now.
          const now = things.get(keyOf(measure));
          return now ? applied(measure, now) : { no: '404, it is not there any more' };
        }),
      );
    },
    putBack(measure, before, { requestId, signal }) {
      asked.push({ call: 'putBack', measure, requestId });
      if (signal.aborted) return Promise.resolve({ is: 'later', why: 'given up', retryAfterMs: null });
      const none = NO_WAY_BACK[measure.kind];
      if (none !== undefined) return Promise.resolve({ is: 'refused', why: none, missing: null });
      return Promise.resolve(effect(measure, requestId, () => back(measure, before)));
    },
  };
}

function isRefusal(result: Image | null | { readonly no: string }): result is { readonly no: string } {
  return result !== null && typeof result['no'] === 'string' && Object.keys(result).length === 1;
}
