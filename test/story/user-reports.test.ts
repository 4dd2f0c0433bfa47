import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type Landed, phishingWave } from '../../src/sandbox/attacks.ts';
import {
  attached,
  FROM_INSIDE,
  type ReportParts,
  reportedMail,
  reportMail,
  SUBMISSION,
} from '../support/payloads/reports.ts';
import { OUT_OF_SIGHT, type Story, startStory } from '../support/story.ts';

/** From what people report, to Microsoft or to a mailbox, to the verified purge, and back to whoever reported. */

const REPORTS = 'reports@contoso.example';
const MINUTE = 60_000;
let story: Story;
const mails: Record<'submitted' | 'sent' | 'harmless' | 'forged', Landed> = {} as never;
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString();

beforeAll(async () => {
  story = await startStory({ employees: 12, seed: 33, sources: true });
  await story.stop();
  const { sandbox } = story;
  sandbox.teams.habits.personal = true;
  sandbox.tenant.addUser({ userPrincipalName: REPORTS, displayName: 'Phishing reports' });
  const config = parse(readFileSync(story.configFile, 'utf8'));
  config.tenants[0].sources.push(
    { name: 'outlook', vendor: 'submissions', tellEnd: true, claims: { facts: ['reporters', 'recipients'] } },
    {
      name: 'mailbox',
      vendor: 'report-mailbox',
      mailbox: REPORTS,
      notify: true,
      tellReporter: true,
      claims: { facts: ['reporters'] },
    },
  );
  writeFileSync(story.configFile, stringify(config));
  // What is asked for is there before it is asked for.
  for (const name of ['submitted', 'sent', 'harmless', 'forged'] as const) mails[name] = story.land(wave(name));
  submit(mails.submitted, 'submission-1');
  submit(mails.harmless, 'submission-2');
  send(mails.sent, { from: 'emma@contoso.example' });
  send(mails.forged, { from: 'dana@contoso.example', top: [] });
  await story.start();
});
afterAll(() => story.close());

const wave = (name: string) => ({ ...phishingWave(story.sandbox, 3), subject: `Overdue invoice, ${name}` });

function submit({ attack }: Landed, id: string): void {
  const emma = story.sandbox.tenant.userByKey('emma@contoso.example');
  story.sandbox.graph.submissions.push({
    ...SUBMISSION,
    id,
    createdDateTime: ago(5),
    createdBy: { user: { identity: emma?.id, displayName: 'Emma', email: 'emma@contoso.example' } },
    internetMessageId: attack.internetMessageId,
    subject: attack.subject,
    sender: attack.sender,
    receivedDateTime: attack.receivedAt,
  });
}

function send({ attack }: Landed, parts: Partial<ReportParts>): void {
  const inner = reportedMail({
    From: `Billing <${attack.sender}>`,
    Subject: attack.subject,
    'Message-ID': attack.internetMessageId,
    'X-MS-Exchange-Organization-Network-Message-Id': attack.networkMessageId,
  });
  story.sandbox.tenant.deliver({
    to: [REPORTS],
    internetMessageId: `<report of ${attack.networkMessageId}@contoso.example>`,
    sender: parts.from ?? '',
    subject: '3|Phishing',
    receivedAt: ago(3),
    mime: reportMail({ top: [FROM_INSIDE], parts: [attached(inner)], ...parts }),
  });
}

/** The incident about this mail, by its subject. */
const cardAbout = (name: string) =>
  story.until(`there is a card about ${name}`, async () => {
    const texts = (await story.sandbox.slack.messages()).map(({ blocks }) => JSON.stringify(blocks));
    const found = texts.find((text) => text.includes(`invoice, ${name}`) && text.includes('Waiting for approval'));
    return /CB-[0-9A-Z-]+/.exec(found ?? '')?.[0];
  });

async function purged(incident: string, { copies }: Landed): Promise<void> {
  await story.bothSay(incident, 'Waiting for approval');
  await story.slack('dana', incident, 'purge');
  await story.teams('omar', incident, 'purge');
  await story.bothSay(incident, 'seen gone');
  expect(new Set(copies.map(story.folderOf))).toEqual(new Set([OUT_OF_SIGHT]));
}

const submission = (id: string) => story.sandbox.graph.submissions.find((one) => one['id'] === id);
const reviewOf = (id: string) => (submission(id)?.['adminReview'] as { reviewResult?: string } | null)?.reviewResult;

describe('what a user reports to Microsoft', () => {
  it('is asked for, purged, and reviewed there, of which Microsoft tells the user', async () => {
    const incident = await cardAbout('submitted');
    await purged(incident, mails.submitted);
    await story.until('the submission is reviewed', () => reviewOf('submission-1'));
    expect(reviewOf('submission-1')).toBe('phishing');
    await story.bothSay(incident, 'outlook was told how it ended');
  });

  it('and people find to be harmless is reviewed as that', async () => {
    const incident = await cardAbout('harmless');
    await story.bothSay(incident, 'Waiting for approval');
    await story.teams('dana', incident, 'reject', { reason: 'A real invoice' });
    await story.until('the submission is reviewed', () => reviewOf('submission-2'));
    expect(reviewOf('submission-2')).toBe('notJunk');
  });
});

describe('what a user sends to the mailbox of reports', () => {
  it('is read and purged, and the mailbox is left as it was', async () => {
    const incident = await cardAbout('sent');
    await purged(incident, mails.sent);
    const { sandbox } = story;
    const box = sandbox.tenant.userByKey(REPORTS)?.id;
    expect(sandbox.graph.log.writes().filter(({ mailbox }) => mailbox === box)).toEqual([]);
  });

  it('is told to them in Teams, alone, with what was seen', async () => {
    const told = await story.until('Emma is told', () => story.sandbox.teams.seenBy('emma').whispers.at(-1));
    const words = JSON.stringify(told.card);
    expect(words).toContain('The mail “Overdue invoice, sent”');
    expect(words).toContain('taken out of mailboxes: 3 copies of it, each seen gone');
    expect(story.sandbox.teams.seenBy('dana').whispers).toEqual([]);
  });

  it('is told of by Exchange itself', async () => {
    const isThere = () => [...story.sandbox.graph.subscriptions.values()].length === 1;
    await story.until('Exchange is asked to tell', isThere);
    const later = story.land(wave('later'));
    send(later, { from: 'emma@contoso.example' });
    const incident = await cardAbout('later');
    await purged(incident, later);
  });

  it('in the name of somebody who decides takes no vote away where Exchange does not vouch for it', async () => {
    const incident = await cardAbout('forged');
    expect((await story.slackCard(incident)).words).toContain('Exchange does not say that');
    await purged(incident, mails.forged);
  });
});
