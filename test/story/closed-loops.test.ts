import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type Abnormal, startAbnormal } from '../../src/sandbox/abnormal/start.ts';
import { type Landed, phishingWave } from '../../src/sandbox/attacks.ts';
import { type Proofpoint, startProofpoint } from '../../src/sandbox/proofpoint/start.ts';
import { type Sublime, startSublime } from '../../src/sandbox/sublime/start.ts';
import { OCSF_FINDING } from '../support/payloads/generic.ts';
import {
  abnormalRow,
  DEFENDER_ALERT,
  DEFENDER_MESSAGE,
  SUBLIME_EVENT,
  SUBLIME_MESSAGE,
  SUBLIME_MODEL,
  TAP_MESSAGE,
} from '../support/payloads/vendors.ts';
import { signed } from '../support/signed-alerts.ts';
import { OUT_OF_SIGHT, type Story, startStory } from '../support/story.ts';

/** From each vendor's own event to the verified purge, and back to the vendor as far as it listens. */

const MINUTE = 60_000;
const TOKEN = 'the-access-token-of-the-api';
const WEBHOOK = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
let story: Story;
let [abnormal, proofpoint, sublime]: [Abnormal, Proofpoint, Sublime] = [] as never;
const mails: Record<'defender' | 'abnormal' | 'proofpoint', Landed> = {} as never;
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString();

beforeAll(async () => {
  abnormal = await startAbnormal({ token: TOKEN });
  proofpoint = await startProofpoint({ principal: 'principal', secret: 'the-secret', clock: Date.now });
  sublime = await startSublime({ key: 'the-api-key', secret: 'the-signing-secret' });
  story = await startStory({ employees: 12, seed: 32, sources: true });
  await story.stop();
  const config = parse(readFileSync(story.configFile, 'utf8'));
  config.tenants[0].sources.push(
    { name: 'xdr', vendor: 'defender', tellEnd: true, claims: { facts: ['ids'] } },
    { name: 'abnormal', vendor: 'abnormal', url: abnormal.url, tellEnd: true },
    { name: 'tap', vendor: 'proofpoint', url: proofpoint.url },
    { name: 'sublime', vendor: 'sublime', url: sublime.url, tellEnd: true },
    { name: 'guard', vendor: 'generic' },
  );
  writeFileSync(story.configFile, stringify(config));
  appendFileSync(
    join(dirname(story.configFile), '.env'),
    [
      '',
      `CLAWBACK_SANDBOX_SOURCE_ABNORMAL_SECRETS=${TOKEN}`,
      'CLAWBACK_SANDBOX_SOURCE_TAP_SECRETS=principal:the-secret',
      'CLAWBACK_SANDBOX_SOURCE_SUBLIME_SECRETS="sign=the-signing-secret key=the-api-key"',
      `CLAWBACK_SANDBOX_SOURCE_GUARD_SECRETS=${WEBHOOK}`,
      '',
    ].join('\n'),
  );
  // What is asked for is there before it is asked for.
  for (const name of ['defender', 'abnormal', 'proofpoint'] as const) mails[name] = story.land(wave());
  told();
  await story.start();
});
afterAll(() => Promise.all([story.close(), abnormal.close(), proofpoint.close(), sublime.close()]));

const wave = () => phishingWave(story.sandbox, 3);

function told(): void {
  const { defender: one, abnormal: two, proofpoint: three } = mails;
  story.sandbox.graph.alerts.push({
    ...DEFENDER_ALERT,
    classification: null,
    createdDateTime: ago(5),
    lastUpdateDateTime: ago(5),
    evidence: one.attack.recipients.map((recipientEmailAddress) => ({
      ...DEFENDER_MESSAGE,
      networkMessageId: one.attack.networkMessageId,
      internetMessageId: one.attack.internetMessageId,
      subject: one.attack.subject,
      p2Sender: { emailAddress: one.attack.sender },
      recipientEmailAddress,
      receivedDateTime: one.attack.receivedAt,
      remediationStatus: 'none',
    })),
  });
  const row = (recipient: string) =>
    abnormalRow({
      internetMessageId: two.attack.internetMessageId,
      subject: two.attack.subject,
      fromAddress: two.attack.sender,
      recipientAddress: recipient,
      toAddresses: recipient,
      ccEmails: [],
      receivedTime: ago(5),
      autoRemediated: false,
    });
  const receivedTime = `${ago(5).slice(0, 19)}Z`;
  abnormal.threats.push({ id: 'threat-1', receivedTime, messages: two.attack.recipients.map(row) });
  proofpoint.events.push({
    at: ago(10),
    list: 'messagesDelivered',
    event: {
      ...TAP_MESSAGE,
      messageID: three.attack.internetMessageId.slice(1, -1),
      fromAddress: [three.attack.sender],
      headerFrom: three.attack.sender,
      recipient: three.attack.recipients,
      subject: three.attack.subject,
      messageTime: three.attack.receivedAt,
    },
  });
}

/** The incident about this mail, by what the vendor's own name for it is on the card. */
const cardAbout = (source: string) =>
  story.until(`there is a card of ${source}`, async () => {
    const texts = (await story.sandbox.slack.messages()).map(({ blocks }) => JSON.stringify(blocks));
    const found = texts.find((text) => text.includes(source) && text.includes('Waiting for approval'));
    return /CB-[0-9A-Z-]+/.exec(found ?? '')?.[0];
  });

async function purged(incident: string, { copies }: Landed): Promise<void> {
  await story.bothSay(incident, 'Waiting for approval');
  await story.slack('dana', incident, 'purge');
  await story.teams('omar', incident, 'purge');
  await story.bothSay(incident, 'seen gone');
  expect(new Set(copies.map(story.folderOf))).toEqual(new Set([OUT_OF_SIGHT]));
}

describe('an alert of Defender', () => {
  it('is asked for, purged, and resolved there with what was seen of each copy', async () => {
    const incident = await cardAbout('xdr');
    await purged(incident, mails.defender);
    const [alert] = story.sandbox.graph.alerts;
    await story.until('the alert is resolved', () => (alert?.['comments'] as unknown[] | undefined)?.length === 1);
    expect(alert).toMatchObject({ status: 'resolved', classification: 'truePositive', determination: 'phishing' });
    const [comment = ''] = ((alert?.['comments'] ?? []) as { comment: string }[]).map((one) => one.comment);
    expect(comment).toMatch(new RegExp(`^Clawback ${incident}/\\d+: confirmed as malicious`));
    expect(comment).toMatch(/removed 3\. Plan SHA-256 [0-9a-f]{64}\. Record: entry \d+, SHA-256 [0-9a-f]{64}\.$/);
    await story.bothSay(incident, 'xdr was told how it ended');
  });
});

describe('a threat of Abnormal', () => {
  it('is asked for and purged, and nothing is set off there', async () => {
    const incident = await cardAbout('abnormal');
    await purged(incident, mails.abnormal);
    expect(abnormal.reports).toEqual([]);
    expect(abnormal.asked.every((path) => path.startsWith('/v1/threats'))).toBe(true);
  });
});

describe('an event of Proofpoint', () => {
  it('is asked for and purged; it takes nothing back', async () => {
    const incident = await cardAbout('Proofpoint TAP');
    await purged(incident, mails.proofpoint);
  });
});

describe('a finding in OCSF', () => {
  it('is sent and purged', async () => {
    const landed = story.land(wave());
    const { internetMessageId, sender, recipients, subject } = landed.attack;
    const email = { message_uid: internetMessageId, from: sender, to: recipients, subject };
    const { disposition_id: _id, disposition: _text, ...finding } = OCSF_FINDING;
    const body = JSON.stringify({ ...finding, evidences: [{ email }] });
    const headers = { 'content-type': 'application/json', ...signed(body, { secret: WEBHOOK, id: 'finding-1' }) };
    const answer = await fetch(`${story.url}/intake/alerts/generic`, { method: 'POST', headers, body });
    const { incident } = (await answer.json()) as { incident: string };
    await purged(incident, landed);
  });
});

describe('a message of Sublime', () => {
  it('is sent and purged, and its group is reviewed without an action', async () => {
    const landed = story.land(wave());
    const { internetMessageId, sender, recipients, subject } = landed.attack;
    sublime.messages.set('message-1', { ...SUBLIME_MESSAGE, subject, sender: { email: sender } });
    sublime.models.set('message-1', {
      ...SUBLIME_MODEL,
      headers: { message_id: internetMessageId },
      sender: { email: { email: sender } },
      subject: { subject },
      recipients: { to: recipients.map((email) => ({ email: { email } })) },
      mailbox: {},
    });
    const answer = await sublime.deliver(`${story.url}/intake/alerts/sublime`, SUBLIME_EVENT);
    const { incident } = (await answer.json()) as { incident: string };
    await purged(incident, landed);
    await story.until('the group is reviewed', () => sublime.reviews.length === 1);
    expect(sublime.reviews[0]).toMatchObject({ message_group_ids: ['group-7'], classification: 'malicious' });
    expect(Object.keys(sublime.reviews[0] ?? {})).not.toContain('action');
  });
});
