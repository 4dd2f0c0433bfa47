import type { Link, Ticket } from '../../src/ports/accounts.ts';
import type { Tx } from '../../src/ports/store.ts';
import { alertOf, DIGEST, planOf, policyOf, voteOf } from '../support/cases.ts';
import { entryOf } from '../support/entries.ts';
import { filedAs } from '../support/sealed-plans.ts';
import { LISTED } from './store-automation.ts';
import { PULLED } from './store-cursors.ts';
import { SLOW } from './store-delays.ts';
import { KEPT } from './store-evidence.ts';
import { FLAG } from './store-flags.ts';
import { FOUND, INQUIRY, OFTEN, SOUGHT } from './store-inquiries.ts';
import { KEPT_LOOK } from './store-looks.ts';
import { LIST } from './store-measures.ts';
import { AT, BODY, done, entry, itemsOf, LEASE_MS, MANNERS, run, type StoreRig } from './store-rig.ts';
import { partOf, SEARCH } from './store-searches.ts';
import { ROW } from './store-vendor-rows.ts';

/** One row of everything, to see that tenants and failed transactions leave no trace. */

const ALLOWED = { vendor: 'made-up', credential: 'c', most: 9 };
const grantedTo = (rig: StoreRig, incident: string) =>
  entryOf('card.granted', { kind: 'report', who: 'somebody' }, { tenant: rig.tenant(), at: AT, incident });

const CALLED = { incident: 'CB-0001', question: AT, step: 0 };

export const linkOf = (n: number, change: Partial<Link> = {}): Link => ({
  platform: 'slack',
  account: `U0PERSON${n}`,
  person: voteOf(n).person,
  how: 'sign-in',
  at: AT,
  ...change,
});

export const ticketOf = (id: string, change: Partial<Ticket> = {}): Ticket => ({
  id,
  kind: 'link',
  platform: 'slack',
  account: 'U0PERSON1',
  home: 'T0CONTOSO',
  accountName: 'Approver 1',
  person: null,
  vote: null,
  expiresAt: '2026-11-20T08:10:00.000Z',
  state: 'fresh',
  browser: null,
  nonce: null,
  verifier: null,
  signedIn: null,
  code: null,
  ...change,
});

export async function fill(tx: Tx, rig: StoreRig): Promise<void> {
  await tx.incidents.createOrRepeat(rig.incident('CB-0001'));
  await tx.incidents.savePlan(filedAs(DIGEST, planOf()));
  await tx.incidents.claimDelivery({ source: 's', id: 'd' }, BODY, AT);
  await tx.decisions.add('CB-0001', voteOf(1), '');
  await tx.runs.start(run('r1'), itemsOf(2, 1));
  await tx.cards.ensure('CB-0001', 'slack', 'k');
  await tx.flags.raise([
    { mailbox: 'm', address: 'a@x.example', incident: 'CB-0001', reason: 'r', owner: 'o', at: AT },
  ]);
  await tx.people.add(linkOf(1));
  await tx.tickets.add(ticketOf('t1', { state: 'signed-in', code: 'c' }));
  await tx.policies.adopt('p1', policyOf(1, 1), AT);
  await tx.brake.stop(await tx.brake.lock(), 'Approver 1', 'a test', AT);
  await tx.brake.addLiftVote(
    1,
    { person: 'p1', name: 'Approver 1', roles: ['approver'], platform: 'slack', account: 'U0PERSON1' },
    AT,
  );
  await tx.replays.claim('slack', 'k1', AT);
  await tx.cursors.claim(PULLED, LEASE_MS);
  await tx.delays.put('CB-0001', SLOW);
  await tx.searches.add(SEARCH, [partOf('p1'), partOf('p2')], AT);
  await tx.inquiries.ask(INQUIRY, OFTEN);
  await tx.inquiries.claim('CS-1', 'c1', LEASE_MS);
  await tx.inquiries.keep('CS-1', 'c1', 'q1', SOUGHT);
  await tx.measures.add({ id: 'CM-1', incident: 'CB-0001', at: AT });
  await tx.measures.claim('CM-1', 'a', LEASE_MS);
  await tx.measures.keepImage('CM-1', 1, 'before', { accountEnabled: true });
  await tx.flagged.add([FLAG, { ...FLAG, id: 'CF-2', mailbox: 'box 2', incident: null }]);
  await tx.vendorRows.keep('CB-0001', ROW);
  await tx.evidence.keep('CB-0001', KEPT, 'headers');
  await tx.looks.add('CB-0001', KEPT_LOOK);
  await tx.looks.spoke('CB-0001', ['burst']);
  await tx.looks.judge('CB-0001', { address: 'pat@sender.example', domain: 'sender.example' }, 'malicious');
  await tx.automation.keep(LISTED);
  await tx.campaigns.take(['a pair'], 'CB-0001');
  await tx.campaigns.show('CB-0001', 'd1', [{ incident: 'CB-0001', planDigest: DIGEST }]);
  await tx.board.rank('CB-0001', 3);
  await tx.board.clicked('CB-0001', 2);
  await tx.cursors.spend(ALLOWED, AT);
  await tx.calls.take(CALLED, 'slack', ['p1'], AT);
  await tx.calls.acted('p1', 'slack', AT);
  await tx.ledger.append([entry(rig.tenant(), 'm'), grantedTo(rig, 'CB-0001')]);
}

/** Something of every kind that a transaction can do to what `fill` made. */
export async function change(tx: Tx, rig: StoreRig): Promise<void> {
  const later = '2026-11-21T08:00:00.000Z';
  await tx.incidents.createOrRepeat(rig.incident('CB-0001'));
  await tx.incidents.createOrRepeat(rig.incident('CB-0002'));
  await tx.incidents.saveAlert('CB-0001', alertOf({ verdict: 'spam' }), [{ entraId: null, address: 'a@x.example' }]);
  await tx.incidents.save('CB-0001', { state: 'running', runId: 'r1', nudges: 1 }, later);
  await tx.incidents.savePlan(filedAs('f'.repeat(64), planOf({ copies: [] })));
  await tx.incidents.bindDelivery({ source: 's', id: 'd' }, { incident: 'CB-0001', created: true });
  await tx.incidents.forgetDeliveries(later);
  await tx.decisions.add('CB-0001', voteOf(1, { at: later }), later);
  await tx.decisions.add('CB-0001', voteOf(2), '');
  await tx.runs.start(run('r2'), itemsOf(1, 1));
  const [first, second] = await tx.work.claim('r1', 2, LEASE_MS);
  if (first) await tx.work.finish('r1', [done(first)]);
  if (second) await tx.work.release('r1', [second]);
  await tx.work.skip('r2', ['box0'], 'shielded', 'protected');
  await tx.runs.rescoped('r1', later);
  await tx.runs.finish('r1', later);
  await tx.cards.claim('slack', MANNERS);
  await tx.cards.touch('CB-0001', true);
  await tx.rooms.died('teams', 'is_archived', later);
  await tx.cards.ensure('CB-0001', 'teams', 'k2');
  await tx.people.remove('slack', 'U0PERSON1');
  await tx.people.add(linkOf(2));
  await tx.tickets.save('t1', { state: 'used' });
  await tx.tickets.add(ticketOf('t2'));
  await tx.policies.adopt('p2', policyOf(2, 2), later);
  await tx.brake.lift(await tx.brake.lock());
  await tx.brake.addLiftVote(
    1,
    { person: 'p2', name: 'Approver 2', roles: [], platform: 'slack', account: 'U0PERSON1' },
    later,
  );
  await tx.replays.forget(later);
  await tx.replays.claim('teams', 'k2', later);
  const part = await tx.searches.claim(SEARCH, 'c1', LEASE_MS);
  if (part) await tx.searches.answer(SEARCH, part, [], later);
  await tx.searches.drop('CB-0001', ['p2']);
  await tx.inquiries.ask({ ...INQUIRY, id: 'CS-2', waits: true }, OFTEN);
  await tx.inquiries.allow('CS-2');
  await tx.inquiries.answer('CS-1', 'c1', FOUND);
  await tx.measures.freeze(LIST);
  await tx.measures.release('CM-1', 'a', 0);
  await tx.measures.open('CM-1', true);
  await tx.measures.keepImage('CM-1', 1, 'after', { accountEnabled: false });
  const held = await tx.flagged.lock('CF-1');
  if (held) await tx.flagged.save(held, { state: 'contained', updatedAt: later });
  await tx.flagged.put({ ...FLAG, id: 'CF-2', mailbox: 'box 2', incident: null, state: 'cleared', updatedAt: later });
  await tx.campaigns.tie('CB-0002', 'CB-0001');
  await tx.campaigns.hand(['a pair'], 'CB-0002');
  await tx.campaigns.show('CB-0001', 'd2', []);
  await tx.board.rank('CB-0001', 4);
  await tx.board.clicked('CB-0001', 5);
  await tx.cursors.spend(ALLOWED, later);
  await tx.calls.acted('p1', 'teams', later);
  await tx.calls.giveBack(CALLED, 'slack', { message: true, people: [] });
  await tx.evidence.keep('CB-0001', { ...KEPT, kind: 'mime' }, 'v1:sealed');
  await tx.looks.add('CB-0001', KEPT_LOOK);
  await tx.looks.ended('CB-0001', 'malicious');
  await tx.automation.keep({ ...LISTED, id: 'AU-20261121-1', asOf: later });
  await tx.cursors.failed(PULLED, { why: 'no answer', restMs: 0 }, later);
  await tx.ledger.append([entry(rig.tenant(), 'm2')]);
  await tx.runs.cancelled('r1', later);
  await tx.incidents.file('CB-0001', ['another key']);
  await tx.work.correct('r1', [{ seq: 0, was: 'removed', outcome: 'failed', detail: 'seen later', requestId: 'r9' }]);
  await tx.work.doubt('r1', [0, 1]);
  await tx.brake.withdrawLiftVote(1, 'p1');
  await tx.jobs.send({ queue: 'run', run: 'r1' });
}

/** And all that takes something away. */
export async function forget(tx: Tx): Promise<void> {
  await tx.decisions.withdraw('CB-0001', DIGEST, voteOf(1).action, voteOf(1).person);
  await tx.people.remove('slack', 'U0PERSON1');
  await tx.tickets.forget('2099-01-01T00:00:00.000Z');
  await tx.replays.forget('2099-01-01T00:00:00.000Z');
  await tx.incidents.forgetDeliveries('2099-01-01T00:00:00.000Z');
  await tx.evidence.remove('CB-0001');
  await tx.automation.forget('2099-01-01T00:00:00.000Z');
  await tx.inquiries.forget('2099-01-01T00:00:00.000Z');
  await tx.flagged.forget('2099-01-01T00:00:00.000Z');
  await tx.retention.remove('CB-0001');
  await tx.retention.remove('CB-0002');
}

/** All that can be read of what `fill` and `change` touch; nothing at all for a tenant that has nothing. */
export async function everything(tx: Tx): Promise<readonly unknown[]> {
  const { resting: _clock, ...counts } = await tx.work.counts('r1');
  const seen = [
    await tx.incidents.get('CB-0001'),
    await tx.incidents.lock('CB-0001'),
    await tx.incidents.child('key of CB-0001'),
    await tx.incidents.plan(DIGEST),
    await tx.incidents.plan('f'.repeat(64)),
    await tx.incidents.storedPlan(DIGEST),
    ...(await tx.incidents.plansOf('CB-0001')),
    await tx.incidents.breach('CB-0001'),
    ...(await tx.incidents.idsAfter('', 10)),
    ...(await tx.policies.digests()),
    ...(await tx.ledger.find({ incident: 'CB-0001', types: ['copy.outcome'] })),
    await tx.runs.get('r1'),
    ...(await tx.incidents.list(10)),
    ...(await tx.incidents.keysOf(['CB-0001', 'CB-0002'])),
    ...(await tx.incidents.filedUnder(['key of CB-0001', 'another key'])),
    ...(await tx.work.all('r1', 'removed')),
    ...(await tx.work.ends('r1')),
    ...(await tx.work.inDoubt('r1')),
    ...(await tx.work.ownDoubts('r1')),
    ...(await tx.work.holders(itemsOf(2, 1))),
    ...(await tx.work.sharedWith('r1', ['removed'])),
    ...(await tx.work.troubled('r1', ['removed'], 5)),
    ...(await tx.retention.due('2099-01-01T00:00:00.000Z', null, 10)),
    ...(await tx.retention.ties(['CB-0001', 'CB-0002'])),
    ...(await tx.incidents.unfinished('2099-01-01T00:00:00.000Z', '2099')),
    ...(await tx.decisions.list('CB-0001')),
    ...(await tx.runs.ofIncident('CB-0001')),
    ...(await tx.runs.open()),
    ...(await tx.runs.usage('')),
    ...(await tx.work.page('r1', 0, 10)),
    ...(await tx.searches.parts(SEARCH)),
    ...(await tx.searches.answers(SEARCH, ['p1', 'p2'])),
    await tx.searches.progress('CB-0001'),
    await tx.measures.get('CM-1'),
    await tx.measures.image('CM-1', 1, 'before'),
    await tx.measures.image('CM-1', 1, 'after'),
    ...(await tx.measures.ofIncident('CB-0001')),
    ...(await tx.measures.waiting('2099-01-01T00:00:00.000Z')),
    await tx.inquiries.get('CS-1'),
    await tx.inquiries.get('CS-2'),
    ...(await tx.inquiries.kept('CS-1')),
    ...(await tx.inquiries.open()),
    ...(await tx.work.page('r2', 0, 10)),
    counts.total > 0 ? counts : null,
    ...(await tx.cards.of('CB-0001')),
    ...(await tx.cards.waiting()),
    ...(await tx.rooms.dead()),
    ...(await tx.flags.ofIncident('CB-0001')),
    await tx.flagged.get('CF-1'),
    ...(await tx.flagged.open(10)).rows,
    ...(await tx.flagged.clearedSince('', 10)),
    ...(await tx.flagged.ofIncident(null)),
    ...(await tx.flagged.due('2099-01-01T00:00:00.000Z', 10)),
    await tx.people.of('slack', 'U0PERSON1'),
    await tx.people.account('slack', voteOf(1).person),
    ...(await tx.people.list()),
    await tx.tickets.lock('t1'),
    await tx.tickets.lock('t2'),
    await tx.tickets.byCode('slack', 'U0PERSON1', 'c'),
    await tx.policies.get('p1'),
    await tx.policies.get('p2'),
    await tx.cursors.state(PULLED),
    await tx.delays.of('CB-0001'),
    ...(await tx.vendorRows.of('CB-0001')),
    ...(await tx.evidence.of('CB-0001')),
    ...(await tx.looks.of('CB-0001')),
    await tx.looks.newest('CB-0001'),
    ...(await tx.looks.counts()),
    ...(await tx.looks.spokenIn(['CB-0001', 'CB-0002'])),
    await tx.looks.judged({ address: 'pat@sender.example', domain: 'sender.example' }, ''),
    await tx.evidence.content('CB-0001', KEPT),
    ...(await tx.evidence.olderThan('2099-01-01T00:00:00.000Z', '', 10)),
    await tx.automation.get(LISTED.id),
    ...(await tx.automation.since(AT)),
    ...(await tx.campaigns.waves('CB-0001')),
    await tx.campaigns.shown('CB-0001', 'd1'),
    await tx.campaigns.shown('CB-0001', 'd2'),
    ...(await tx.budget.since(AT)),
    ...(await tx.cards.held('slack', 5)).incidents,
    ...(await tx.board.open(10)).incidents,
    ...(await tx.board.ended('', 10)).incidents,
    ...(await tx.board.named(['CB-0001'])),
    ...(await tx.board.votes(['CB-0001'])),
    ...(await tx.board.outcomes(['r1'])),
    ...(await tx.incidents.glances([DIGEST])),
    ...(await tx.calls.lastActed(['p1'])),
    (await tx.brake.read()).number > 0 ? await tx.brake.read() : null,
    ...(await tx.brake.liftVotes(1)),
  ];
  return seen.filter((row) => row !== null);
}
