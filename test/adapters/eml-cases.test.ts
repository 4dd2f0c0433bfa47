import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Alert, TakenAlert } from '../../src/core/find/alert.ts';
import { readAlert } from '../../src/core/find/alert-reader.ts';
import { CardView } from '../../src/core/tell/card.ts';
import { present } from '../../src/core/tell/present.ts';
import { factsOf, incidentOf } from '../support/cases.ts';
import { failure, mail, read, readReport } from '../support/mails.ts';

/**
 * Mails that others wrote or collected, where they lie beside the project: read as bytes, never resolved, never copied.
 * A mail of our own always stands in, so that nothing here is empty.
 */
const SHARED = `${import.meta.dirname}/../../../shared`;

function filesIn(folder: string): readonly string[] {
  return existsSync(`${SHARED}/${folder}`) ? readdirSync(`${SHARED}/${folder}`, { recursive: true }).map(String) : [];
}

function bytesOf(folder: string, ext: RegExp): [string, Buffer][] {
  return filesIn(folder)
    .filter((name) => ext.test(name))
    .sort()
    .map((name) => [name, readFileSync(`${SHARED}/${folder}/${name}`)]);
}

const DESK = 'desk@phish.example';
const ID = '<m-100@phish.example>';
const INNER = '<inner-phish-1@phish.example>';
const REPORT = '<report-9@contoso.example>';

/** By the beginning of the name: sender, Message-ID, what a finding has to say. Others: the desk, the usual id. */
const EXPECTED: Readonly<Record<string, readonly [sender: string | null, id: string | null, said?: RegExp]>> = {
  '06': [DESK, '<PAXP0001@PAXP0001.EURP001.PROD.OUTLOOK.example>'],
  '08': [DESK, '<8167EB@mx.phish.example>', /Message-ID/],
  '09': [DESK, '<some-1@phish.example>', /Message-ID/],
  '11': [DESK, '<1718896767.desk@phish.example>', /Message-ID/],
  '12': [DESK, '<57X222qI7z4928_364uPR@phish.example>', /Message-ID/],
  '14': ['postmaster@xn--80ak6aa92e-com.mta.phish.example', ID],
  '15': ['service@phish.example', ID],
  '16': ['ceo@contoso.example', ID, /several senders/],
  '18': ['notice@%parcel.example', ID],
  '19': ['bounce/123=emma@phish.example', ID],
  '22': ['emma@contoso.example', REPORT, /“Your mailbox is full” from desk@phish\.example.*--as report/],
  '23': ['emma@contoso.example', REPORT, /“Your mailbox is full” from desk@phish\.example.*--as report/],
  '25': ['emma@contoso.example', REPORT, /“Your mailbox is full” from desk@phish\.example.*--as report/],
  '33': [DESK, ID, /several senders/],
  '34': ['x@phish.example', ID],
  '38': ['MAILER-DAEMON@contoso.example', '<dsn-1@contoso.example>', /bounce/],
  '54': ['boss@contoso.example', ID],
  '55': [DESK, ID, /From header/],
  '58': [DESK, ID, /bare CR/],
  '59': ['boss@contoso.example', ID, /several senders/],
  '61': ['büro@bücher.example', ID],
  '62': [DESK, ID, /several different subject/],
};
const OWN: [string, Buffer] = ['00-of-our-own.eml', mail({ From: `Desk <${DESK}>`, 'Message-ID': ID })];

describe('a mail that was read wrongly before, or well', () => {
  it.each([OWN, ...bytesOf('cases/mail', /\.eml$/)])('%s is read as it should be', async (name, bytes) => {
    const [sender, id, said = /^/] = EXPECTED[name.slice(0, 2)] ?? [DESK, ID];
    const { message, findings } = await read(bytes, ['emma@contoso.example']);
    expect([message.sender, message.internetMessageId, findings.join()]).toEqual([
      sender,
      id,
      expect.stringMatching(said),
    ]);
  });

  it.each(bytesOf('cases/mail', /-report-.*\.eml$/))('%s holds the mail that is meant', async (_name, bytes) => {
    const { message, reporter } = await readReport(bytes);
    expect([message.internetMessageId, message.sender, message.subject, reporter?.address]).toEqual([
      INNER,
      DESK,
      'Your mailbox is full',
      'emma@contoso.example',
    ]);
  });

  it.each(bytesOf('cases/mail', /^38-.*\.eml$/))('%s is no report', async (_name, bytes) => {
    expect(await failure(readReport(bytes))).toEqual({ code: 'invalid', field: 'file' });
  });

  it.each(bytesOf('cases/mail', /^37-.*\.eml$/))('%s fits into an alert with all its links', async (_name, bytes) => {
    const alert = await read(bytes);
    expect([alert.message.urls.length, Buffer.byteLength(JSON.stringify(alert)) < 1_048_576]).toEqual([160, true]);
  });
});

const OWN_ALERT: [string, Buffer] = [
  '70-of-our-own.json',
  Buffer.from(
    JSON.stringify({
      message: { internetMessageId: 'm-1@phish.example', sender: "sean.o'brien@phish.example" },
      recipients: ["mary.o'neil@contoso.example"],
    }),
  ),
];

describe('an alert that was lost before', () => {
  it.each([OWN_ALERT, ...bytesOf('cases/json', /^7[012]-.*\.json$/)])('%s is taken whole', (_name, bytes) => {
    const sent = JSON.parse(bytes.toString()) as { message: { sender: string }; recipients: string[] };
    const answer = readAlert(sent, { now: '2026-11-20T08:00:00Z', id: 'delivery-1' });
    expect(answer).toMatchObject({
      alert: {
        message: { internetMessageId: '<m-1@phish.example>', sender: sent.message.sender },
        recipients: sent.recipients,
      },
    });
  });
});

function samples(): [string, Buffer][] {
  if (!existsSync(`${SHARED}/samples/manifest.jsonl`)) return [OWN];
  const lines = readFileSync(`${SHARED}/samples/manifest.jsonl`, 'utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { file: string; sha256: string })
    .filter(({ file }) => /\.(eml|msg)$/.test(file))
    .map(({ file, sha256 }) => {
      const bytes = readFileSync(`${SHARED}/samples/${file}`);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      return [file, bytes];
    });
}

/** Without what mending adds; an Outlook file holds its texts in UTF-16. */
function holds(bytes: Buffer, id: string): boolean {
  const bare = id.slice(1, -1);
  return bytes.includes(Buffer.from(bare, 'utf8')) || bytes.includes(Buffer.from(bare, 'utf16le'));
}

describe('mails that nobody here wrote', () => {
  it.each(samples())('%s is an alert with a card, and without a guessed key', async (_file, bytes) => {
    const alert = await read(bytes, ['emma@contoso.example']);
    const id = alert.message.internetMessageId;
    const card = CardView.safeParse(
      present(factsOf('open', { incident: incidentOf('open', { alert: TakenAlert.parse(alert) }) })),
    );
    expect([
      Alert.safeParse(alert).success,
      JSON.parse(JSON.stringify(alert)),
      card.error,
      id === null || holds(bytes, id),
    ]).toEqual([true, alert, undefined, true]);
  });

  it.each(samples())('%s is a report with one mail in it, or refused in order', async (_file, bytes) => {
    const answer = await readReport(bytes).then(
      () => 'read',
      () => failure(readReport(bytes)),
    );
    expect([answer === 'read', answer]).toEqual([
      expect.any(Boolean),
      answer === 'read' ? 'read' : { code: 'invalid', field: 'file' },
    ]);
  });
});
