import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ownRequests } from '../sandbox/graph-contract.ts';
import { APP, openSandbox } from '../sandbox/graph-stand-in.ts';
import { delivered, LOOK_ROLES, MAIL, NETWORK_ID, OTHER_LOGS } from '../support/look-around.ts';
import { indexOf } from '../support/signal-facts.ts';

/** A whole look at the people of a list, with the services as they are wired, against a tenant that knows what to refuse. */

const MINUTE = 60_000;
const HIDES = { markAsRead: true, moveToFolder: 'rss' };

describe('a look at a thousand people', () => {
  it('takes at most a dozen requests, each in the form that Graph documents', async () => {
    const names = Array.from({ length: 1_000 }, (_none, n) => `person${n}`);
    await using sandbox = await openSandbox({ users: names, roles: LOOK_ROLES });
    const { around } = delivered(sandbox, names);
    sandbox.pass(MINUTE);
    for (const name of names.slice(0, 40)) {
      sandbox.tenant.ruleTold(name, { name: '.', deletes: true, marksRead: true });
      sandbox.tenant.consentTold(name, { name: 'Mail Helper', id: randomUUID(), scopes: ['Mail.Read'] });
      sandbox.tenant.userClicks(name, { networkMessageId: NETWORK_ID, url: 'https://x.example' });
    }
    sandbox.pass(100 * MINUTE);
    let batches = 0;
    sandbox.graph.onBatch(() => {
      batches += 1;
    });
    const look = await around();
    const asked = sandbox.graph.log.entries();
    expect(asked.filter(({ inBatch }) => !inBatch).length + batches).toBeLessThanOrEqual(12);
    expect([look.people, look.asked, look.askedThemselves, look.did.clicked]).toEqual([1_000, 1_000, 20, 40]);
    expect(look.findings.filter(({ kind }) => kind === 'inbox-rule')).toHaveLength(40);
    const own = ownRequests();
    expect(asked.flatMap(({ method, path, body }) => own.request(method, path, body))).toEqual([]);
  });
});

describe('a look at people', () => {
  it('knows an account that was taken over, what would answer it, and what ours read', async () => {
    await using sandbox = await openSandbox({ users: ['ann', 'bob'], roles: LOOK_ROLES });
    const { tenant } = sandbox;
    tenant.userSignsIn('ann', { ip: '203.0.113.10' });
    sandbox.pass(10 * 60 * MINUTE);
    const { around } = delivered(sandbox, ['ann', 'bob']);
    sandbox.pass(5 * MINUTE);
    tenant.userClicks('ann', { networkMessageId: NETWORK_ID, url: 'https://login.fabrikam.example' });
    sandbox.pass(10 * MINUTE);
    tenant.userSignsIn('ann', { ip: '198.51.100.7', country: 'NG', factor: 'single' });
    tenant.addRule('ann', { displayName: '.', isEnabled: true, conditions: {}, actions: HIDES });
    tenant.ruleTold('ann', { name: '.', marksRead: true, moveTo: 'RSS Feeds' });
    tenant.accessTold('ann', { app: APP.toUpperCase(), mails: 500 });
    sandbox.pass(100 * MINUTE);
    const { findings, suspected, answers } = await around();
    const [ann] = tenant.users();
    expect(suspected).toEqual([ann?.id]);
    expect(findings.map(({ kind, strength, measure }) => [kind, strength, measure?.kind ?? null])).toEqual([
      ['inbox-rule', 'strong', 'rule-off'],
      ['sign-in', 'strong', 'revoke-sessions'],
      ['clicked', 'weak', null],
    ]);
    expect(answers.map(({ is }) => is)).toEqual(answers.map(() => 'answered'));
  });

  it('of a tenant without Defender knows as much as Entra and the audit log tell, once that is there', async () => {
    const roles = [...LOOK_ROLES, ...OTHER_LOGS];
    await using sandbox = await openSandbox({ users: ['ann', 'bob'], roles, graph: { hunting: false } });
    const { tenant } = sandbox;
    tenant.userSignsIn('ann', { ip: '203.0.113.10' });
    sandbox.pass(10 * 60 * MINUTE);
    const { around } = delivered(sandbox, ['ann', 'bob'], { on: { signInLogs: true, auditSearch: true } });
    sandbox.pass(10 * MINUTE);
    tenant.userSignsIn('ann', { ip: '198.51.100.7', country: 'NG' });
    tenant.addRule('ann', { displayName: '.', isEnabled: true, conditions: {}, actions: HIDES });
    tenant.ruleTold('ann', { name: '.', marksRead: true, moveTo: 'RSS Feeds' });
    tenant.consentTold('bob', { name: 'Mail Helper', id: randomUUID(), scopes: ['Mail.Read'] });
    sandbox.pass(100 * MINUTE);
    const first = await around();
    expect(first.answers.map(({ source, is }) => [source, is])).toEqual([
      ['sign-ins', 'answered'],
      ['mailbox events', 'no answer'],
      ['link clicks', 'not licensed'],
      ['post-delivery actions', 'not licensed'],
      ['sent mail', 'not licensed'],
      ['risk detections', 'answered'],
      ['directory events', 'answered'],
      ['app grants', 'answered'],
    ]);
    sandbox.pass(10 * MINUTE);
    const { findings, suspected, answers } = await around();
    expect(findings.map(({ kind, sources, measure }) => [kind, sources[0], measure?.kind ?? null])).toEqual([
      ['inbox-rule', 'mailbox events', 'rule-off'],
      ['sign-in', 'sign-ins', 'revoke-sessions'],
      ['consent', 'directory events', null],
    ]);
    expect(suspected).toHaveLength(1);
    expect(answers.find(({ source }) => source === 'mailbox events')).toMatchObject({
      is: 'answered',
      only: 'changes',
    });
    const own = ownRequests();
    expect(sandbox.graph.log.entries().flatMap(({ method, path, body }) => own.request(method, path, body))).toEqual(
      [],
    );
  });

  it('tells what others have done to the mail already', async () => {
    await using sandbox = await openSandbox({ users: ['ann', 'bob'], roles: LOOK_ROLES });
    const { around } = delivered(sandbox, ['ann', 'bob']);
    sandbox.pass(MINUTE);
    const [event] = sandbox.tenant.emailEvents();
    sandbox.graph.remediations.onItsOwn('Phish ZAP', 'moveToJunk', event ? [event] : []);
    sandbox.pass(30 * MINUTE);
    const { already } = await around();
    expect(already).toMatchObject([
      { action: 'Moved to junk folder', way: 'Phish ZAP', result: 'Success', mailboxes: 1 },
    ]);
  });

  it('finds the domain that was never in a conversation of theirs', async () => {
    await using sandbox = await openSandbox({ users: ['ann'], roles: LOOK_ROLES });
    const carl = {
      ...MAIL,
      internetMessageId: '<1@partner.example>',
      networkMessageId: randomUUID(),
      sender: 'carl@partner.example',
    };
    sandbox.tenant.deliver({ ...carl, to: ['ann'], conversation: 'deal' });
    sandbox.pass(30 * MINUTE);
    const { around } = delivered(sandbox, ['ann'], { mail: { conversation: 'deal' } });
    sandbox.pass(MINUTE);
    const { mail } = await around();
    expect(mail.map(({ signal, sentence }) => [signal, sentence])).toContainEqual([
      'thread-hijack',
      'Answers in a thread of yours from a domain that was never in it: fabrikam[.]example.',
    ]);
  });
});

describe('what is known of the mail', () => {
  it('knows what Exchange could not confirm, and that a server of theirs sent it', async () => {
    const from = { sender: 'scanner@contoso.com', mailFrom: 'scanner@contoso.com' };
    const arrival = { clientIp: '203.0.113.7', dmarc: 'fail', compauth: 'fail', action: 'oreject' };
    const found = async (ownRelays?: NonNullable<Parameters<typeof delivered>[2]>['ownRelays']) => {
      await using sandbox = await openSandbox({ users: ['ann'], roles: LOOK_ROLES });
      sandbox.tenant.deliver({
        ...MAIL,
        internetMessageId: '<0@x.example>',
        networkMessageId: randomUUID(),
        to: ['ann'],
      });
      sandbox.pass(30 * MINUTE);
      const { around } = delivered(sandbox, ['ann'], { mail: { ...from, arrival }, ownRelays });
      sandbox.pass(30 * MINUTE);
      return (await around()).mail.map(({ signal, strength }) => [signal, strength]);
    };
    expect(await found()).toContainEqual(['authentication', 'medium']);
    expect(await found({ ips: ['203.0.113.0/24'], connectors: [] })).not.toContainEqual(['authentication', 'medium']);
    expect(await found({ ips: ['198.51.100.7'], connectors: [] })).toContainEqual(['authentication', 'medium']);
  });

  it('knows the name of somebody whom the policy calls important, and how earlier mail was closed', async () => {
    const users = [{ userPrincipalName: 'ann', displayName: 'Ann Bell' }, 'bob'];
    await using sandbox = await openSandbox({ users, roles: LOOK_ROLES });
    const [ann] = sandbox.tenant.users();
    sandbox.tenant.deliver({
      ...MAIL,
      internetMessageId: '<0@x.example>',
      networkMessageId: randomUUID(),
      to: ['bob'],
    });
    sandbox.pass(30 * MINUTE);
    const judged = { address: { malicious: 2, harmless: 0 }, domain: { malicious: 2, harmless: 0 } };
    const mail = { sender: 'chief@stranger.example', senderName: ann?.displayName ?? '' };
    const { around } = delivered(sandbox, ['bob'], { mail, vips: [ann?.mail ?? ''], judged });
    sandbox.pass(30 * MINUTE);
    const signals = (await around()).mail.map(({ signal }) => signal);
    expect(signals).toEqual(expect.arrayContaining(['vip-name', 'judged-before']));
  });

  it('knows the mark of a thread of theirs at a mail that answers nothing in it', async () => {
    await using sandbox = await openSandbox({ users: ['ann'], roles: LOOK_ROLES });
    const marked = (replies: number) => [{ name: 'Thread-Index', value: indexOf(7, replies) }];
    const carl = { ...MAIL, internetMessageId: '<1@partner.example>', sender: 'carl@partner.example' };
    sandbox.tenant.deliver({
      ...{ ...carl, networkMessageId: randomUUID(), to: ['ann'], conversation: 'deal', headers: marked(1) },
    });
    sandbox.pass(30 * MINUTE);
    const { around } = delivered(sandbox, ['ann'], { mail: { conversation: 'deal', headers: marked(1) } });
    sandbox.pass(30 * MINUTE);
    expect((await around()).mail.map(({ signal, strength }) => [signal, strength])).toContainEqual([
      'copied-index',
      'medium',
    ]);
  });

  it('does not take a rule that can be seen for the hidden one of its name', async () => {
    await using sandbox = await openSandbox({ users: ['ann'], roles: LOOK_ROLES });
    const { tenant } = sandbox;
    const { around } = delivered(sandbox, ['ann']);
    sandbox.pass(5 * MINUTE);
    const visible = { displayName: 'Work', isEnabled: true, conditions: {}, actions: { copyToFolder: 'archive' } };
    tenant.addRule('ann', visible);
    tenant.addRule('ann', { ...visible, hidden: true, actions: { delete: true, markAsRead: true } });
    tenant.ruleTold('ann', { name: 'Work', deletes: true, marksRead: true });
    sandbox.pass(100 * MINUTE);
    const [finding] = (await around()).findings;
    expect(finding?.sentence).toContain('it may be hidden');
    expect([finding?.kind, finding?.measure, finding?.byHand]).toEqual([
      'inbox-rule',
      null,
      expect.stringContaining('-IncludeHidden'),
    ]);
  });
});
