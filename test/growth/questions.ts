import type { Tx } from '../../src/ports/store.ts';
import { alertOf, incidentOf, planOf, voteOf } from '../support/cases.ts';
import { filedAs } from '../support/sealed-plans.ts';
import { KNOWN } from './rows.ts';

/** Everything that is asked again and again while Clawback runs, or while somebody waits for the answer to a press. */
export const QUESTIONS: Readonly<Record<string, (tx: Tx) => Promise<unknown>>> = {
  'sweep: runs that are not finished': (tx) => tx.runs.open(),
  'sweep: rooms in which something is to be said': (tx) => tx.cards.waiting(),
  'sweep: incidents that wait': (tx) => tx.incidents.unfinished('2026-11-29T08:00:00.000Z', '2026-11-29T07:57:00.000Z'),
  'sweep: incidents that are due': (tx) =>
    tx.incidents.unfinished('2026-11-29T10:00:00.000Z', '2026-11-29T09:57:00.000Z'),
  'tidy: deliveries': (tx) => tx.incidents.forgetDeliveries('2020-01-01T00:00:00.000Z'),
  'tidy: presses': (tx) => tx.replays.forget('2020-01-01T00:00:00.000Z'),
  'tidy: tickets': (tx) => tx.tickets.forget('2020-01-01T00:00:00.000Z'),
  'retire: what is old': (tx) => tx.retention.due('2026-11-29T00:00:00.000Z', null, 20),
  'retire: what is old, further on': (tx) =>
    tx.retention.due('2026-11-29T00:00:00.000Z', { id: KNOWN.closed, updatedAt: '2026-11-27T14:20:00.000Z' }, 20),
  'retire: what they are tied to': (tx) => tx.retention.ties(OLD),
  'retire: an incident goes': (tx) => tx.retention.remove(KNOWN.closed),
  'alert: a delivery that came before': (tx) =>
    tx.incidents.claimDelivery({ source: 'intake', id: 'msg_77' }, 'x', NOW),
  'alert: a new delivery': (tx) => tx.incidents.claimDelivery({ source: 'intake', id: 'new' }, 'x', NOW),
  'alert: what the delivery is bound to': (tx) =>
    tx.incidents.bindDelivery({ source: 'intake', id: 'msg_77' }, { incident: KNOWN.closed, created: false }),
  'alert: incidents of the same mail': (tx) =>
    tx.incidents.filedUnder(['message <500@mailer.example>', 'key 1 700', 'key 2 900', 'no such']),
  'alert: a new incident': (tx) =>
    tx.incidents.createOrRepeat(incidentOf('received', { id: 'CB-NEW', dedupeKey: 'new' })),
  'alert: one alert more': (tx) => tx.incidents.saveAlert(KNOWN.closed, alertOf(), []),
  'alert: filed under more keys': (tx) => tx.incidents.file(KNOWN.closed, ['a', 'b', 'c']),
  'alert: whose pairs of marks these are': (tx) => tx.campaigns.take(['a', 'b', 'c'], KNOWN.open),
  'alert: pairs are handed on': (tx) => tx.campaigns.hand(['a', 'b', 'c'], KNOWN.open),
  'alert: tied to a campaign': (tx) => tx.campaigns.tie(KNOWN.closed, KNOWN.open),
  'alert: cards of the last hour': (tx) => tx.budget.since('2026-11-29T07:00:00.000Z'),
  'alert: where it stands in the queue': (tx) => tx.board.rank(KNOWN.open, 7),
  'alert: who followed its link': (tx) => tx.board.clicked(KNOWN.open, 3),
  'pull: one question more': (tx) =>
    tx.cursors.spend({ vendor: 'proofpoint', credential: 'another', most: 1_780 }, NOW),
  'automation: lists of the last days': (tx) => tx.automation.since('2026-11-29T00:00:00.000Z'),
  'automation: one list': (tx) => tx.automation.get('AU-00000500'),
  'automation: a list is kept': (tx) => tx.automation.keep(LIST),
  'automation: what the record says of a list': (tx) =>
    tx.ledger.find({ incident: null, types: ['automation.listed'], detail: ['list', 'AU-00000500'] }),
  'tidy: lists of what automation took out': (tx) => tx.automation.forget('2020-01-01T00:00:00.000Z'),
  'queue: the first ten': (tx) => tx.board.open(10),
  'ranks: a hundred of what is open': (tx) => tx.board.openAfter(KNOWN.open, 100),
  'sweep: who is told by nobody': (tx) => tx.cards.untold(NOW),
  'campaign: its waves': (tx) => tx.campaigns.waves(KNOWN.open),
  'campaign: what its card shows': (tx) => tx.campaigns.show(KNOWN.open, 'd', []),
  'campaign: what its card showed': (tx) => tx.campaigns.shown(KNOWN.open, 'd'),
  'card: what waits without one': (tx) => tx.cards.held('slack', 10),
  'card: gets one of its own': (tx) => tx.cards.release(KNOWN.open),
  'card: waits in the list again': (tx) => tx.cards.hold(KNOWN.open),
  'plan: kept': (tx) => tx.incidents.savePlan(filedAs('new digest', planOf({ incident: KNOWN.open }))),
  'plan: those of an incident': (tx) => tx.incidents.plansOf(KNOWN.closed),
  'plan: one, with all its rows': async (tx) =>
    tx.incidents.storedPlan((await tx.incidents.plansOf(KNOWN.closed))[0] ?? ''),
  'incident: held': (tx) => tx.incidents.lock(KNOWN.open),
  'incident: by its key': (tx) => tx.incidents.child('message <500@mailer.example>'),
  'incident: changed': (tx) => tx.incidents.save(KNOWN.open, { state: 'open' }, NOW),
  'incident: the newest fifty': (tx) => tx.incidents.list(50),
  'press: votes': (tx) => tx.decisions.list(KNOWN.closed),
  'press: a vote': (tx) => tx.decisions.add(KNOWN.open, voteOf(1), NOW),
  'press: what the record says': (tx) =>
    tx.ledger.find({
      incident: KNOWN.closed,
      types: ['alert.received', 'plan.made', 'decision.approved', 'run.started'],
    }),
  'press: what the record says of the account': (tx) =>
    tx.ledger.find({ incident: null, types: ['account.linked', 'account.unlinked'], detail: ['account', 'U1'] }),
  'press: what the last hour used up': (tx) => tx.runs.usage('2026-11-29T07:00:00.000Z'),
  'press: seen before': (tx) => tx.replays.claim('slack', 'press 9', NOW),
  'press: a ticket': (tx) => tx.tickets.lock('ticket 9'),
  'press: a ticket by its code': (tx) => tx.tickets.byCode('slack', 'U9', 'ABCD'),
  'run: one': (tx) => tx.runs.get(KNOWN.bigRun),
  'run: those of an incident': (tx) => tx.runs.ofIncident(KNOWN.closed),
  'run: claim': (tx) => tx.work.claim(KNOWN.bigRun, 20, 60_000),
  'run: claim, and go through with it': async (tx) => {
    const held = await tx.work.claim(KNOWN.bigRun, 20, 60_000);
    await tx.work.extend(KNOWN.bigRun, held, 60_000);
    const before = { place: 'inbox', isRead: false, flag: 'notFlagged', categories: [] };
    await tx.work.intend(
      KNOWN.bigRun,
      held.map((item) => ({ ...item, before: before as never })),
      NOW,
    );
    await tx.work.finish(
      KNOWN.bigRun,
      held.map(({ seq, fence }) => ({
        seq,
        fence,
        done: false,
        waitMs: 1_000,
        wholeMailbox: true,
        countsAsAttempt: false,
      })),
    );
  },
  'run: counts': (tx) => tx.work.counts(KNOWN.run),
  'run: next due': (tx) => tx.work.nextDueMs(KNOWN.bigRun),
  'run: a page of it': (tx) => tx.work.page(KNOWN.run, 0, 20),
  'run: shared with others': (tx) => tx.work.sharedWith(KNOWN.run, ['removed', 'alreadyGone']),
  'run: who holds what is claimed': async (tx) => tx.work.holders(await tx.work.page(KNOWN.run, 0, 20)),
  'search: a part of it': (tx) => tx.searches.claim({ incident: 'CB-00000001', name: FIRST_SEARCH }, 'holder', 60_000),
  'search: how far it is': (tx) => tx.searches.progress(KNOWN.closed),
  'measures: of an incident': (tx) => tx.measures.ofIncident(KNOWN.closed),
  'measures: what waits': (tx) => tx.measures.waiting('2020-01-01T00:00:00.000Z'),
  'measures: what was seen': (tx) => tx.measures.image('CM-1', 1, 'before'),
  'evidence: of an incident': (tx) => tx.evidence.of(KNOWN.closed),
  'people: the newest look': (tx) => tx.looks.newest(KNOWN.closed),
  'people: all looks': (tx) => tx.looks.of(KNOWN.closed),
  'people: how right findings were': (tx) => tx.looks.counts(),
  'people: an incident ends': (tx) => tx.looks.ended(KNOWN.closed, 'malicious'),
  'people: what spoke in those that wait': (tx) => tx.looks.spokenIn([KNOWN.open, KNOWN.closed]),
  'people: how a sender was judged': (tx) =>
    tx.looks.judged({ address: 'sender7@sender7.example', domain: 'sender7.example' }, KNOWN.open),
  'people: a sender is judged': (tx) =>
    tx.looks.judge(KNOWN.closed, { address: 'sender7@sender7.example', domain: 'sender7.example' }, 'harmless'),
  'evidence: what is old': (tx) => tx.evidence.olderThan('2020-01-01T00:00:00.000Z', '', 50),
  'card: those of an incident': (tx) => tx.cards.of(KNOWN.closed),
  'card: has news': (tx) => tx.cards.touch(KNOWN.open, true),
  'card: claim': (tx) => tx.cards.claim('slack', MANNERS),
  'card: given back': (tx) =>
    tx.cards.finish(KNOWN.open, 'slack', 'lease', {
      ref: null,
      sentRevision: 7,
      posting: false,
      attempts: 0,
      again: false,
      restMs: 0,
      roomRestMs: 0,
    }),
  'flags of an incident': (tx) => tx.flags.ofIncident(KNOWN.closed),
  'flag: held': (tx) => tx.flagged.lock('CF-00000003'),
  'flag: those of mailboxes': (tx) => tx.flagged.openOf(['mailbox 3', 'mailbox 900']),
  'flag: those that are open': (tx) => tx.flagged.open(300),
  'flag: those that were cleared lately': (tx) => tx.flagged.clearedSince('2026-11-29T00:00:00.000Z', 50),
  'flag: those of an incident': (tx) => tx.flagged.ofIncident(KNOWN.closed),
  'flag: what the record says of it': (tx) =>
    tx.ledger.find({ incident: KNOWN.closed, types: ['flag.raised', 'flag.taken'], detail: ['flag', 'CF-00000500'] }),
  'sweep: flags that are due': (tx) => tx.flagged.due('2020-01-01T00:00:00.000Z', 100),
  'tidy: flags': (tx) => tx.flagged.forget('2020-01-01T00:00:00.000Z'),
  'record: an entry more': (tx) =>
    tx.ledger.append([
      {
        tenant: planOf().tenant,
        at: NOW,
        type: 'stray',
        incident: KNOWN.open,
        actor: { kind: 'service', id: 'clawback', name: 'Clawback' },
        platform: null,
        planDigest: null,
        mailbox: null,
        message: null,
        requestId: null,
        outcome: null,
        detail: { what: 'growth' },
      },
    ]),
};

/** As many as are let go of at once. */
const OLD = Array.from({ length: 20 }, (_none, n) => `CB-${String(500 + n).padStart(8, '0')}`);
const MANNERS = { leaseMs: 60_000, holdMs: 1_000, newPerMinute: 5, linesPerGathering: 20 };
const NOW = '2026-11-29T08:00:01.000Z';
const LIST = {
  ...{ id: 'AU-NEW', from: NOW, until: NOW, asOf: NOW, clusters: [], cutAt: null, samples: 3 },
  apart: { odd: 0, failed: 0, ours: 0, known: 0, left: 0 },
};
/** MD5 of 1: that of the first incident. */
const FIRST_SEARCH = 'c4ca4238a0b923820dcc509a6f75849b';

/** Of one run, however many copies it has: these grow with the run, not with what else is stored. */
export const OF_A_BIG_RUN: Readonly<Record<string, (tx: Tx) => Promise<unknown>>> = {
  'big run: counts': (tx) => tx.work.counts(KNOWN.bigRun),
  'big run: a page of it': (tx) => tx.work.page(KNOWN.bigRun, 0, 20),
};
