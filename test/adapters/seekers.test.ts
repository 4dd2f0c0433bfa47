import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { huntingSeeker } from '../../src/adapters/defender/seek.ts';
import { traceSeeker } from '../../src/adapters/graph/trace.ts';
import { type Criteria, criteriaOf } from '../../src/core/find/criteria.ts';
import { mailsIn } from '../../src/core/find/found.ts';
import type { Seeker } from '../../src/ports/seeker.ts';
import { openSandbox, type Sandbox, type SandboxOrder } from '../sandbox/graph-stand-in.ts';

/** People's searches, put to hunting and to message trace as they are: strict, limited, and forgetful. */

const NOW = Date.parse('2026-11-23T09:00:00Z');
const DAY = 86_400_000;
const ROLES = ['ThreatHunting.Read.All', 'ExchangeMessageTrace.Read.All'];
const PHISH = {
  sender: 'billing@fabrikam.example',
  subject: 'Invoice overdue',
  internetMessageId: '<one@fabrikam.example>',
};
const MONTH = { from: new Date(NOW - 30 * DAY).toISOString(), until: new Date(NOW).toISOString() };
const HASH = 'ab'.repeat(32);

const opened = (order: SandboxOrder = {}) => openSandbox({ users: ['ann', 'bob', 'cas'], roles: ROLES, ...order });
function seekers(sandbox: Sandbox, now = () => NOW): { readonly hunting: Seeker; readonly trace: Seeker } {
  const options = {
    baseUrl: sandbox.graph.url,
    token: async () => sandbox.token,
    clock: now,
    ids: randomUUID,
    sleep: async () => undefined,
    isOn: true,
  };
  return { hunting: huntingSeeker(options), trace: traceSeeker(options) };
}

function criteria(typed: Parameters<typeof criteriaOf>[0]): Criteria {
  const read = criteriaOf(typed);
  if ('problem' in read) throw new Error(read.problem);
  return read.criteria;
}

async function sought(seeker: Seeker, typed: Parameters<typeof criteriaOf>[0], now = NOW) {
  const wanted = criteria(typed);
  const questions = seeker.questions(wanted, now);
  if ('not' in questions)
    return { status: questions.not, found: [] as string[], questions: 0, cutAt: null, detail: questions.why };
  const said = [];
  for (const question of questions) said.push(await seeker.ask(wanted, question));
  return {
    status: said.find(({ status }) => status !== 'answered')?.status ?? 'answered',
    found: said.flatMap(({ hits }) => hits.map(({ recipient }) => recipient.split('@')[0] ?? '')).sort(),
    questions: questions.length,
    cutAt: said[0]?.cutAt ?? null,
    detail: said[0]?.detail ?? '',
  };
}

describe('hunting', () => {
  test('finds mail by each mark, and only where all of them apply', async () => {
    await using sandbox = await opened();
    const file = { attachments: [{ name: 'invoice.pdf', sha256: HASH }] };
    sandbox.tenant.deliver({ ...PHISH, to: ['ann'], body: 'Pay at https://login.pay.example/now', ...file });
    sandbox.tenant.deliver({ ...PHISH, to: ['bob'], internetMessageId: '<two@fabrikam.example>', subject: 'Lunch' });
    sandbox.tenant.deliver({
      ...PHISH,
      to: ['cas'],
      sender: 'cas@elsewhere.example',
      internetMessageId: '<three@x.example>',
    });
    const { hunting } = seekers(sandbox);
    const by = async (typed: Parameters<typeof criteriaOf>[0]) => (await sought(hunting, typed)).found;
    expect(await by({ sender: 'BILLING@fabrikam.example' })).toEqual(['ann', 'bob']);
    expect(await by({ messageId: '<two@fabrikam.example>' })).toEqual(['bob']);
    expect(await by({ subject: 'invoice' })).toEqual(['ann', 'cas']);
    expect(await by({ urlHost: 'pay.example' })).toEqual(['ann']);
    expect(await by({ urlHost: 'ay.example' })).toEqual([]);
    expect(await by({ attachment: HASH.toUpperCase() })).toEqual(['ann']);
    expect(await by({ sender: PHISH.sender, subject: 'lunch' })).toEqual(['bob']);
    expect(await by({ sender: PHISH.sender, urlHost: 'pay.example', subject: 'lunch' })).toEqual([]);
  });

  test.each([
    ["it's due", "it's due"],
    ["' or 1 == 1 //", 'x'],
    ["') | take 1 | project Subject //", 'x'],
    ['a\\', 'x'],
    ["\\' | count", 'x'],
    ['back\\slash | pipe', 'a back\\slash | pipe here'],
    ['over  due   now', 'over due\tnow'],
    ['over due now', 'all over  due\r\n now or never'],
    ['over now due', 'x'],
    ['приклад “ß” \u{1f4a9}', 'приклад “ß” \u{1f4a9}'],
  ])('takes %j for words of a subject', async (words, subject) => {
    await using sandbox = await opened();
    sandbox.tenant.deliver({ ...PHISH, to: ['ann'], subject });
    sandbox.tenant.deliver({ ...PHISH, to: ['bob'], internetMessageId: '<other@x.example>', subject: 'another' });
    const { hunting, trace } = seekers(sandbox);
    const expected = subject === 'x' ? [] : ['ann'];
    expect(await sought(hunting, { subject: words })).toMatchObject({ status: 'answered', found: expected });
    expect(await sought(trace, { subject: words })).toMatchObject({ status: 'answered', found: expected });
  });

  test('of what an account sent inside, takes what the service itself calls that, and none that came in under its address', async () => {
    await using sandbox = await opened();
    const ann = { sender: 'ann@contoso.com', subject: 'Please pay' };
    const sent = (to: string, internetMessageId: string, more: object = {}) =>
      sandbox.tenant.deliver({ ...PHISH, ...ann, to: [to], internetMessageId, ...more });
    sent('bob', '<inside@contoso.com>');
    sent('cas', '<forged@contoso.com>', { mailFrom: 'bounce@fabrikam.example' });
    sandbox.tenant.userSends('ann', {
      to: ['x@elsewhere.example'],
      subject: 'Out',
      internetMessageId: '<o@contoso.com>',
    });
    const { hunting, trace } = seekers(sandbox);
    const inside = { ...criteria({ sender: ann.sender }), inside: true } as const;
    const said = await hunting.ask(inside, MONTH);
    expect(said.hits.map(({ recipient }) => recipient)).toEqual(['bob@contoso.com']);
    expect((await hunting.ask(criteria({ sender: ann.sender }), MONTH)).hits).toHaveLength(2);
    expect(trace.questions(inside, NOW)).toMatchObject({ not: 'cannot say' });
  });

  test('says what it cannot say: no licence, no permission, forgotten, cut', async () => {
    await using without = await opened({ graph: { hunting: false } });
    expect(await sought(seekers(without).hunting, { subject: 'x' })).toMatchObject({ status: 'not licensed' });
    await using noMail = await opened({ graph: { hunting: 'no mail' } });
    expect(await sought(seekers(noMail).hunting, { subject: 'x' })).toMatchObject({ status: 'not licensed' });
    await using forbidden = await opened({ roles: [] });
    expect(await sought(seekers(forbidden).hunting, { subject: 'x' })).toMatchObject({ status: 'not permitted' });
    await using sandbox = await opened();
    sandbox.tenant.deliver({ ...PHISH, to: ['ann'], receivedAt: new Date(NOW - 31 * DAY).toISOString() });
    expect(await sought(seekers(sandbox).hunting, { sender: PHISH.sender, days: '90' })).toMatchObject({
      found: [],
      questions: 1,
    });
  });

  test('tells what became of a mail inside, and what only came lately', async () => {
    await using sandbox = await opened();
    const { tenant } = sandbox;
    const sent = tenant.deliver({ ...PHISH, to: ['ann', 'bob'], receivedAt: new Date(NOW - 2 * DAY).toISOString() });
    const { networkMessageId } = sent;
    tenant.userClicks('ann', { networkMessageId, url: 'https://login.pay.example' });
    tenant.userClicks('ann', { networkMessageId, url: 'https://login.pay.example', blocked: true });
    tenant.userClicks('bob', { networkMessageId, url: 'https://login.pay.example', blocked: true });
    tenant.userClicks('cas', { networkMessageId, url: 'https://login.pay.example', blocked: true, through: true });
    tenant.userSends('bob', {
      to: [PHISH.sender],
      subject: 'RE: Invoice overdue',
      internetMessageId: '<re@contoso.com>',
    });
    tenant.userSends('ann', {
      to: ['x@elsewhere.example'],
      subject: 'FW: Invoice overdue',
      internetMessageId: '<fw@contoso.com>',
    });
    tenant.userSends('cas', {
      to: [PHISH.sender],
      subject: 'RE: Invoice overdue',
      internetMessageId: '<cas@contoso.com>',
    });
    const { hunting } = seekers(sandbox);
    const became = async () => {
      const said = await hunting.ask(criteria({ sender: PHISH.sender }), MONTH);
      return (await hunting.exposure?.(mailsIn([{ name: 'hunting', hits: said.hits }]).mails)) ?? [];
    };
    expect(await became()).toEqual([
      {
        clicked: {
          ...{ is: 'known', people: ['ann@contoso.com', 'bob@contoso.com', 'cas@contoso.com'], times: 4, cut: false },
          followed: 2,
        },
        replied: { is: 'known', people: ['bob@contoso.com'], times: 1, cut: false },
        forwarded: { is: 'known', people: ['ann@contoso.com'], times: 1, cut: false },
        moved: { is: 'nothing' },
      },
    ]);
    sandbox.graph.setHunting('no clicks');
    expect(await became()).toMatchObject([{ clicked: { is: 'not licensed' }, moved: { is: 'nothing' } }]);
    sandbox.graph.setHunting(true);
    tenant.deliver({
      ...PHISH,
      to: ['cas'],
      internetMessageId: '<fresh@x.example>',
      subject: 'Fresh',
      receivedAt: new Date(NOW - 60_000).toISOString(),
    });
    const [fresh] = await became();
    expect(fresh).toMatchObject({ clicked: { is: 'not yet' }, moved: { is: 'not yet' } });
  });
});

describe('message trace', () => {
  test('remembers ninety days, ten at a time, and finds what hunting has forgotten', async () => {
    await using sandbox = await opened();
    const landed = [
      ['ann', 1],
      ['bob', 45],
      ['cas', 89],
    ] as const;
    for (const [n, [name, days]] of landed.entries())
      sandbox.tenant.deliver({
        ...PHISH,
        to: [name],
        internetMessageId: `<${n}@fabrikam.example>`,
        receivedAt: new Date(NOW - days * DAY).toISOString(),
      });
    const { trace } = seekers(sandbox);
    expect(await sought(trace, { sender: PHISH.sender, days: '90' })).toMatchObject({
      found: ['ann', 'bob', 'cas'],
      questions: 9,
    });
    expect(await sought(trace, { sender: PHISH.sender, days: '30' })).toMatchObject({ found: ['ann'], questions: 3 });
    expect(await sought(trace, { messageId: '<1@fabrikam.example>', subject: 'lunch', days: '90' })).toMatchObject({
      found: [],
    });
    expect(await sought(trace, { sender: "o'brien+x=y&z#w@fabrikam.example" })).toMatchObject({
      status: 'answered',
      found: [],
    });
  });

  test('asks for one value at a time, and looks at the rest itself', async () => {
    await using sandbox = await opened();
    sandbox.tenant.deliver({ ...PHISH, to: ['ann'] });
    sandbox.tenant.deliver({ ...PHISH, to: ['bob'], internetMessageId: '<two@x.example>', subject: 'Lunch' });
    const { trace } = seekers(sandbox);
    expect(await sought(trace, { sender: PHISH.sender, subject: 'lunch' })).toMatchObject({ found: ['bob'] });
  });

  test('does not answer what it cannot know, and says so', async () => {
    await using sandbox = await opened();
    expect(await sought(seekers(sandbox).trace, { urlHost: 'pay.example' })).toMatchObject({
      status: 'cannot say',
      questions: 0,
    });
    await using without = await opened({ graph: { tracing: false } });
    expect(await sought(seekers(without).trace, { sender: PHISH.sender })).toMatchObject({ status: 'not permitted' });
    await using forbidden = await opened({ roles: ['ThreatHunting.Read.All'] });
    expect(await sought(seekers(forbidden).trace, { sender: PHISH.sender })).toMatchObject({
      status: 'not permitted',
      detail: '403 Authorization_RequestDenied',
    });
  });

  test('takes only what reached a mailbox here for received, and counts the rest apart', async () => {
    const traceStatus = (recipient: string) => (recipient.startsWith('bob@') ? 'pending' : null);
    await using sandbox = await opened({ graph: { traceStatus } });
    sandbox.tenant.userSends('cas', {
      to: ['x@elsewhere.example', 'y@elsewhere.example'],
      subject: PHISH.subject,
      internetMessageId: PHISH.internetMessageId,
    });
    sandbox.tenant.deliver({ ...PHISH, to: ['ann', 'bob'] });
    const { trace } = seekers(sandbox);
    const wanted = criteria({ messageId: PHISH.internetMessageId, days: '1' });
    const said = await trace.ask(wanted, { from: new Date(NOW - DAY).toISOString(), until: MONTH.until });
    expect(said.hits.map(({ recipient }) => recipient)).toEqual(['ann@contoso.com']);
    expect(said.apart.toSorted((a, b) => a.count - b.count)).toEqual([
      { what: 'pending', count: 1 },
      { what: 'sent out of the tenant', count: 2 },
    ]);
  });

  test('says that it knows senders by the envelope only, where one was asked for', async () => {
    await using sandbox = await opened();
    const { trace } = seekers(sandbox);
    expect(await sought(trace, { sender: PHISH.sender })).toMatchObject({
      status: 'answered',
      detail: 'it knows senders by the envelope only',
    });
    expect(await sought(trace, { messageId: PHISH.internetMessageId })).toMatchObject({ detail: '' });
  });

  test('rests where it is asked to, and says for how long', async () => {
    await using sandbox = await opened({ graph: { limits: { tracesPerFiveMinutes: 1 } } });
    const { trace } = seekers(sandbox);
    const wanted = criteria({ sender: PHISH.sender, days: '30' });
    const questions = trace.questions(wanted, NOW);
    if ('not' in questions || !questions[0] || !questions[1]) throw new Error('there are three');
    expect(await trace.ask(wanted, questions[0])).toMatchObject({ status: 'answered' });
    const second = await trace.ask(wanted, questions[1]);
    expect([second.status, second.waitMs]).toEqual(['busy', 300_000]);
  });
});
