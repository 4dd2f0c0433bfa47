import { addressKey } from '../../core/address.ts';
import { type ByHand, MOST_BY_HAND, MOST_MEASURES, type Unwritten } from '../../core/find/measure-list.ts';
import type { Plan } from '../../core/find/plan.ts';
import { SENT_INSIDE } from '../../core/find/source.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { handLine, handNamed } from '../../core/measure/by-hand.ts';
import { MEASURE_KINDS, type Measure, type MeasureKind } from '../../core/measure/measure.ts';
import type { Recorded } from '../../core/record/ledger.ts';
import { storable } from '../../core/text.ts';
import type { Finding } from '../flow.ts';
import { lookAt } from './accounts-seen.ts';

/** Which measures are meant by what somebody typed: of whom, and of which rule, consent or mail. */

interface NamedIn {
  readonly wanted: Recorded<'measures.wanted'>;
  readonly incident: Incident;
  readonly plan: Plan | null;
}

interface Named {
  readonly measures: readonly Measure[];
  readonly byHand: readonly ByHand[];
  readonly unwritten: readonly Unwritten[];
}

/** What was named, person by person, each once. */
export async function measuresNamed(flow: Finding, { wanted, incident, plan }: NamedIn): Promise<Named> {
  const { kinds, addresses } = wanted.detail;
  const { findings } = flow.measures ?? {};
  const found = findings && (await flow.store.transact((tx) => findings.of(tx, incident.id)));
  const isNamed = (address: string) => addresses.length === 0 || addresses.some((one) => addressKey(address) === one);
  const own = (found?.measures ?? []).filter(
    ({ kind, address }) => isNamed(address) && (kinds.length === 0 || kinds.includes(kind)),
  );
  const people = await peopleAt(flow, addresses);
  const isKind = (kind: string): kind is MeasureKind => (MEASURE_KINDS as readonly string[]).includes(kind);
  const typed = kinds.filter(isKind).flatMap((kind) => ofKind(kind, people, { incident, plan, isNamed }));
  const all = [...(await thoseThere(flow, typed)), ...own].map((measure) => ({
    ...measure,
    person: measure.person.toLowerCase(),
    name: storable(measure.name.slice(0, 200)),
  }));
  const { sender } = incident.alert.message;
  const hand = kinds.flatMap((kind) => byHandFor(kind, addresses, sender ?? null));
  const byHand = [
    ...hand.flatMap((one) => ('line' in one ? [one] : [])),
    ...(found?.byHand ?? []).filter(({ address }) => isNamed(address)),
  ].slice(0, MOST_BY_HAND);
  const unwritten = [
    ...hand.flatMap((one) => ('why' in one ? [one] : [])),
    ...(found?.unwritten ?? []).filter(({ address }) => isNamed(address)),
  ].slice(0, MOST_BY_HAND);
  const key = ({ kind, person, ref }: Measure) => `${kind} ${person} ${ref}`;
  return { measures: [...new Map(all.map((measure) => [key(measure), measure])).values()], byHand, unwritten };
}

function byHandFor(word: string, addresses: readonly string[], sender: string | null): readonly (ByHand | Unwritten)[] {
  const kind = handNamed(word);
  if (kind === null) return [];
  const about = kind === 'block-sender' ? [sender ?? ''] : addresses;
  return about.map((address) => {
    const written = handLine(kind, address);
    return written.line === null
      ? { address, what: kind, why: written.why }
      : { address, line: written.line, isFound: false };
  });
}

interface Found {
  readonly person: string;
  readonly address: string;
}

/** Nobody, and more than one, are no person: what is asked about them is barred, and says so. */
async function peopleAt(flow: Finding, addresses: readonly string[]): Promise<readonly Found[]> {
  const people: Found[] = [];
  for (const address of addresses) {
    const [one, ...more] = await flow.directory.byAddress(address);
    people.push({ person: one && more.length === 0 ? one.id : '', address });
  }
  return people;
}

/** So many mailboxes are asked one after the other; those after them are looked at before anything is done. */
const MOST_LOOKS = 2 * MOST_MEASURES;

/** A mail that is no invitation has made no calendar entry, and who keeps no sent mail has no copy: nothing is asked about that. */
async function thoseThere(flow: Finding, measures: readonly Measure[]): Promise<readonly Measure[]> {
  const { service } = flow.measures ?? {};
  const kept: Measure[] = [];
  let looks = 0;
  for (const measure of measures) {
    const isLooked = MAY_LACK.has(measure.kind) && kept.length < MOST_MEASURES && looks < MOST_LOOKS;
    if (isLooked) looks += 1;
    const look = service && isLooked ? await lookAt(service, measure) : null;
    if (look?.is !== 'gone') kept.push(measure);
  }
  return kept;
}

const MAY_LACK: ReadonlySet<MeasureKind> = new Set<MeasureKind>(['remove-event', 'take-sent-copy']);

interface Case {
  readonly incident: Incident;
  readonly plan: Plan | null;
  readonly isNamed: (address: string) => boolean;
}

/** Of rules and consents only findings know which there are. */
function ofKind(kind: MeasureKind, people: readonly Found[], { incident, plan, isNamed }: Case): readonly Measure[] {
  switch (kind) {
    case 'disable-account':
    case 'revoke-sessions':
    case 'mark-compromised':
      return people.map((one) => ({ kind, ...one, ref: '', name: '' }));
    case 'remove-event':
      return (plan?.copies ?? [])
        .filter(({ address }) => isNamed(address))
        .map(({ mailbox, address, message }) => ({ kind, person: mailbox, address, ref: message, name: '' }));
    case 'take-sent-copy':
      return people.filter((one) => hasSent(incident, one)).flatMap((one) => sentCopy(incident, one));
    case 'rule-off':
    case 'revoke-grant':
      return [];
  }
}

/** Whom a mail says that it is from may have sent none of it: of what an account sent inside the service's own log says so. */
function hasSent({ alert }: Incident, { person, address }: Found): boolean {
  const { sender } = alert.message;
  return (
    person !== '' && alert.from.name === SENT_INSIDE && sender !== null && addressKey(sender) === addressKey(address)
  );
}

function sentCopy({ alert }: Incident, one: Found): readonly Measure[] {
  const { internetMessageId: ref, subject } = alert.message;
  return ref === null ? [] : [{ kind: 'take-sent-copy', ...one, ref, name: subject ?? '' }];
}
