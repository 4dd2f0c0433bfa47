import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createVault } from '../../src/adapters/store/vault.ts';
import { headerText } from '../../src/core/find/mail-form.ts';
import { evidenceListed, takeEvidence } from '../../src/flow/decide/take-evidence.ts';
import { letGoOfEvidence } from '../../src/flow/record/evidence.ts';
import { retirement } from '../../src/flow/record/retire.ts';
import type { KeptEvidence } from '../../src/ports/evidence.ts';
import type { Job } from '../../src/ports/jobs.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { keeping } from '../support/fake-evidence.ts';
import { createFakeMail } from '../support/fake-mail.ts';
import { inSlack, policyWith, ruleFor, storyteller } from './telling.ts';

/** What is kept of a mail itself: once for each form of it, at the side, for so many days, and proven by the record. */

const DAY = 86_400_000;
const OTHER_KEY = Buffer.alloc(32, 8).toString('base64');
const POLICY = policyWith([ruleFor(['purge', 'undo', 'flag'], { approver: 1 })], { retention: { days: 30 } });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let night: Night;
const { lands, report, press, becomes, incident, plan, entries } = storyteller(() => night);
afterEach(() => night.close());

async function begun(keeps: Parameters<typeof keeping>[0], more: Parameters<typeof startNight>[0] = {}) {
  night = await startNight({ policy: POLICY, keeping: keeping(keeps), ...more });
}

type Errand = Extract<Job, { readonly queue: 'evidence' }>;
const pick = (kept: KeptEvidence | undefined) => ({
  networkMessageId: kept?.networkMessageId ?? null,
  internetMessageId: kept?.internetMessageId ?? null,
});
const keptOf = (id: string) => night.flow.store.transact((tx) => tx.evidence.of(id));
const headersNow = () => headerText(night.evidence.says.headers);
async function isKept(id: string, n = 1) {
  await night.until(`${n} are kept of ${id}`, async () => (await keptOf(id)).length >= n);
}

/** The job that the plan asked for, as it stands in the queue, for the nth time; nobody else works on it. */
async function errand(id: string, copies: readonly { mailbox: string; message: string }[], nth = 0): Promise<Errand> {
  const list = (await incident(id))?.planDigest ?? '';
  const form = { networkMessageId: 'network', internetMessageId: '<one@mailer.example>' };
  return { queue: 'evidence', incident: id, list, nth, forms: [{ ...form, copies }] };
}
const targets = async (id: string) => (await plan(id)).copies.map(({ mailbox, message }) => ({ mailbox, message }));

describe('the headers of a mail', () => {
  it('are kept of one copy once its plan is made, with their digest in the record', async () => {
    await begun('headers');
    const { id } = await lands();
    await isKept(id);
    const [entry, ...more] = await entries(id, 'evidence.kept');
    const [copy] = (await plan(id)).copies;
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      outcome: 'kept',
      mailbox: copy?.mailbox,
      message: copy?.message,
      requestId: 'request',
      planDigest: (await incident(id))?.planDigest,
      detail: { kind: 'headers', digest: sha256(headersNow()), bytes: headersNow().length, headers: 2 },
    });
    expect(night.evidence.read).toEqual([`headers ${copy?.mailbox}`]);
    expect(JSON.stringify(await night.entries(id))).not.toContain('from mailer.example');
  });

  it('are not read where nothing is to be kept', async () => {
    await begun('nothing');
    const { id } = await lands();
    await night.run(await errand(id, await targets(id)));
    expect([night.evidence.read, await keptOf(id)]).toEqual([[], []]);
  });

  it('are kept once, however often they are asked for', async () => {
    await begun('headers', { workers: false });
    const { id } = await report();
    await night.run({ queue: 'scope', incident: id });
    const job = await errand(id, await targets(id));
    await Promise.all([night.run(job), night.run(job)]);
    await night.run(job);
    expect([(await keptOf(id)).length, (await entries(id, 'evidence.kept')).length]).toEqual([1, 1]);
  });

  it('are read of copies in the list only, whatever a job says', async () => {
    await begun('headers', { workers: false });
    const { id } = await report();
    await night.run({ queue: 'scope', incident: id });
    const other = night.mail.put('boss@contoso.example', {
      internetMessageId: '<private@mailer.example>',
      sender: 'hr@contoso.example',
    });
    await night.run(await errand(id, [other]));
    expect([night.evidence.read, await keptOf(id)]).toEqual([[], []]);
  });

  it('come from the next copy where the first is gone', async () => {
    await begun('headers', { workers: false });
    const { id } = await report();
    await night.run({ queue: 'scope', incident: id });
    const [first, second] = await targets(id);
    night.evidence.trouble.set(first?.mailbox ?? '', { status: 'absent', detail: '404', requestId: 'r' });
    await night.run(await errand(id, await targets(id)));
    expect((await keptOf(id)).map(({ mailbox }) => mailbox)).toEqual([second?.mailbox]);
  });

  it('are kept where a purge was faster', async () => {
    await begun('headers', { workers: false });
    const { id } = await report();
    await night.run({ queue: 'scope', incident: id });
    const copies = await targets(id);
    await night.flow.effects.softDelete(copies, { left: () => 10_000 });
    await night.run(await errand(id, copies));
    expect(await keptOf(id)).toHaveLength(1);
  });

  it.each([
    ['denied', { status: 'denied', detail: '403', requestId: 'r' }],
    ['absent', { status: 'absent', detail: '404', requestId: 'r' }],
    ['no answer', { status: 'no answer', detail: 'lost', waitMs: null, requestId: 'r' }],
  ] as const)('that are %s are told as that at the end of the tries, and not before', async (outcome, trouble) => {
    await begun('headers', { workers: false });
    const { id } = await report();
    await night.run({ queue: 'scope', incident: id });
    const copies = await targets(id);
    for (const { mailbox } of copies) night.evidence.trouble.set(mailbox, trouble);
    await night.run(await errand(id, copies, 3));
    expect(await entries(id, 'evidence.missed')).toEqual([]);
    await night.run(await errand(id, copies, 4));
    await night.run(await errand(id, copies, 4));
    const missed = await entries(id, 'evidence.missed');
    expect(missed.map((entry) => [entry.outcome, entry.detail.tries, entry.detail.note])).toEqual([
      [outcome, 5, trouble.detail],
    ]);
  });

  it('are read when a mailbox that gave no answer answers again', async () => {
    await begun('headers', { workers: false });
    const { id } = await report(['ann']);
    await night.run({ queue: 'scope', incident: id });
    const copies = await targets(id);
    night.evidence.trouble.set(copies[0]?.mailbox ?? '', {
      status: 'no answer',
      detail: 'lost',
      waitMs: 1,
      requestId: 'r',
    });
    await night.run(await errand(id, copies));
    expect(await keptOf(id)).toEqual([]);
    night.evidence.trouble.clear();
    await night.run(await errand(id, copies, 1));
    expect(await keptOf(id)).toHaveLength(1);
  });

  it('that are too large are not kept in part, and not asked for again', async () => {
    await begun('headers', { workers: false });
    const { id } = await report();
    await night.run({ queue: 'scope', incident: id });
    night.evidence.says = { ...night.evidence.says, headers: [{ name: 'X', value: 'x'.repeat(1_000) }] };
    const job = await errand(id, await targets(id));
    await night.run(job);
    await night.run(job);
    expect([await keptOf(id), night.evidence.read.length]).toEqual([[], 1]);
    expect(await entries(id, 'evidence.missed')).toMatchObject([{ outcome: 'too large', detail: { tries: 1 } }]);
  });

  it('are not read again where more copies of the mail are found later', async () => {
    await begun('headers', { mail: createFakeMail({ hunting: 'delivered' }) });
    const told = await lands();
    await isKept(told.id);
    night.mail.put('cas@contoso.example', told.mail);
    const list = (await incident(told.id))?.planDigest ?? '';
    await night.run({ queue: 'look', incident: told.id, because: 'lag', nth: 0, list });
    const [grown] = await entries(told.id, 'plan.grown');
    const child = grown?.detail.child ?? '';
    const [kept] = await keptOf(told.id);
    const job = await errand(child, await targets(child));
    await night.run({ ...job, forms: job.forms.map((form) => ({ ...form, ...pick(kept) })) });
    expect([night.evidence.read.length, await keptOf(child)]).toEqual([1, []]);
    // Another form of it is another thing.
    await night.run(job);
    expect(await keptOf(child)).toHaveLength(1);
  });
});

describe('a whole message', () => {
  it('is kept where that is on, and nobody can read it in the database', async () => {
    await begun('headers and MIME');
    const { id } = await lands();
    await isKept(id, 2);
    const [, mime] = await keptOf(id);
    const content = await night.flow.store.transact((tx) => tx.evidence.content(id, mime as NonNullable<typeof mime>));
    expect([mime?.kind, mime?.digest]).toEqual(['mime', sha256(night.evidence.says.mime)]);
    expect(content).toMatch(/^v2:[0-9a-f]{8}:/);
    expect(Buffer.from(content?.slice(12) ?? '', 'base64').toString('latin1')).not.toContain('overdue');
  });

  it('that is too large is not kept, and its headers are', async () => {
    await begun('headers and MIME', { keeping: keeping('headers and MIME', { mimeBytes: 10 }) });
    const { id } = await lands();
    await night.until('it is told', async () => (await entries(id, 'evidence.missed')).length > 0);
    expect((await keptOf(id)).map(({ kind }) => kind)).toEqual(['headers']);
    expect(await entries(id, 'evidence.missed')).toMatchObject([{ outcome: 'too large', detail: { kind: 'mime' } }]);
  });
});

/** As the command line does it: the list first, then one piece of it by its name. */
async function take(id: string, kind: 'headers' | 'mime' = 'headers', flow = night.flow, who = 'dana') {
  const listed = await evidenceListed(flow, id);
  const piece = listed?.find((one) => one.kind === kind);
  return takeEvidence(flow, id, piece ?? { kind, digest: sha256('nothing') }, who);
}

describe('who takes it along', () => {
  it('gets the bytes that were read, and stands in the record', async () => {
    await begun('headers and MIME');
    const { id } = await lands();
    await isKept(id, 2);
    expect((await evidenceListed(night.flow, id.toLowerCase()))?.map(({ kind }) => kind)).toEqual(['headers', 'mime']);
    const kinds = ['headers', 'mime'] as const;
    const taken = await Promise.all(kinds.map((kind) => take(id, kind, night.flow, 'dana at the command line')));
    const said = taken.map((one) => Buffer.from(one?.content ?? '', 'base64').toString('utf8'));
    expect(said).toEqual([headersNow(), night.evidence.says.mime]);
    const read = await entries(id, 'evidence.read');
    expect(read.map(({ actor, outcome }) => [actor.name, outcome])).toEqual([
      ['dana at the command line', 'given'],
      ['dana at the command line', 'given'],
    ]);
    expect(read.map(({ detail }) => detail.digest).sort()).toEqual(said.map(sha256).sort());
  });

  it('gets nothing that is not there', async () => {
    await begun('headers');
    const { id } = await lands();
    await isKept(id);
    expect([await take(id, 'mime'), await evidenceListed(night.flow, 'CB-NONE')]).toEqual([null, null]);
    expect(await entries(id, 'evidence.read')).toEqual([]);
  });

  it('gets nothing without the key', async () => {
    await begun('headers and MIME');
    const { id } = await lands();
    await isKept(id, 2);
    const without = { ...night.flow, keeping: keeping('headers') };
    await expect(take(id, 'mime', without)).rejects.toMatchObject({ code: 'config', message: /is not set/ });
    const other = { ...night.flow, keeping: { ...night.flow.keeping, vault: createVault(OTHER_KEY) } };
    await expect(take(id, 'mime', other)).rejects.toMatchObject({ code: 'config', message: /another key/ });
    expect(await entries(id, 'evidence.read')).toEqual([]);
  });

  it.each([
    ['what it says', "update evidence set content = 'Subject: harmless'"],
    ['it and its digest', `update evidence set content = 'x', digest = '${sha256('x')}'`],
    ['which mail it is of', "update evidence set network_message_id = 'other'"],
  ])('gets nothing where somebody changed %s in the database, and that stands in the record', async (_what, change) => {
    await begun('headers', { intruded: true });
    const { id } = await lands();
    await isKept(id);
    await night.intrude(change);
    await expect(take(id)).rejects.toMatchObject({ code: 'invalid', field: 'evidence' });
    expect((await entries(id, 'evidence.read')).map(({ outcome }) => outcome)).toEqual(['differs']);
  });

  it('gets nothing where a message was put in the place of another', async () => {
    await begun('headers and MIME', { intruded: true });
    const [one, other] = [await lands(), await lands(['dan'])];
    for (const { id } of [one, other]) await isKept(id, 2);
    await night.intrude(
      `update evidence set content = (select content from evidence where incident = $1 and kind = 'mime')
        where incident = $2 and kind = 'mime'`,
      one.id,
      other.id,
    );
    await expect(take(other.id, 'mime')).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('what is kept', () => {
  it('goes after its days, and its digest stays', async () => {
    await begun('headers');
    const { id } = await lands();
    await isKept(id);
    night.clock.now += 89 * DAY;
    await letGoOfEvidence(night.flow);
    expect(await keptOf(id)).toHaveLength(1);
    night.clock.now += 2 * DAY;
    await letGoOfEvidence(night.flow);
    await letGoOfEvidence(night.flow);
    expect(await keptOf(id)).toEqual([]);
    expect(await entries(id, 'evidence.let-go')).toMatchObject([
      { outcome: 'after its days', detail: { digests: [sha256(headersNow())], bytes: headersNow().length } },
    ]);
  });

  it('stays while everything is stopped', async () => {
    await begun('headers');
    const { id } = await lands();
    await isKept(id);
    await night.flow.store.transact(async (tx) => {
      await tx.brake.stop(await tx.brake.lock(), 'dana', 'a look', night.flow.clock.now());
    });
    night.clock.now += 91 * DAY;
    await letGoOfEvidence(night.flow);
    expect(await keptOf(id)).toHaveLength(1);
  });

  it('goes with its incident, before that is told as retired', async () => {
    await begun('headers');
    const { id } = await lands();
    await isKept(id);
    await press(id, inSlack('dana'), 'purge');
    await becomes(id, 'purged');
    night.clock.now += 31 * DAY;
    await retirement(night.flow)();
    expect([await incident(id), await keptOf(id)]).toEqual([null, []]);
    expect((await night.entries(id)).slice(-2).map(({ type, outcome }) => [type, outcome])).toEqual([
      ['evidence.let-go', 'with its incident'],
      ['incident.retired', 'purged'],
    ]);
    expect((await night.audit()).differences).toEqual([]);
  });

  it('is not kept of an incident that went meanwhile', async () => {
    await begun('headers', { workers: false });
    const { id } = await report();
    await night.run({ queue: 'scope', incident: id });
    const job = await errand(id, await targets(id));
    await night.flow.store.transact((tx) => tx.retention.remove(id));
    await night.run(job);
    expect(await keptOf(id)).toEqual([]);
  });
});
