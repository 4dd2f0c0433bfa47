import { describe, expect, it } from 'vitest';
import { defender } from '../../src/adapters/sources/defender/defender.ts';
import { alertOf, alertsOf, whyNot } from '../support/payloads/read.ts';
import {
  DEFENDER_ALERT,
  DEFENDER_CLUSTER,
  DEFENDER_MESSAGE,
  DEFENDER_RULE,
  DEFENDER_SUBMISSION,
  DEFENDER_TEAMS,
} from '../support/payloads/vendors.ts';

/** What an alert of Defender is read as. */

const read = (change: object) => alertOf(defender, { ...DEFENDER_ALERT, ...change });
const withEvidence = (...evidence: readonly object[]) => ({ ...DEFENDER_ALERT, evidence });

describe('an alert of Defender', () => {
  it('becomes one for its mail, with all who received it', () => {
    expect(read({})).toMatchObject({
      id: DEFENDER_ALERT.id,
      source: 'Defender for Office 365',
      verdict: 'phishing',
      severity: 'high',
      detectedAt: '2026-11-20T08:00:00.000Z',
      message: {
        internetMessageId: '<wave-7@mailer.example>',
        networkMessageId: DEFENDER_MESSAGE.networkMessageId,
        sender: 'billing@mailer.example',
        senderName: 'Billing',
        subject: 'Invoice overdue',
        receivedAt: '2026-11-20T07:59:00.000Z',
        urls: ['https://pay.mailer.example/x'],
      },
      recipients: ['ann@contoso.example', 'bob@contoso.example'],
      campaign: { source: 'Defender incident', id: '28282' },
      vendorAction: { state: 'waiting', says: 'pendingApproval' },
      link: DEFENDER_ALERT.alertWebUrl,
    });
  });

  it('becomes one for each of its mails', () => {
    const other = { ...DEFENDER_MESSAGE, networkMessageId: '11111111-2222-4333-8444-777777777777' };
    const alerts = alertsOf(defender, withEvidence(DEFENDER_MESSAGE, other));
    expect(alerts.map(({ message }) => message.networkMessageId)).toEqual([
      DEFENDER_MESSAGE.networkMessageId,
      other.networkMessageId,
    ]);
  });

  it('about a report says who has reported', () => {
    const alert = alertOf(defender, withEvidence(DEFENDER_SUBMISSION));
    expect([alert.reporter, alert.message.sender, alert.verdict]).toEqual([
      { entraId: null, address: 'ann@contoso.example' },
      'billing@mailer.example',
      'phishing',
    ]);
  });

  it('tells how much of a cluster is named, and what its mails have in common', () => {
    const { campaign, findings } = alertOf(defender, withEvidence(DEFENDER_MESSAGE, DEFENDER_CLUSTER));
    expect(campaign).toEqual({ source: 'Defender, by Subject;SenderIp', id: 'Invoice overdue;192.0.2.7' });
    expect(findings).toContain('Defender puts 40 mails, of which 2 are named into one cluster.');
  });

  it('that holds a cluster alone is one for each id in it', () => {
    const alerts = alertsOf(defender, withEvidence(DEFENDER_CLUSTER));
    expect(alerts.map(({ message, vendorAction }) => [message.networkMessageId, vendorAction?.state])).toEqual(
      DEFENDER_CLUSTER.networkMessageIds.map((id) => [id, 'running']),
    );
  });

  it('shows a rule of a mailbox and a message in Teams, and acts on neither', () => {
    const { findings } = alertOf(defender, withEvidence(DEFENDER_MESSAGE, DEFENDER_RULE, DEFENDER_TEAMS));
    expect(findings).toContain(
      'A rule that forwards mail called “..” in bob@contoso.example: look at it, nothing here changes it.',
    );
    expect(findings).toContain(
      'A message in Teams from mallory@mailer.example to 2 people is part of it: it is not removed from here.',
    );
  });

  it('with links and files beside the mail takes them as its own', () => {
    const of = (type: string) => ({ '@odata.type': `#microsoft.graph.security.${type}Evidence` });
    const file = { ...of('file'), fileDetails: { fileName: 'invoice.pdf', sha256: 'ab'.repeat(32) } };
    const url = { ...of('url'), url: 'https://second.mailer.example/y' };
    const { message, evidence } = alertOf(defender, withEvidence(DEFENDER_MESSAGE, url, file));
    expect([message.urls.length, message.attachments, evidence?.files[0]?.sha256]).toEqual([
      2,
      ['invoice.pdf'],
      'ab'.repeat(32),
    ]);
  });

  it.each([
    ['remediated', 'removed'],
    ['running', 'running'],
    ['partiallyRemediated', 'partly'],
    ['blocked', 'kept-out'],
    ['active', undefined],
    ['none', undefined],
    ['transmogrified', 'other'],
  ])('says of %s that it is %s', (remediationStatus, state) => {
    const { vendorAction } = alertOf(defender, withEvidence({ ...DEFENDER_MESSAGE, remediationStatus }));
    expect(vendorAction?.state).toBe(state);
  });

  it('of which only one copy is removed is removed in part', () => {
    const [one, other] = ['remediated', 'active'].map((remediationStatus) => ({
      ...DEFENDER_MESSAGE,
      remediationStatus,
    }));
    expect(alertOf(defender, withEvidence(one ?? {}, other ?? {})).vendorAction?.state).toBe('partly');
  });

  it('that somebody calls false takes its word back', () => {
    expect(read({ classification: 'falsePositive' }).vendorAction?.state).toBe('withdrawn');
  });

  it('of a simulation bears the mark of one', () => {
    const about = { attackSimulationInfo: { attackSimId: 'x' } };
    const own = alertOf(defender, withEvidence({ ...DEFENDER_MESSAGE, ...about }));
    expect([own.simulation, own.exercise]).toEqual([true, true]);
    expect('simulation' in read({})).toBe(false);
  });

  it('is an exercise by the mail itself alone: what stands on the alert, or is empty, vouches for none', () => {
    expect(read({ attackSimulationInfo: { attackSimId: 'x' } }).exercise).toBeUndefined();
    expect(alertOf(defender, withEvidence({ ...DEFENDER_MESSAGE, attackSimulationInfo: {} })).exercise).toBeUndefined();
  });

  it('with words that nobody knows is suspicious, and of medium weight', () => {
    const evidence = [{ ...DEFENDER_MESSAGE, threats: ['Bamboozle'] }];
    const alert = read({
      title: 'Anomaly',
      severity: 'unknownFutureValue',
      serviceSource: 'unknownFutureValue',
      evidence,
    });
    expect([alert.verdict, alert.severity, alert.source]).toEqual(['suspicious', 'medium', 'Defender']);
  });

  it('without a recipient is looked for in the mailboxes beside the mail', () => {
    const mailbox = {
      '@odata.type': '#microsoft.graph.security.mailboxEvidence',
      primaryAddress: 'cara@contoso.example',
    };
    const message = { ...DEFENDER_MESSAGE, recipientEmailAddress: null };
    expect(alertOf(defender, withEvidence(message, mailbox)).recipients).toEqual(['cara@contoso.example']);
    expect(alertOf(defender, withEvidence(DEFENDER_MESSAGE, mailbox)).recipients).toEqual(['ann@contoso.example']);
  });

  it('of Sentinel, or in an incident, is read likewise', () => {
    const sentinel = { ...DEFENDER_ALERT, serviceSource: 'microsoftSentinel' };
    expect(alertOf(defender, { id: '28282', alerts: [sentinel] }).source).toBe('Sentinel');
    expect(alertOf(defender, { id: '28282', alerts: sentinel }).source).toBe('Sentinel');
  });

  it.each([
    [
      'a rule alone',
      withEvidence(DEFENDER_RULE),
      'evidence: names no mail that could be looked for. A rule that forwards',
    ],
    [
      'Teams alone',
      withEvidence(DEFENDER_TEAMS),
      'evidence: names no mail that could be looked for. A message in Teams',
    ],
    [
      'a device',
      withEvidence({ '@odata.type': '#microsoft.graph.security.deviceEvidence' }),
      'names no mail: deviceEvidence',
    ],
    ['nothing', { ...DEFENDER_ALERT, evidence: undefined }, 'evidence: is missing'],
    ['an empty list', { value: [] }, 'value: holds no alert'],
    ['a body that is cut', JSON.stringify(DEFENDER_ALERT).slice(0, -4), 'not-json'],
  ])('about %s is none, and that is said', (_name, payload, why) => {
    expect(whyNot(defender, payload)).toEqual([expect.stringContaining(why)]);
  });
});
