import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAutomation } from '../../src/adapters/defender/automation.ts';
import { createMailboxes } from '../../src/adapters/graph/mailboxes.ts';
import { clustersOf, sortRemovals } from '../../src/core/find/automation.ts';
import { openSandbox, type Sandbox, type SandboxOrder } from '../sandbox/graph-stand-in.ts';

/** What Defender took out on its own, asked of the stand-in for hunting: strict, limited and late. */

const NOW = Date.parse('2026-11-23T09:00:00Z');
const HOUR = 3_600_000;
const ROLES = ['ThreatHunting.Read.All', 'Mail.ReadWrite', 'User.Read.All'];
const NEWS = {
  sender: 'news@fabrikam.example',
  mailFrom: 'bounce+1@mailer.fabrikam.example',
  subject: 'What is new',
  internetMessageId: '<news@fabrikam.example>',
  cluster: '9007199254740993',
  threat: '',
  authentication: '{"SPF":"pass","DKIM":"pass","DMARC":"pass"}',
};
const span = (hours: number) =>
  [new Date(NOW - hours * HOUR).toISOString(), new Date(NOW + HOUR).toISOString()] as const;

const opened = (order: SandboxOrder = {}) => openSandbox({ users: ['ann', 'bob', 'cas'], roles: ROLES, ...order });
function automationOf(sandbox: Sandbox, isOn = true) {
  return createAutomation({
    baseUrl: sandbox.graph.url,
    token: async () => sandbox.token,
    clock: () => NOW,
    ids: randomUUID,
    sleep: async () => undefined,
    isOn,
    samples: 3,
  });
}
function lands(
  sandbox: Sandbox,
  to: readonly string[],
  more: Partial<typeof NEWS> = {},
  networkMessageId: string = randomUUID(),
) {
  for (const one of to) sandbox.tenant.deliver({ ...NEWS, ...more, to: [one], networkMessageId });
  return to.map((recipient) => ({ networkMessageId, recipient: `${recipient}@contoso.com` }));
}
async function told(sandbox: Sandbox) {
  const said = await automationOf(sandbox).ask(...span(24));
  if (said.is !== 'told') throw new Error(`it said ${JSON.stringify(said)}`);
  const { taken, apart } = sortRemovals(said.removals, new Set(), new Map());
  return { ...said, apart, ...clustersOf(taken, said.deliveries) };
}

describe('what Defender took out on its own', () => {
  it('is told with what it was, where it is and why, in clusters by whole numbers of 64 bits', async () => {
    await using sandbox = await opened();
    const first = lands(sandbox, ['ann', 'bob']);
    const other = lands(sandbox, ['cas'], { cluster: '9007199254740992', internetMessageId: '<two@fabrikam.example>' });
    sandbox.graph.remediations.onItsOwn('Automated Remediation', 'softDelete', [...first, ...other]);
    const { clusters, cutAt } = await told(sandbox);
    expect([cutAt, clusters.map(({ copies }) => copies.length)]).toEqual([null, [2, 1]]);
    expect(clusters[0]).toMatchObject({
      by: 'cluster',
      sender: NEWS.sender,
      mailFrom: NEWS.mailFrom,
      ways: ['Automated Remediation'],
      actions: ['Soft delete'],
      threatsThen: [],
      threatsNow: ['Phish'],
      mails: [{ internetMessageId: NEWS.internetMessageId, subject: NEWS.subject }],
    });
    const { recipientId, place, was } = clusters[0]?.copies[0] ?? {};
    expect([recipientId, place, was]).toEqual([
      sandbox.tenant.userByAddress('ann@contoso.com')?.id,
      'deleted',
      'inbox',
    ]);
  });

  it('is another cluster where a mail with the same sender, envelope and content was judged otherwise on its way in', async () => {
    await using sandbox = await opened();
    const news = lands(sandbox, ['ann', 'bob']);
    const twin = lands(sandbox, ['cas'], {
      authentication: '{"SPF":"fail","DKIM":"none","DMARC":"fail","CompAuth":"fail"}',
    });
    sandbox.graph.remediations.onItsOwn('Automated Remediation', 'softDelete', [...news, ...twin]);
    const { clusters } = await told(sandbox);
    expect(clusters.map(({ copies, authentication }) => [copies.length, authentication])).toEqual([
      [2, 'DKIM pass, DMARC pass, SPF pass'],
      [1, 'CompAuth fail, DKIM none, DMARC fail, SPF fail'],
    ]);
  });

  it('is not what somebody ordered', async () => {
    await using sandbox = await opened();
    const mails = lands(sandbox, ['ann']);
    sandbox.graph.remediations.accept({ bulkId: 'b', displayName: 'by hand', action: 'softDelete', mails });
    expect((await told(sandbox)).removals).toEqual([]);
  });

  it('is told as held in quarantine, and no mailbox has it', async () => {
    await using sandbox = await opened();
    const mails = lands(sandbox, ['ann']);
    sandbox.graph.remediations.onItsOwn('Malware ZAP', 'quarantine', mails);
    const { clusters } = await told(sandbox);
    expect(clusters.map(({ copies, threatsNow }) => [copies[0]?.place, threatsNow])).toEqual([
      ['quarantine', ['Malware']],
    ]);
    expect(sandbox.tenant.mailbox('ann@contoso.com').size()).toBe(0);
  });

  it('is a mail in Junk Email where a purge of its own put it there', async () => {
    await using sandbox = await opened();
    sandbox.graph.remediations.onItsOwn('Phish ZAP', 'moveToJunk', lands(sandbox, ['ann']));
    expect((await told(sandbox)).clusters[0]?.copies[0]?.place).toBe('junk');
  });

  it('shows no earlier than hunting shows it', async () => {
    await using sandbox = await opened({ graph: { limits: { huntingLagMs: [HOUR, HOUR] } } });
    sandbox.graph.remediations.onItsOwn('Automated Remediation', 'softDelete', lands(sandbox, ['ann']));
    expect((await told(sandbox)).removals).toEqual([]);
  });

  it('counts what did not work', async () => {
    await using sandbox = await opened();
    const mails = lands(sandbox, ['ann']);
    sandbox.graph.remediations.onItsOwn('Automated Remediation', 'softDelete', mails);
    sandbox.graph.remediations.onItsOwn('Phish ZAP', 'softDelete', mails);
    const { clusters, apart } = await told(sandbox);
    expect([clusters.length, apart.failed]).toEqual([1, 1]);
  });

  it('is told part by part where all of it at once would be too long an answer', async () => {
    await using sandbox = await opened({ graph: { limits: { huntingSize: 2_500 } } });
    const subject = 'What is new '.repeat(100);
    for (const name of ['ann', 'bob', 'cas']) {
      const mails = lands(sandbox, [name], { subject, internetMessageId: `<${name}@fabrikam.example>` });
      sandbox.graph.remediations.onItsOwn('Automated Remediation', 'softDelete', mails);
      sandbox.pass(6 * HOUR);
    }
    const [from, until] = [new Date(NOW - HOUR).toISOString(), new Date(NOW + 20 * HOUR).toISOString()];
    const said = await automationOf(sandbox).ask(from, until);
    if (said.is !== 'told') throw new Error(`it said ${JSON.stringify(said)}`);
    expect(said.removals).toHaveLength(3);
    expect(said.deliveries.map((one) => one.subject)).toEqual([subject, subject, subject]);
  });

  it.each([
    ['the tenant has no hunting', { graph: { hunting: false } }, 'not licensed'],
    ['the tenant has no tables about mail', { graph: { hunting: 'no mail' as const } }, 'not licensed'],
    ['the application may not ask', { roles: ['Mail.ReadWrite'] }, 'not permitted'],
    ['hunting asks to wait', { graph: { limits: { huntingPerMinute: 0 } } }, 'busy'],
  ])('is another answer than nothing where %s', async (_what, order, is) => {
    await using sandbox = await opened(order);
    expect(await automationOf(sandbox).ask(...span(24))).toMatchObject({ is });
  });

  it('is another answer than nothing where no answer comes', async () => {
    await using sandbox = await opened();
    await sandbox.graph.faults.setDown('unavailable');
    expect(await automationOf(sandbox).ask(...span(24))).toMatchObject({ is: 'busy' });
    await sandbox.graph.faults.setDown('refuse');
    expect(await automationOf(sandbox).ask(...span(24))).toMatchObject({ is: 'silent' });
  });
});

describe('mail that lies where a soft delete puts it', () => {
  it('is found there and nowhere else, with the folders that it can go back to', async () => {
    await using sandbox = await opened();
    const mails = lands(sandbox, ['ann']);
    lands(sandbox, ['bob']);
    sandbox.graph.remediations.onItsOwn('Automated Remediation', 'softDelete', mails);
    const { reader } = createMailboxes({
      baseUrl: sandbox.graph.url,
      token: async () => sandbox.token,
      clock: () => NOW,
      ids: randomUUID,
      sleep: async () => undefined,
    });
    const wanted = { internetMessageIds: [NEWS.internetMessageId], where: 'bin' } as const;
    const [ann, bob] = await reader.locate(['ann@contoso.com', 'bob@contoso.com'], wanted);
    const folder = (name: string) => sandbox.tenant.mailbox('ann@contoso.com').folders.find(name)?.id;
    expect([ann?.result, ann?.messages.length, ann?.places]).toEqual([
      'found',
      1,
      { inbox: folder('inbox'), junk: folder('junkemail') },
    ]);
    expect([bob?.result, bob?.messages]).toEqual(['nothing', []]);
    // Found there, it is not taken for a mail that its owner sees.
    const target = { mailbox: ann?.mailbox?.id ?? '', message: ann?.messages[0]?.message ?? '' };
    expect(await reader.read([target])).toMatchObject([{ status: 'ok', state: { inRecoverableItems: true } }]);
  });
});
