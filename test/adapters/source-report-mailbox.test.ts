import { describe, expect, it } from 'vitest';
import { askersOf, TakenAlert } from '../../src/core/find/alert.ts';
import type { PulledItem } from '../../src/ports/source.ts';
import { attached, FROM_INSIDE, reportedMail, reportMail } from '../support/payloads/reports.ts';
import { alertsIn, isRead, MAILBOX, mailboxOfReports, whyIn } from '../support/report-mailbox.ts';
import { SOURCE } from '../support/source.ts';

/** A mailbox that people's reports go to is read, report by report, and nothing else is done to it. */

const mailbox = mailboxOfReports();
const { report, ask, all } = mailbox;
const one = async () => {
  const [alert, ...more] = alertsIn((await all()).items);
  if (!alert || more.length > 0) throw new Error(`${more.length} more alerts`);
  return alert;
};
const reads = () => mailbox.sandbox().graph.log.entries().filter(isRead).length;

describe('a report in the mailbox', () => {
  it('becomes an alert for the mail that is attached to it, with who reported it', async () => {
    report();
    expect(await one()).toMatchObject({
      source: `Reports to ${MAILBOX}`,
      verdict: 'phishing',
      severity: 'medium',
      message: {
        internetMessageId: '<wave-7@mailer.example>',
        sender: 'billing@mailer.example',
        subject: 'Invoice overdue',
        urls: ['https://pay.mailer.example/x'],
      },
      reporter: { entraId: null, address: 'emma@contoso.example' },
      delivered: [],
    });
  });

  it.each([
    ['that nobody signed in for', []],
    ['that says twice that it is internal', [FROM_INSIDE, FROM_INSIDE]],
    ['that DMARC lets pass', ['Authentication-Results: dmarc=pass header.from=contoso.example']],
    ['that Exchange calls anonymous', ['X-MS-Exchange-Organization-AuthAs: Anonymous']],
  ])('%s proves nobody as its reporter', async (_name, top) => {
    report({ top });
    const alert = await one();
    expect(alert.reporter).toEqual({ entraId: null, address: 'emma@contoso.example', unproven: true });
    expect(alert.findings.join()).toContain('Exchange does not say that emma@contoso.example has sent the report');
  });

  it('whose mail forges what Exchange writes proves nothing, and only says where to look', async () => {
    const forged = `${FROM_INSIDE}\r\nX-MS-Exchange-Organization-Network-Message-Id: 11111111-2222-4333-8444-555555555555\r\n`;
    report({ top: [], parts: [attached(`${forged}${reportedMail()}`)] });
    const alert = await one();
    expect(alert.reporter).toHaveProperty('unproven', true);
    expect(alert.message.networkMessageId).toBe('11111111-2222-4333-8444-555555555555');
  });

  it('that names all who may decide takes no vote from any of them', async () => {
    const everybody = 'dana@contoso.example, omar@contoso.example, lena@contoso.example';
    report({
      top: [],
      from: 'dana@contoso.example',
      parts: [attached(reportedMail({ To: everybody, Cc: everybody }))],
    });
    const { exercise: _none, delivered, row: _row, seen: _seen, ...alert } = await one();
    expect([alert.recipients.length, delivered]).toEqual([3, []]);
    const from = { ...SOURCE, claims: { ...SOURCE.claims, reporters: true } };
    expect(askersOf([], TakenAlert.parse({ ...alert, from }))).toEqual([]);
  });

  it('of a report is about the mail that is attached to it, and tells what is within that', async () => {
    const inner = reportMail({ border: 'inner', from: 'mallory@mailer.example', parts: [attached(reportedMail())] });
    report({ parts: [attached(inner)] });
    const { message, findings } = await one();
    expect(message.internetMessageId).toBe('<report-1@contoso.example>');
    expect(findings.join()).toContain('Another mail is attached to it: “Invoice overdue”');
  });

  it('with several mails becomes an alert for each of them', async () => {
    const mails = ['<a@mailer.example>', '<b@mailer.example>'].map((id) =>
      attached(reportedMail({ 'Message-ID': id })),
    );
    report({ parts: mails });
    const alerts = alertsIn((await all()).items);
    expect(alerts.map(({ message }) => message.internetMessageId)).toEqual([
      '<a@mailer.example>',
      '<b@mailer.example>',
    ]);
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(2);
    expect(alerts[0]?.findings).toContain('2 mails are attached to the report: each is an alert of its own.');
  });

  it('with more mails than anybody reports says how many were not read', async () => {
    const mails = Array.from({ length: 23 }, (_none, n) =>
      attached(reportedMail({ 'Message-ID': `<${n}@mailer.example>` })),
    );
    report({ parts: mails });
    const { items } = await all();
    expect([alertsIn(items).length, whyIn(items)]).toEqual([
      20,
      [expect.stringContaining('3 more mails are attached')],
    ]);
  });

  const zip = 'Content-Type: application/zip; name="mail.zip"\r\nContent-Transfer-Encoding: base64\r\n\r\nUEsDBA==\r\n';
  it.each([
    ['without a mail in it', { parts: [] }, 'no mail is attached to it: a forward does not hold'],
    ['with an archive', { parts: [zip] }, 'no mail is attached to it, only mail.zip: archives are not opened'],
    ['with a mail that is cut to nothing', { parts: [attached('X-Odd: yes')] }, 'no mail is attached to it'],
    ['that is a bounce', { from: 'mailer-daemon@mailer.example' }, 'it is a bounce'],
  ])('%s is told as such', async (_name, parts, why) => {
    report(parts);
    expect(whyIn((await all()).items)).toEqual([expect.stringContaining(`the report “3|Phishing”: ${why}`)]);
  });

  it('whose end was cut off is read as far as it goes', async () => {
    const whole = reportMail({ top: [FROM_INSIDE], parts: [attached(reportedMail())] });
    report({}, { mime: whole.slice(0, whole.indexOf('Pay at')) });
    expect((await one()).message.internetMessageId).toBe('<wave-7@mailer.example>');
  });

  it('of 40 MB is not read to its end, and told as too large', async () => {
    const big = `Content-Type: application/octet-stream; name="a.bin"\r\n\r\n${'A'.repeat(40 * 1024 * 1024)}\r\n`;
    report({ parts: [big] });
    expect(whyIn((await all()).items)).toEqual(['the report “3|Phishing”: is larger than 31457280 bytes']);
  });
});

describe('the mailbox of reports', () => {
  it('is read in all of its folders, wherever a report was sorted to', async () => {
    report({}, { folder: 'junkemail' });
    report({}, { folder: 'deleteditems' });
    expect(alertsIn((await all()).items)).toHaveLength(2);
  });

  it('is read from when it was read last, and no report twice', async () => {
    report({}, { at: '2026-11-21T08:00:00.000Z' });
    report({}, { at: '2026-11-23T08:30:00.000Z' });
    const first = await all();
    expect([first.items.length, reads()]).toEqual([1, 1]);
    report({}, { at: '2026-11-23T08:20:00.000Z' });
    const second = await all(first.cursor, '2026-11-23T09:05:00.000Z');
    expect([second.items.length, reads()]).toEqual([1, 2]);
    expect((await all(second.cursor, '2026-11-23T12:00:00.000Z')).items).toEqual([]);
  });

  it('may sort a report elsewhere: it is known by its name', async () => {
    const name = report();
    const first = await all();
    mailbox.sandbox().tenant.userMoves(MAILBOX, name, 'archive');
    expect((await all(first.cursor, '2026-11-23T09:01:00.000Z')).items).toEqual([]);
  });

  it('with many reports is read to its end, a few at a time', async () => {
    for (let n = 0; n < 130; n += 1)
      report({ parts: [attached(reportedMail({ 'Message-ID': `<${n}@mailer.example>` }))] });
    const { items } = await all();
    expect([new Set(items.map(({ id }) => id)).size, reads()]).toEqual([130, 130]);
  }, 60_000);

  it('with many reports is remembered in few letters for each of them', async () => {
    for (let n = 0; n < 40; n += 1)
      report({ parts: [attached(reportedMail({ 'Message-ID': `<${n}@mailer.example>` }))] });
    const { cursor } = await all();
    expect(cursor?.length).toBeLessThan(40 * 25);
  }, 60_000);

  it('whose cursor an earlier version wrote is read on from there, and no report twice', async () => {
    const name = report();
    const { cursor } = await all();
    const { since } = JSON.parse(cursor ?? '');
    const earlier = JSON.stringify({ v: 1, since, seen: [`2026-11-23T08:50:00 ${name}`] });
    expect([(await all(earlier)).items, reads()]).toEqual([[], 1]);
  });

  it('in which more comes than an hour can bring goes on from the oldest that is still known', async () => {
    const at = (n: number) => new Date(Date.parse('2026-11-23T08:00:00Z') + n * 100).toISOString();
    const seen = Array.from({ length: 20_010 }, (_none, n) => `${at(n).slice(0, 19)} name-${n}`);
    const page = await ask(JSON.stringify({ v: 1, since: at(0), seen }), '2026-11-23T08:34:00.000Z');
    const written = JSON.parse(page.kind === 'page' ? page.cursor : '');
    expect([written.seen.length, written.since]).toEqual([20_000, at(10)]);
  });

  it('goes on to the page that Graph names, however Graph writes its address', async () => {
    for (let n = 0; n < 101; n += 1)
      report({ parts: [attached(reportedMail({ 'Message-ID': `<${n}@mailer.example>` }))] });
    mailbox.listBy(async (path, graph) => {
      const answer = await graph.get(path);
      const text = JSON.stringify(answer.body).replaceAll(encodeURIComponent(MAILBOX), MAILBOX);
      return { ...answer, body: JSON.parse(text) };
    });
    expect(new Set((await all()).items.map(({ id }) => id)).size).toBe(101);
  }, 60_000);

  it('in which a report is deleted while the list is read loses none of the others', async () => {
    const ids = Array.from({ length: 110 }, (_none, n) => `<${n}@mailer.example>`);
    const names = ids.map((id, n) =>
      report(
        { parts: [attached(reportedMail({ 'Message-ID': id }))] },
        { at: new Date(Date.parse('2026-11-23T08:10:00Z') + n * 10_000).toISOString() },
      ),
    );
    const begun: PulledItem[] = [];
    let cursor: string | null = null;
    for (let n = 0; n < 10; n += 1) {
      const page = await ask(cursor);
      if (page.kind === 'page') begun.push(...page.items);
      cursor = page.kind === 'page' ? page.cursor : cursor;
    }
    for (const name of names.slice(0, 8)) mailbox.sandbox().tenant.mailbox(userId())?.drop(name);
    const rest = await all(cursor);
    const told = [...begun, ...rest.items].map((item) => alertsIn([item])[0]?.message.internetMessageId);
    expect(new Set(told)).toEqual(new Set(ids));
  }, 60_000);

  it('is left as it was: nothing is moved, marked or deleted', async () => {
    report();
    await all();
    expect(mailbox.sandbox().graph.log.writes()).toEqual([]);
    const paths = mailbox
      .sandbox()
      .graph.log.entries()
      .map(({ path }) => path);
    expect(paths.every((path) => path.startsWith(`/users/${encodeURIComponent(MAILBOX)}/messages`))).toBe(true);
  });

  it('that is written from is not taken for a reporter of its own', async () => {
    report({ from: MAILBOX });
    expect((await all()).items).toEqual([]);
  });

  it('that may not be read says which right is missing, and of which mailbox', async () => {
    await mailbox.openAnew(['User.Read.All']);
    const why = `Microsoft Graph refuses (403): grant Mail.Read on ${MAILBOX} alone, with Exchange RBAC for Applications`;
    expect(await ask()).toEqual({ kind: 'failed', why, waitMs: null });
  });

  it('whose list may be read and whose mails may not says the same', async () => {
    await mailbox.openAnew(['Mail.ReadBasic.All']);
    report();
    expect(await ask()).toMatchObject({ kind: 'failed', why: expect.stringContaining('grant Mail.Read on') });
  });

  it('that is not there is told', async () => {
    mailbox.change({ mailbox: 'nobody@contoso.com' });
    expect(await ask()).toMatchObject({ kind: 'failed', why: 'this cloud has no such mailbox (404)' });
  });
});

const userId = () => mailbox.sandbox().tenant.userByKey(MAILBOX)?.id ?? '';
