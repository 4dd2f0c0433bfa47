import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { becReply, hostileMail, phishingWave } from '../../src/sandbox/attacks.ts';
import { expectOnlyApprovedWrites, type Story, startStory } from '../support/story.ts';

let story: Story;
beforeAll(async () => {
  story = await startStory({ employees: 40, seed: 5 });
});
afterAll(() => story.close());

describe('what else people decide', () => {
  it('one person flags: copies are marked, nothing moves, the purge stays open', async () => {
    const { incident, landed } = await story.attacked(becReply(story.sandbox));
    const before = landed.copies.map(story.folderOf);
    expect(await story.teams('lena', incident, 'flag')).toContain('Flagging 3 copies');
    await story.bothSay(incident, 'The copies are flagged');
    const seen = landed.copies.map((copy) =>
      story.sandbox.tenant.look(copy.userId).messages.find((item) => item.immutableId === copy.messageId),
    );
    expect(seen.map((item) => [item?.flagStatus, item?.categories.includes('Clawback: under review')])).toEqual([
      ['flagged', true],
      ['flagged', true],
      ['flagged', true],
    ]);
    expect(landed.copies.map(story.folderOf)).toEqual(before);
    expect((await story.slackCard(incident)).words).toContain('cb:purge');
  });

  it('rejecting in Slack asks for the reason in a form, refuses an empty one, and locks the card in Teams', async () => {
    const { incident, landed } = await story.attacked(phishingWave(story.sandbox, 4));
    const card = await story.slackCard(incident);
    let looks = 0;
    await story.until('the form is open', async () => {
      // Slack opens none for an answer that took longer than three seconds: people press again.
      if (looks % 100 === 0) await story.sandbox.slack.click('dana', card.id, 'cb:reject');
      looks += 1;
      return story.sandbox.slack.seenBy('dana').modal;
    });
    await story.sandbox.slack.submitModal('dana', { reason: '   ' }, { force: true });
    expect(Object.values(story.sandbox.slack.seenBy('dana').modalErrors).join()).toMatch(/say why|reason/i);
    await story.sandbox.slack.submitModal('dana', { reason: 'A newsletter *we* asked for <!here>' });
    await story.bothSay(incident, 'Not malicious, says Dana Analyst');
    expect((await story.teamsCard(incident)).words).not.toContain('"purge"');
    expect(new Set(landed.copies.map(story.folderOf))).not.toContain('Deletions');
  });

  it('rejecting in Teams takes the reason from the card', async () => {
    const { incident } = await story.attacked(phishingWave(story.sandbox, 4));
    await expect(story.teams('omar', incident, 'reject', {})).rejects.toThrow();
    expect(await story.teams('omar', incident, 'reject', { reason: 'Our own campaign' })).toContain(
      'closed as not malicious',
    );
    await story.bothSay(incident, 'Not malicious, says Omar Analyst');
  });

  it('a common reason closes it in one press, in both chats, and how long the report waited is measured', async () => {
    const newsletter = await story.attacked(phishingWave(story.sandbox, 2));
    const card = await story.slackCard(newsletter.incident);
    const why = /"value":("\{[^}]*bulk[^}]*\}")/.exec(card.words)?.[1] ?? expect.fail('the card has no such choice');
    await story.sandbox.slack.click('dana', card.id, 'cb:reject:why', { choose: JSON.parse(why) });
    await story.bothSay(newsletter.incident, 'Not malicious, says Dana Analyst: A newsletter or other bulk mail');
    const own = await story.attacked(phishingWave(story.sandbox, 2));
    const { id } = await story.teamsCard(own.incident);
    await story.sandbox.teams.click('omar', id, 'reject', {}, { title: 'A colleague wrote it' });
    await story.bothSay(own.incident, 'Not malicious, says Omar Analyst: A colleague wrote it');
    const authorization = `Bearer ${loadConfig(story.configFile, {}).secrets.metricsToken}`;
    const metrics = await (await fetch(`${story.url}/metrics`, { headers: { authorization } })).text();
    const counted = /clawback_answer_seconds_count\{tenant="sandbox",end="harmless"\} (\d+)/.exec(metrics)?.[1];
    expect(Number(counted)).toBeGreaterThanOrEqual(2);
  });

  it('details are a page for the asker alone, in both chats', async () => {
    const { incident } = await story.attacked(phishingWave(story.sandbox, 30));
    await story.sandbox.slack.click('dana', (await story.slackCard(incident)).id, 'cb:details');
    const modal = await story.until('the list is open', () => story.sandbox.slack.seenBy('dana').modal);
    expect(JSON.stringify(modal)).toContain('Page 1 of 3');
    await story.sandbox.slack.clickInModal('dana', 'cb:page:next');
    await story.until('the next page is shown', () =>
      JSON.stringify(story.sandbox.slack.seenBy('dana').modal).includes('Page 2 of 3'),
    );
    const teams = await story.teamsCard(incident);
    await story.sandbox.teams.click('omar', teams.id, 'details');
    const own = await story.until('a private card', () => story.sandbox.teams.seenBy('omar').cards.get(teams.id));
    expect(JSON.stringify(own)).toContain('Page 1 of 3');
    expect(story.sandbox.teams.seenBy('dana').cards.has(teams.id)).toBe(false);
  });

  it('the same mail reported a hundred times is one incident with one card per chat', async () => {
    const attack = phishingWave(story.sandbox, 3);
    const { incident } = await story.attacked(attack);
    const again = await Promise.all(Array.from({ length: 99 }, () => story.report(attack)));
    expect(new Set(again)).toEqual(new Set([incident]));
    await story.bothSay(incident, '100 alerts');
    expect([(await story.slackCard(incident)).count, (await story.teamsCard(incident)).count]).toEqual([1, 1]);
  });

  it('the identical click delivered twice is one vote', async () => {
    const { incident } = await story.attacked(phishingWave(story.sandbox, 3));
    const { sent } = await story.sandbox.slack.click('dana', (await story.slackCard(incident)).id, 'cb:purge');
    await story.sandbox.slack.again(sent);
    await story.bothSay(incident, 'Waiting for approval: 1 of 2 given');
  });

  it('a card that was copied to another channel is dead', async () => {
    const { incident } = await story.attacked(phishingWave(story.sandbox, 3));
    const card = await story.slackCard(incident);
    await story.sandbox.slack.click('dana', card.id, 'cb:purge', { channel: story.sandbox.slack.otherChannelId });
    await story.sandbox.slack.click('omar', card.id, 'cb:details');
    expect((await story.slackCard(incident)).words).toContain('0 of 2 given');
  });

  it('a hostile mail is shown as text, and its look-alikes are left alone', async () => {
    const { incident, landed } = await story.attacked(hostileMail(story.sandbox));
    const slack = await story.slackCard(incident);
    expect(slack.words).not.toContain('https://evil.example');
    expect(slack.words).not.toContain('\u202e');
    await story.slack('dana', incident, 'purge');
    await story.teams('omar', incident, 'purge');
    await story.bothSay(incident, 'Purged: 12 removed');
    const ours = new Set(landed.decoys.map((decoy) => decoy.messageId));
    expect(story.sandbox.graph.log.writes().filter((write) => ours.has(write.message ?? ''))).toEqual([]);
  });

  it('the words “status”, “incident” and “help” are answered in both chats, to people on the list', async () => {
    const { incident } = await story.attacked(phishingWave(story.sandbox, 3));
    await story.sandbox.slack.slash('dana', '/clawback', 'status');
    await story.until('Slack lists it', () =>
      JSON.stringify(story.sandbox.slack.seenBy('dana').ephemerals.at(-1)?.blocks ?? '').includes(incident),
    );
    await story.sandbox.slack.slash('gus', '/clawback', 'status');
    await story.until('a guest is told no', () =>
      JSON.stringify(story.sandbox.slack.seenBy('gus').ephemerals.at(-1)?.blocks ?? '').includes(
        'You hold no role here',
      ),
    );
    const said = await story.sandbox.teams.say('omar', 'help');
    expect(JSON.stringify(said.replies)).toContain('status: the open incidents');
  });
});

describe('what must not get in', () => {
  it('a webhook with a wrong signature is refused as a problem', async () => {
    const response = await fetch(`${story.url}/intake/alerts`, {
      method: 'POST',
      headers: {
        'webhook-id': 'x',
        'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
        'webhook-signature': 'v1,AAAA',
      },
      body: '{}',
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
  });

  it.each([
    ['signed with another secret', { secret: 'not-the-secret' }],
    ['unsigned', { unsigned: true }],
    ['an hour old', { shift: -3_600 }],
    ['from an hour ahead', { shift: 3_600 }],
  ])('a Slack click %s has no effect', async (_how, options) => {
    const { incident } = await story.attacked(phishingWave(story.sandbox, 2));
    const { status } = await story.sandbox.slack.click(
      'dana',
      (await story.slackCard(incident)).id,
      'cb:purge',
      options,
    );
    expect(status).toBe(401);
    expect((await story.slackCard(incident)).words).toContain('0 of 2 given');
  });

  it.each([
    ['for another bot', { aud: '00000000-0000-4000-8000-0000000000ff' }],
    ['by another issuer', { iss: 'https://sts.windows.net/x/' }],
    ['with a key of somebody else', { key: 'foreign' as const }],
    ['without a signature', { alg: 'none' as const }],
    ['that has expired', { expiresIn: -3_600 }],
    ['for another service', { serviceUrl: 'https://smba.trafficmanager.net/other/' }],
    ['that is missing', { absent: true }],
  ])('a Teams click with a token %s has no effect', async (_how, token) => {
    const { incident } = await story.attacked(phishingWave(story.sandbox, 2));
    const draft = story.sandbox.teams.draft('dana', (await story.teamsCard(incident)).id, 'purge');
    const { status } = await story.sandbox.teams.raw(draft, token);
    expect(status).toBe(401);
    expect((await story.teamsCard(incident)).words).toContain('0 of 2 given');
  });

  it('nothing of all this wrote to a mail that nobody approved', async () => {
    const approvedOnly = await story.attacked(phishingWave(story.sandbox, 2));
    story.sandbox.graph.log.clear();
    await story.slack('dana', approvedOnly.incident, 'purge');
    await story.teams('omar', approvedOnly.incident, 'purge');
    await story.bothSay(approvedOnly.incident, 'Purged: 2 removed');
    expectOnlyApprovedWrites(story.sandbox, approvedOnly.landed);
  });

  it('no secret is on any card or in any answer', async () => {
    const env = readFileSync(story.configFile.replace('clawback.yaml', '.env'), 'utf8');
    const secrets = env.split('\n').flatMap((line) => (line.includes('=') ? [line.slice(line.indexOf('=') + 1)] : []));
    const shown = JSON.stringify([await story.sandbox.slack.messages(), story.sandbox.teams.messages()]);
    const { metricsToken } = loadConfig(story.configFile, {}).secrets;
    const headers = { authorization: `Bearer ${metricsToken}` };
    const metrics = await (await fetch(`${story.url}/metrics`, { headers })).text();
    expect(metrics).toContain('clawback_');
    expect(secrets.filter((secret) => shown.includes(secret) || metrics.includes(secret))).toEqual([]);
  });
});
