import { type Flat, flag, type Lift, list, number, numberOrNull, orNull, placeIn, seatsIn, text } from './flat.ts';
import { AUTOMATION_LIFTS } from './lift-automation.ts';
import { CAMPAIGN_LIFTS } from './lift-campaign.ts';
import { EVIDENCE_LIFTS } from './lift-evidence.ts';
import { FINDING_LIFTS } from './lift-find.ts';
import { FLAG_LIFTS } from './lift-flag.ts';
import { INQUIRY_LIFTS } from './lift-inquiry.ts';
import { LOOK_LIFTS } from './lift-look.ts';
import { MEASURE_LIFTS } from './lift-measure.ts';
import { REPORT_LIFTS } from './lift-report.ts';
import { SOURCE_LIFTS } from './lift-source.ts';
import type { DetailOf, EntryType } from './payloads.ts';

/**
 * Entries from before there were versions, in today's shape. Their detail was flat: lists stood joined in one text, and
 * fields that came with a later release are missing. What was not written down then reads as null, or as what held then.
 */

/** `removed 2, alreadyGone 1`. */
function summaryIn(detail: Flat) {
  return list(detail, 'summary', ', ').flatMap((part) => {
    const [, outcome, copies] = /^(\S+) (\d+)$/.exec(part) ?? [];
    return outcome === undefined ? [] : [{ outcome, copies: Number(copies) }];
  });
}

function signInIn(detail: Flat) {
  const [, context, at] = /^(.*) (\S+)$/s.exec(text(detail, 'signIn')) ?? [];
  return context === undefined || at === undefined ? null : { context, at };
}

/** What was refused before it was counted had an entry each. */
function refusedIn(detail: Flat, outcome: string | null): DetailOf<'request.refused'> {
  const where = orNull(detail, 'where');
  if (where !== null) return { since: null, requests: 1, kinds: [{ kind: `${where}, ${outcome ?? ''}`, count: 1 }] };
  const kinds = Object.entries(detail).flatMap(([kind, count]) =>
    kind !== 'requests' && typeof count === 'number' ? [{ kind, count }] : [],
  );
  const counted = kinds.reduce((sum, { count }) => sum + count, 0);
  return { since: orNull(detail, 'since'), requests: numberOrNull(detail, 'requests') ?? counted, kinds };
}

const LIFTS: { readonly [T in EntryType]: Lift<T> } = {
  ...FINDING_LIFTS,
  ...CAMPAIGN_LIFTS,
  ...EVIDENCE_LIFTS,
  ...LOOK_LIFTS,
  ...SOURCE_LIFTS,
  ...FLAG_LIFTS,
  ...INQUIRY_LIFTS,
  ...MEASURE_LIFTS,
  ...AUTOMATION_LIFTS,
  ...REPORT_LIFTS,
  'decision.approved': (d) => ({
    action: text(d, 'action'),
    count: number(d, 'count'),
    needed: number(d, 'needed'),
    rule: orNull(d, 'rule'),
    seats: seatsIn(d),
    // Before there were roles everybody was an approver.
    roles: orNull(d, 'roles') === null ? ['approver'] : list(d, 'roles'),
    over: orNull(d, 'over'),
    reason: orNull(d, 'reason'),
    signIn: signInIn(d),
    account: orNull(d, 'account'),
    votedAt: orNull(d, 'votedAt'),
  }),
  'decision.rejected': (d) => ({
    reason: text(d, 'reason'),
    roles: list(d, 'roles'),
    seats: seatsIn(d),
    approvedBy: list(d, 'approvedBy'),
  }),
  'decision.withdrawn': (d) => ({ person: text(d, 'person'), name: text(d, 'name'), action: text(d, 'action') }),
  // No entry of these kinds is that old.
  'people.called': (d) => ({
    step: number(d, 'step'),
    asks: text(d, 'asks'),
    why: text(d, 'why'),
    afterQuiet: d['afterQuiet'] === true,
    roles: list(d, 'roles'),
    people: list(d, 'people').map((person) => ({ person, account: '' })),
  }),
  'people.uncalled': (d) => ({ step: number(d, 'step'), people: list(d, 'people'), note: text(d, 'note') }),
  'decision.reminded': (d) => ({ role: text(d, 'role') }),
  'decision.escalated': (d) => ({ seats: seatsIn(d) }),
  'press.refused': (d) => ({
    verb: text(d, 'verb'),
    channel: text(d, 'channel'),
    message: text(d, 'message'),
    why: orNull(d, 'why'),
    seats: seatsIn(d),
    who: orNull(d, 'who'),
  }),
  stray: (d) => ({ what: text(d, 'what') }),
  'incident.reopened': (d) => ({ seats: seatsIn(d), approvedBy: list(d, 'approvedBy'), why: null }),
  'incident.expired': () => ({}),
  'incident.joined': (d) => ({ into: text(d, 'into') }),
  'group.taken-in': (d) => ({
    group: text(d, 'group'),
    differences: list(d, 'differences'),
    messages: number(d, 'messages'),
    sender: orNull(d, 'sender'),
    subject: orNull(d, 'subject'),
    seats: seatsIn(d),
    approvedBy: list(d, 'approvedBy'),
    heard: orNull(d, 'heard'),
  }),
  'containment.confirmed': (d) => ({ approvedBy: list(d, 'approvedBy') }),
  'containment.lapsed': () => ({}),
  'run.started': (d) => ({
    action: text(d, 'action'),
    cause: orNull(d, 'cause') ?? 'approved',
    mode: orNull(d, 'mode') ?? 'live',
    run: text(d, 'run'),
    copies: number(d, 'copies'),
    mailboxes: numberOrNull(d, 'mailboxes'),
    policy: orNull(d, 'policy'),
    approvedBy: list(d, 'approvedBy'),
    rule: orNull(d, 'rule'),
    seats: seatsIn(d),
    over: orNull(d, 'over'),
    confirm: seatsIn(d, 'confirm'),
    why: orNull(d, 'why'),
    of: orNull(d, 'of'),
    leftFor: list(d, 'leftFor'),
  }),
  'run.cancelled': (d) => ({
    run: text(d, 'run'),
    action: text(d, 'action'),
    left: number(d, 'left'),
    seats: seatsIn(d),
    approvedBy: list(d, 'approvedBy'),
  }),
  'run.finished': (d) => ({
    action: text(d, 'action'),
    run: text(d, 'run'),
    copies: number(d, 'copies'),
    summary: summaryIn(d),
  }),
  'copy.intent': (d) => ({ address: text(d, 'address'), action: text(d, 'action'), attempt: number(d, 'attempt') }),
  'copy.untried': (d) => ({ address: text(d, 'address'), action: text(d, 'action') }),
  'copy.outcome': (d) => ({
    address: text(d, 'address'),
    action: text(d, 'action'),
    note: text(d, 'note'),
    was: orNull(d, 'was'),
  }),
  'copy.late': (d) => ({
    address: text(d, 'address'),
    action: text(d, 'action'),
    run: orNull(d, 'run'),
    answer: orNull(d, 'answer'),
    ended: flag(d, 'ended'),
    left: flag(d, 'left'),
  }),
  'copy.beside': (d) => ({
    address: text(d, 'address'),
    run: text(d, 'run'),
    messages: number(d, 'messages'),
  }),
  'copy.recovered': (d) => ({ address: text(d, 'address') }),
  'mailbox.flagged': (d) => ({ address: text(d, 'address'), reason: text(d, 'reason'), owner: text(d, 'owner') }),
  'incident.retired': (d) => ({
    plans: list(d, 'plans'),
    runs: list(d, 'runs'),
    items: number(d, 'items'),
    outcomes: text(d, 'outcomes'),
    decisions: number(d, 'decisions'),
    alerts: number(d, 'alerts'),
    lastChange: text(d, 'lastChange'),
    before: text(d, 'before'),
  }),
  'account.linked': (d) => ({ account: text(d, 'account'), how: text(d, 'how') }),
  'account.unlinked': (d) => ({ account: text(d, 'account'), person: text(d, 'person'), linked: [] }),
  'ticket.issued': (d) => ({
    kind: text(d, 'kind'),
    action: orNull(d, 'action'),
    context: orNull(d, 'context'),
    ticket: text(d, 'ticket'),
    digest: text(d, 'digest'),
  }),
  'ticket.signed-in': (d) => ({
    kind: text(d, 'kind'),
    ticket: text(d, 'ticket'),
    account: text(d, 'account'),
    person: text(d, 'person'),
    context: orNull(d, 'context'),
    signedInAt: orNull(d, 'signedInAt'),
    digest: text(d, 'digest'),
  }),
  'ticket.refused': (d) => ({ kind: text(d, 'kind'), account: text(d, 'account'), why: orNull(d, 'why') }),
  'brake.stopped': (d) => ({ reason: text(d, 'reason') }),
  'brake.lift-voted': (d) => ({
    count: number(d, 'count'),
    needed: number(d, 'needed'),
    seats: seatsIn(d),
    account: orNull(d, 'account'),
    roles: orNull(d, 'roles') === null ? null : list(d, 'roles'),
  }),
  'brake.lifted': (d) => ({ people: list(d, 'people', ', ') }),
  'policy.adopted': (d) => ({
    policy: text(d, 'policy'),
    before: orNull(d, 'before'),
    from: text(d, 'from'),
    rules: number(d, 'rules'),
    diff: list(d, 'diff', '; '),
  }),
  'policy.refused': (d) => ({ why: text(d, 'why') }),
  // No entry of this kind is that old.
  'card.granted': (d) => ({ kind: text(d, 'kind'), who: text(d, 'who') }),
  'card.posted': placeIn,
  'card.lost': (d) => ({ why: orNull(d, 'why'), place: d['channel'] === undefined ? null : placeIn(d) }),
  'cards.gathered': (d) => ({ ...placeIn(d), count: number(d, 'count'), incidents: list(d, 'incidents') }),
  'room.lost': (d) => ({ why: text(d, 'why') }),
  'room.back': () => ({}),
  'integrity.broken': (d) => ({ what: text(d, 'what') }),
  'request.refused': refusedIn,
  'clock.changed': (d) => ({
    state: text(d, 'state'),
    aheadSeconds: number(d, 'aheadSeconds'),
    machine: text(d, 'machine'),
  }),
  // No entry of these kinds is that old.
  'requests.sealed': (d) => ({
    segment: text(d, 'segment'),
    requests: number(d, 'requests'),
    from: text(d, 'from'),
    until: text(d, 'until'),
    digest: text(d, 'digest'),
    lost: number(d, 'lost'),
  }),
  'requests.forgotten': (d) => ({ before: text(d, 'before'), segments: number(d, 'segments') }),
  'list.exported': (d) => ({
    format: text(d, 'format'),
    rows: number(d, 'rows'),
    way: text(d, 'way'),
    roles: list(d, 'roles'),
    reason: orNull(d, 'reason'),
  }),
  'list.sent': (d) => ({ format: text(d, 'format'), why: orNull(d, 'why'), note: text(d, 'note') }),
  'excerpt.asked': (d) => ({ roles: list(d, 'roles'), reason: text(d, 'reason') }),
  'excerpt.read': (d) => ({ characters: number(d, 'characters'), note: text(d, 'note') }),
  'service.started': (d) => ({ version: text(d, 'version') }),
  'service.stopped': () => ({}),
};

export function lift(type: EntryType, detail: Flat, outcome: string | null): DetailOf<EntryType> {
  return LIFTS[type](detail, outcome);
}
