import { describe, expect, test } from 'vitest';
import type { GraphOptions } from '../../src/sandbox/graph/types.ts';
import { filterOf, odata, openSandbox, PHISH, type Sandbox } from './graph-stand-in.ts';

/** Defender for Office 365 as it is documented: what it takes on is done later, told later still, and perhaps never done. */

const MINUTE = 60_000;
const ROLES = ['SecurityAnalyzedMessage.ReadWrite.All', 'ThreatHunting.Read.All'];
const ALICE = 'alice@contoso.com';
const BOB = 'bob@contoso.com';
const REMEDIATE = '/security/collaboration/analyzedEmails/remediate';

const opened = (graph: Partial<GraphOptions> = {}, roles: readonly string[] = ROLES) =>
  openSandbox({
    roles,
    users: ['alice', 'bob'],
    graph: {
      ...graph,
      limits: { remediateMs: [2 * MINUTE, 2 * MINUTE], remediationTellMs: [MINUTE, MINUTE], ...graph.limits },
    },
  });

function delivered({ tenant }: Sandbox) {
  return tenant.deliver({ ...PHISH, to: [ALICE, BOB] });
}

const mail = (recipientEmailAddress: string) => ({ networkMessageId: PHISH.networkMessageId, recipientEmailAddress });
const order = (change: Record<string, unknown> = {}) => ({
  displayName: 'Clawback 4711',
  description: 'approved by two people',
  severity: 'medium',
  action: 'softDelete',
  remediateSendersCopy: false,
  analyzedEmails: [mail(ALICE)],
  ...change,
});

/** Where Defender tells each recipient's mail to be. */
async function told(sandbox: Sandbox, recipient: string): Promise<string | undefined> {
  const filter = `networkMessageId eq ${odata(PHISH.networkMessageId)} and recipientEmailAddress eq ${odata(recipient)}`;
  const { body } = await sandbox.call('GET', `/security/collaboration/analyzedEmails?${filterOf(filter)}`);
  return body.value[0]?.latestDelivery.location;
}

const folderOf = ({ tenant }: Sandbox, person: string) => tenant.look(person).messages[0]?.folder;

describe('a remediation', () => {
  test('is accepted with a link and nothing else, done later, and told later still', async () => {
    await using sandbox = await opened();
    delivered(sandbox);
    const answer = await sandbox.call('POST', REMEDIATE, order());
    expect([answer.status, answer.body]).toEqual([202, undefined]);
    expect(answer.headers.get('location')).toMatch(/^https:\/\/security\.microsoft\.com\/action-center\/history\?/);
    const seen = [];
    for (const minutes of [0, 1.9, 0.2, 1]) {
      sandbox.pass(minutes * MINUTE);
      seen.push([await told(sandbox, ALICE), folderOf(sandbox, 'alice'), await told(sandbox, BOB)]);
    }
    expect(seen).toEqual([
      ['inbox_folder', 'Inbox', 'inbox_folder'],
      ['inbox_folder', 'Inbox', 'inbox_folder'],
      ['inbox_folder', 'Deletions', 'inbox_folder'],
      ['deletedFolder', 'Deletions', 'inbox_folder'],
    ]);
  });

  test('back to the Inbox ends there, wherever the mail was', async () => {
    await using sandbox = await opened();
    const { copies } = delivered(sandbox);
    sandbox.tenant.addFolder('alice', 'Projects');
    sandbox.tenant.userMoves('alice', copies[0]?.messageId ?? '', 'Projects');
    for (const action of ['softDelete', 'moveToInbox']) {
      await sandbox.call('POST', REMEDIATE, order({ action }));
      sandbox.pass(3 * MINUTE);
      await told(sandbox, ALICE);
    }
    expect([folderOf(sandbox, 'alice'), await told(sandbox, ALICE)]).toEqual(['Inbox', 'inbox_folder']);
  });

  test('is in hunting’s EmailPostDeliveryEvents once it is told', async () => {
    await using sandbox = await opened();
    delivered(sandbox);
    await sandbox.call('POST', REMEDIATE, order());
    const Query = `EmailPostDeliveryEvents | where NetworkMessageId == '${PHISH.networkMessageId}' | project Action, ActionResult, RecipientEmailAddress`;
    const rows = async () => (await sandbox.call('POST', '/security/runHuntingQuery', { Query })).body.results;
    expect(await rows()).toEqual([]);
    sandbox.pass(2 * MINUTE);
    await told(sandbox, ALICE);
    sandbox.pass(MINUTE);
    expect(await rows()).toEqual([{ Action: 'Soft delete', ActionResult: 'Success', RecipientEmailAddress: ALICE }]);
  });

  test('may be taken on and never done', async () => {
    await using sandbox = await opened();
    const { copies } = delivered(sandbox);
    sandbox.graph.faults.set({ neverRemediated: true }, copies[0]?.userId);
    expect((await sandbox.call('POST', REMEDIATE, order())).status).toBe(202);
    sandbox.pass(600 * MINUTE);
    expect([await told(sandbox, ALICE), folderOf(sandbox, 'alice')]).toEqual(['inbox_folder', 'Inbox']);
  });

  test('of what was hard-deleted changes nothing', async () => {
    await using sandbox = await opened();
    delivered(sandbox);
    for (const action of ['hardDelete', 'moveToInbox']) {
      await sandbox.call('POST', REMEDIATE, order({ action }));
      sandbox.pass(3 * MINUTE);
      await told(sandbox, ALICE);
    }
    expect(folderOf(sandbox, 'alice')).toBe('Purges');
  });

  test('begins when others have ended, where fifty are under way', async () => {
    await using sandbox = await opened();
    delivered(sandbox);
    for (let n = 0; n < 50; n += 1)
      await sandbox.call('POST', REMEDIATE, order({ analyzedEmails: [mail(`nobody${n}@contoso.com`)] }));
    await sandbox.call('POST', REMEDIATE, order());
    sandbox.pass(2 * MINUTE);
    await told(sandbox, ALICE);
    expect([folderOf(sandbox, 'alice'), sandbox.graph.remediations.underWay().orders]).toEqual(['Inbox', 1]);
    sandbox.pass(2 * MINUTE);
    await told(sandbox, ALICE);
    expect(folderOf(sandbox, 'alice')).toBe('Deletions');
  });
});

describe('Defender refuses', () => {
  test.each([
    ['an action that it does not support', { action: 'moveToQuarantine' }],
    ['a severity that it does not know', { severity: 'critical' }],
    ['a request without a name', { displayName: undefined }],
    ['more than it was asked for', { approverUpn: 'dana@contoso.com' }],
    ['a mail that is no GUID', { analyzedEmails: [{ networkMessageId: 'x', recipientEmailAddress: ALICE }] }],
    ['no mail at all', { analyzedEmails: [] }],
    ['fewer recipients than 40 % of the messages', { analyzedEmails: [mail(ALICE), mail(ALICE), mail(ALICE)] }],
    [
      'more mails than one request holds',
      { analyzedEmails: Array.from({ length: 51 }, (_, n) => mail(`p${n}@contoso.com`)) },
    ],
  ])('%s', async (_, change) => {
    await using sandbox = await opened();
    expect((await sandbox.call('POST', REMEDIATE, order(change))).status).toBe(400);
    expect(sandbox.graph.remediations.orders()).toEqual([]);
  });

  test.each([
    ['whoever may only read', ['SecurityAnalyzedMessage.Read.All'], true],
    ['a tenant without the licence', ROLES, false],
  ])('%s', async (_, roles, defender) => {
    await using sandbox = await opened({ defender }, roles);
    expect((await sandbox.call('POST', REMEDIATE, order())).status).toBe(403);
  });

  test('another filter, and properties that are chosen', async () => {
    await using sandbox = await opened();
    const asked = [filterOf(`subject eq 'x'`), filterOf(`networkMessageId ne 'x'`), '$select=id'];
    const answers = await Promise.all(
      asked.map((query) => sandbox.call('GET', `/security/collaboration/analyzedEmails?${query}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
  });
});

test('what Defender knows is one row for each recipient, page by page, and each by its id', async () => {
  await using sandbox = await opened();
  delivered(sandbox);
  const filter = filterOf(`networkMessageId eq ${odata(PHISH.networkMessageId)}`);
  const first = await sandbox.call('GET', `/security/collaboration/analyzedEmails?${filter}&$top=1`);
  const second = await sandbox.call('GET', String(first.body['@odata.nextLink']).split('/v1.0')[1] ?? '');
  const rows = [first, second].flatMap(({ body }) => body.value);
  expect(rows.map((row) => row.recipientEmailAddress)).toEqual([ALICE, BOB]);
  const again = await sandbox.call('GET', `/security/collaboration/analyzedEmails/${rows[1].id}`);
  expect(again.body).toEqual(rows[1]);
});
