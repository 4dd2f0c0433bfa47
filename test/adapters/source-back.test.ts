import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { graphReading } from '../../src/adapters/microsoft/reading.ts';
import { abnormal } from '../../src/adapters/sources/abnormal/abnormal.ts';
import { defender } from '../../src/adapters/sources/defender/defender.ts';
import { sublime } from '../../src/adapters/sources/sublime/sublime.ts';
import { VENDOR_NAMES, vendorOf } from '../../src/adapters/sources/vendors.ts';
import type { End, TellingBack } from '../../src/ports/source.ts';
import { type Abnormal, startAbnormal } from '../../src/sandbox/abnormal/start.ts';
import { type Sublime, startSublime } from '../../src/sandbox/sublime/start.ts';
import { openSandbox, type Sandbox } from '../sandbox/graph-stand-in.ts';
import { DEFENDER_ALERT } from '../support/payloads/vendors.ts';

/** Each vendor is told how its alert ended, in its own words, and never to do anything. */

const END: End = {
  is: 'removed',
  alert: 'message-1',
  verdict: 'phishing',
  whole: 'removed',
  words: 'Clawback CB-1/9: confirmed as malicious and taken out of mailboxes. 2 copies: removed 2.',
  mark: 'Clawback CB-1/9',
  rows: [],
};
const NOW = '2026-11-20T09:00:00.000Z';
const until = () => AbortSignal.timeout(20_000);

describe('Defender', () => {
  let sandbox: Sandbox;
  let how: TellingBack;
  const alert = () => sandbox.graph.alerts[0] as Record<string, unknown>;
  const comments = () => ((alert()['comments'] ?? []) as { comment: string }[]).map(({ comment }) => comment);
  const tell = (change: Partial<End> = {}) =>
    defender.back.tell(how, { ...END, alert: DEFENDER_ALERT.id, ...change }, until());
  const opened = async (role: string) => {
    sandbox = await openSandbox({ roles: [role] });
    sandbox.graph.alerts.push({ ...DEFENDER_ALERT, status: 'new', classification: null, determination: null });
    const graph = graphReading({
      baseUrl: sandbox.graph.url,
      token: () => Promise.resolve(sandbox.token),
      ids: () => crypto.randomUUID(),
      clock: Date.now,
    });
    how = { url: null, secrets: [], now: NOW, graph };
  };
  beforeEach(() => opened('SecurityAlert.ReadWrite.All'));
  afterEach(() => sandbox[Symbol.asyncDispose]());

  it.each([
    ['removed', 'truePositive', 'phishing'],
    ['set-aside', 'truePositive', 'phishing'],
    ['harmless', 'falsePositive', 'notMalicious'],
    ['exercise', 'informationalExpectedActivity', 'securityTesting'],
  ] as const)(
    'is told of what is %s: resolved as %s, %s, with the comment',
    async (is, classification, determination) => {
      expect(await tell({ is, whole: is })).toEqual({ kind: 'told' });
      expect(alert()).toMatchObject({ status: 'resolved', classification, determination });
      expect(comments()).toEqual([END.words]);
    },
  );

  it('is told once: what has arrived is seen there, and not said again', async () => {
    await tell();
    expect(await tell()).toEqual({ kind: 'known' });
    expect(comments()).toHaveLength(1);
  });

  it('is told by a comment alone while other mails of the alert are open, or the mail is put back', async () => {
    expect(await tell({ whole: null })).toEqual({ kind: 'told' });
    expect(
      await tell({ is: 'put-back', whole: 'put-back', mark: 'Clawback CB-1/12', words: 'Clawback CB-1/12: back.' }),
    ).toEqual({
      kind: 'told',
    });
    expect(alert()).toMatchObject({ status: 'new', classification: null });
    expect(comments()).toHaveLength(2);
  });

  it('keeps what people there have classified', async () => {
    Object.assign(alert(), { classification: 'truePositive', determination: 'malware' });
    await tell({ is: 'harmless', whole: 'harmless' });
    expect(alert()).toMatchObject({ status: 'resolved', classification: 'truePositive', determination: 'malware' });
  });

  it('says what is missing where it may only read, and has changed nothing', async () => {
    await sandbox[Symbol.asyncDispose]();
    await opened('SecurityAlert.Read.All');
    expect(await tell()).toMatchObject({
      kind: 'failed',
      why: expect.stringContaining('grant SecurityAlert.ReadWrite.All'),
    });
    expect([alert()['status'], comments()]).toEqual(['new', []]);
  });

  it('has nothing to be told where the alert is gone', async () => {
    expect(await tell({ alert: 'another' })).toMatchObject({ kind: 'nothing' });
  });
});

describe('Sublime', () => {
  let cloud: Sublime;
  beforeEach(async () => {
    cloud = await startSublime({ key: 'the-api-key', secret: 'the-signing-secret' });
    cloud.messages.set('message-1', { id: 'message-1', canonical_id: 'group-1' });
  });
  afterEach(() => cloud.close());
  const tell = (change: Partial<End> = {}, key = 'the-api-key') =>
    sublime.back.tell(
      { url: cloud.url, secrets: [`sign=the-signing-secret`, `key=${key}`], now: NOW, graph: null },
      { ...END, ...change },
      until(),
    );

  it.each([
    ['removed', 'malicious'],
    ['harmless', 'benign'],
    ['exercise', 'simulation'],
  ] as const)('reviews the group of what is %s as %s, and is given no action', async (is, classification) => {
    expect(await tell({ is })).toEqual({ kind: 'told' });
    expect(cloud.reviews).toEqual([
      { message_group_ids: ['group-1'], classification, review_comment: END.words, share_with_sublime: false },
    ]);
    expect(cloud.asked.filter((path) => path.startsWith('POST'))).toEqual(['POST /v0/message-groups/review']);
  });

  it('is left alone about what is put back, and where the message is gone', async () => {
    expect(await tell({ is: 'put-back' })).toMatchObject({ kind: 'nothing' });
    expect(await tell({ alert: 'message-2' })).toMatchObject({ kind: 'nothing' });
    expect(cloud.reviews).toEqual([]);
  });

  it('keeps to how long it wants to be left alone, and a wrong key is said', async () => {
    cloud.trouble.push(429);
    expect(await tell()).toMatchObject({ kind: 'failed', waitMs: 7_000 });
    expect(await tell({}, 'wrong')).toMatchObject({ kind: 'failed', why: expect.stringContaining('401') });
  });
});

describe('Abnormal', () => {
  const ID = '9007199254740993123';
  const LINK = 'https://portal.abnormal.example/home/threat-center/remediation-history/1';
  const ROW = `{"abxMessageId":${ID},"abxMessageIdStr":"${ID}","abxPortalUrl":"${LINK}"}`;
  let cloud: Abnormal;
  beforeEach(async () => {
    cloud = await startAbnormal({ token: 'the-access-token' });
    cloud.threats.push({ id: 'threat-1', receivedTime: NOW, messages: [ROW] });
  });
  afterEach(() => cloud.close());
  const tell = (change: Partial<End> = {}) =>
    abnormal.back.tell(
      { url: cloud.url, secrets: ['the-access-token'], now: NOW, graph: null },
      { ...END, is: 'harmless', alert: ID, rows: [ROW], ...change },
      until(),
    );

  it('is told that a mail was none, once, by its page', async () => {
    expect(await tell()).toEqual({ kind: 'told' });
    expect(await tell()).toEqual({ kind: 'known' });
    expect(cloud.reports).toEqual([{ report_type: 'false-positive', portal_link: LINK, description: END.words }]);
  });

  it('whose answer was lost is looked at before it is told again', async () => {
    cloud.trouble.push('fine', 'cut');
    expect(await tell()).toMatchObject({ kind: 'failed' });
    expect(await tell()).toEqual({ kind: 'known' });
    expect(cloud.reports).toHaveLength(1);
  });

  it('that takes no reports at its address is not told, and that is said', async () => {
    const elsewhere = { url: `${cloud.url}/elsewhere`, secrets: ['the-access-token'], now: NOW, graph: null };
    const end = { ...END, is: 'harmless', alert: ID, rows: [ROW] } as const;
    expect(await abnormal.back.tell(elsewhere, end, until())).toMatchObject({ kind: 'nothing' });
    expect(cloud.reports).toEqual([]);
  });

  it('takes no word about what was removed, and its actions on threats are never asked for', async () => {
    expect(await tell({ is: 'removed' })).toMatchObject({ kind: 'nothing' });
    expect(await tell({ rows: [] })).toMatchObject({ kind: 'nothing' });
    expect(cloud.asked).toEqual([]);
  });
});

describe('who is told', () => {
  it('are those whose API takes it', () => {
    expect(VENDOR_NAMES.filter((name) => vendorOf(name).back)).toEqual([
      'sublime',
      'defender',
      'abnormal',
      'submissions',
    ]);
  });
});
