import { describe, expect, it } from 'vitest';
import { generic } from '../../src/adapters/sources/generic/generic.ts';
import { cloudEvent, OCSF_EMAIL, OCSF_FINDING, OWN, STIX } from '../support/payloads/generic.ts';
import { alertOf, alertsOf, KNOWN, mailsOf, whyNot } from '../support/payloads/read.ts';

const read = (payload: unknown) => alertOf(generic, payload);
const MAIL = { internetMessageId: '<wave-7@mailer.example>', sender: 'billing@mailer.example' };

describe('a finding in OCSF', () => {
  it('tells of the mail among its evidences', () => {
    const { message, recipients, ...alert } = read(OCSF_FINDING);
    expect(message).toMatchObject({
      ...MAIL,
      senderName: 'Billing',
      subject: 'Invoice overdue',
      urls: ['https://pay.mailer.example/x', 'https://second.mailer.example/y'],
      attachments: ['invoice.pdf'],
    });
    expect(recipients).toEqual(['ann@contoso.example', 'bob@contoso.example']);
    expect(alert).toMatchObject({
      id: 'finding-1',
      source: 'Fabrikam Mail Guard',
      verdict: 'phishing',
      severity: 'high',
      confidence: 88,
      detectedAt: '2026-11-20T08:00:00.000Z',
      link: 'https://guard.fabrikam.example/findings/1',
      vendorAction: { state: 'removed', says: 'Quarantined' },
      evidence: { files: [{ name: 'invoice.pdf', sha256: 'ab'.repeat(32) }] },
      findings: ['Credential phishing'],
    });
    expect(JSON.parse(alert.row?.text ?? '')).toEqual(OCSF_FINDING);
  });

  it('tells of every mail in it', () => {
    const second = { email: { message_uid: '<wave-8@mailer.example>', from: 'x@mailer.example' } };
    const mails = mailsOf(generic, { ...OCSF_FINDING, evidences: [...OCSF_FINDING.evidences, second] });
    expect(mails.map(({ id }) => id)).toEqual([
      'finding-1/<wave-7@mailer.example>',
      'finding-1/<wave-8@mailer.example>',
    ]);
  });

  it('may name the parts of the mail as observables', () => {
    const observables = [
      { name: 'evidences[0].email.message_uid', type_id: 99, value: '<wave-7@mailer.example>' },
      { name: 'evidences[0].email.from', type_id: 5, value: 'billing@mailer.example' },
      { name: 'evidences[0].email.to[0]', type_id: 5, value: 'ann@contoso.example' },
    ];
    const { message, recipients } = read({ ...OCSF_FINDING, evidences: [], observables });
    expect([message.internetMessageId, message.sender, recipients]).toEqual([
      ...Object.values(MAIL),
      ['ann@contoso.example'],
    ]);
  });

  it('calls false what turned out harmless, and the verdict stays what it was', () => {
    const evidences = [{ ...OCSF_FINDING.evidences[0], verdict_id: 1 }];
    const { disposition_id: _id, disposition: _text, ...finding } = OCSF_FINDING;
    const { vendorAction, verdict } = read({ ...finding, evidences });
    expect([vendorAction?.state, verdict]).toEqual(['withdrawn', 'phishing']);
  });

  it('with words and numbers that nobody knows is suspicious, of medium weight, and no less an alert', () => {
    const finding_info = { uid: 'f', title: 'Anomaly', types: ['Novel'] };
    const alert = read({ ...OCSF_FINDING, finding_info, severity_id: 99, disposition_id: 77, time: 'soon' });
    expect([alert.verdict, alert.severity, alert.vendorAction?.state, alert.detectedAt]).toEqual([
      'suspicious',
      'medium',
      'other',
      KNOWN.now,
    ]);
  });
});

it('an email activity in OCSF tells of its mail, with Exchange’s id where an id is one', () => {
  const alert = read(OCSF_EMAIL);
  expect(alert).toMatchObject({
    id: 'event-1',
    verdict: 'bec',
    severity: 'critical',
    message: { ...MAIL, networkMessageId: '11111111-2222-4333-8444-555555555555' },
    recipients: ['ann@contoso.example', 'bob@contoso.example', 'cara@contoso.example'],
    evidence: { spf: 'fail', dkim: 'none', dmarc: 'fail' },
  });
  expect('campaign' in alert).toBe(false);
});

it('its number may stand at the head of the type, and what ties events together is a campaign', () => {
  const { class_uid: _none, ...event } = OCSF_EMAIL;
  const { campaign } = read({ ...event, metadata: { ...event.metadata, correlation_uid: 'wave-7' } });
  expect(campaign).toEqual({ source: 'Fabrikam Mail Guard', id: 'wave-7' });
});

describe('a bundle in STIX', () => {
  it('tells of its one mail', () => {
    expect(read(STIX)).toMatchObject({
      id: 'email-message--1',
      source: 'Fabrikam CERT',
      verdict: 'phishing',
      confidence: 85,
      detectedAt: '2026-11-20T08:00:00.000Z',
      message: { ...MAIL, senderName: 'Billing', urls: ['https://pay.mailer.example/x'], attachments: ['invoice.pdf'] },
      recipients: ['ann@contoso.example'],
      campaign: { source: 'Fabrikam CERT', id: 'Invoices of November' },
      simulation: true,
      evidence: { files: [{ name: 'invoice.pdf', type: 'application/pdf', sha256: 'ab'.repeat(32) }] },
    });
  });

  it('may name the mail by the pattern of an indicator alone', () => {
    const objects = STIX.objects.filter(({ type }) => type === 'indicator');
    expect(read({ ...STIX, objects }).message.internetMessageId).toBe('<wave-7@mailer.example>');
  });

  it('that is revoked takes its word back', () => {
    const objects = STIX.objects.map((one) => (one.type === 'indicator' ? { ...one, revoked: true } : one));
    expect(read({ ...STIX, objects }).vendorAction).toMatchObject({ state: 'withdrawn' });
  });

  it.each([
    ['two mails', [...STIX.objects, STIX.objects[5]], 'objects: holds 2 email-message objects'],
    ['none', STIX.objects.slice(0, 2), 'objects: holds no email-message'],
    ['nothing', undefined, 'objects: holds no email-message'],
  ])('with %s is refused by name', (_name, objects, why) => {
    expect(whyNot(generic, { ...STIX, objects })).toEqual([expect.stringContaining(why)]);
  });
});

describe('our own alert', () => {
  it('is taken as at our own address', () => {
    const { row, unreadablePeople, leftOut, delivered, ...alert } = read(OWN);
    expect(alert).toMatchObject(OWN);
    expect([unreadablePeople, leftOut, row?.bytes]).toEqual([false, 0, JSON.stringify(OWN).length]);
  });
});

describe('a CloudEvent', () => {
  it.each([
    ['as an object', cloudEvent(OCSF_FINDING)],
    ['as text', cloudEvent(JSON.stringify(OCSF_FINDING))],
    ['in base64', cloudEvent(undefined, { data_base64: btoa(JSON.stringify(OCSF_FINDING)) })],
  ])('holds a payload %s', (_name, event) => {
    expect(read(event).id).toBe('finding-1');
  });

  it('may stand in the headers', () => {
    const headers = { 'ce-specversion': '1.0', 'ce-id': 'event-77', 'ce-source': '/guard/contoso', 'ce-type': 'x' };
    const { id: _none, ...nameless } = OWN;
    expect(alertOf(generic, nameless, headers).id).toBe('/guard/contoso event-77');
  });

  it('names what has no id of its own', () => {
    const { id: _none, ...nameless } = OWN;
    expect(read(cloudEvent(nameless)).id).toBe('/guard/contoso event-77');
  });

  it.each([
    ['of another version', { specversion: '0.3' }, 'specversion: is 0.3'],
    ['without a source', { source: '' }, 'source: is missing'],
    ['without an id', { id: null }, 'id: is missing'],
    ['without data', { data: undefined }, 'data: holds no JSON'],
    ['with data that is cut off', { data: '{"class_uid": 2004, ' }, 'data: holds no JSON'],
  ])('%s is refused by name', (_name, change, why) => {
    expect(whyNot(generic, cloudEvent(OCSF_FINDING, change))).toEqual([expect.stringContaining(why)]);
  });
});

describe('what is no alert', () => {
  it.each([
    ['another class of OCSF', { ...OCSF_FINDING, class_uid: 3002 }, 'class_uid: 3002 is no class that tells of a mail'],
    ['a finding without a mail', { ...OCSF_FINDING, evidences: [{}] }, 'evidences: holds no email object'],
    ['a mail of which nothing is told', { ...OCSF_EMAIL, email: {}, metadata: {} }, 'message: holds no usable'],
    ['something else', { hello: 'world' }, 'the payload: has no shape that is known here'],
    ['a text', '"hello"', 'the payload: has no shape that is known here'],
    ['an empty list', [], 'the list: holds 0 entries'],
    ['101 alerts', Array(101).fill(OWN), 'the list: holds 101 entries'],
    ['a body that is cut off', JSON.stringify(OCSF_FINDING).slice(0, -9), 'not-json'],
  ])('%s is refused, and the field is named', (_name, payload, why) => {
    expect(whyNot(generic, payload)).toEqual([expect.stringContaining(why)]);
  });

  it('costs nothing of what is sent with it', () => {
    const list = [OWN, { hello: 'world' }, OCSF_FINDING];
    const understood = generic.push.toAlert(Buffer.from(JSON.stringify(list)), KNOWN, {});
    if (!('alert' in understood)) throw new Error('nothing was understood');
    expect([understood.alert.id, understood.more?.map(({ id }) => id)]).toEqual(['own-1', ['finding-1']]);
    expect(alertsOf(generic, [OWN, OCSF_FINDING])).toHaveLength(2);
  });
});
