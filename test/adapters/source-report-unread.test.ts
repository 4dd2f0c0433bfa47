import { describe, expect, it } from 'vitest';
import type { MimeReading } from '../../src/ports/source.ts';
import { attached, reportedMail } from '../support/payloads/reports.ts';
import { alertsIn, isRead, mailboxOfReports, whyIn } from '../support/report-mailbox.ts';

/** What cannot be read in a mailbox of reports costs nobody else's report. */

const mailbox = mailboxOfReports();
const { report, ask, all } = mailbox;

type Got = Awaited<ReturnType<MimeReading>>;
const WITHOUT_AN_ANSWER = { kind: 'refused', status: 500, waitMs: null } as const satisfies Got;
const TOO_OFTEN = { kind: 'refused', status: 429, waitMs: 30_000 } as const satisfies Got;

/** Of the mails that it is asked for, the first so many are never given. Answers how many that are by now. */
function firstAreStuck(most: number): () => number {
  const stuck = new Set<string>();
  mailbox.readBy((path, mostBytes, mime) => {
    if (stuck.size < most) stuck.add(path);
    return stuck.has(path) ? Promise.resolve(WITHOUT_AN_ANSWER) : mime(path, mostBytes);
  });
  return () => stuck.size;
}

describe('a mailbox of reports', () => {
  it('that asks to wait is left alone, and what was read before is taken in', async () => {
    report({ subject: 'first' }, { at: '2026-11-23T08:30:00.000Z' });
    report({ subject: 'second' }, { at: '2026-11-23T08:40:00.000Z' });
    let asked = 0;
    mailbox.readBy((path, mostBytes, mime) => {
      asked += 1;
      return asked === 2 || asked === 3 ? Promise.resolve(TOO_OFTEN) : mime(path, mostBytes);
    });
    const first = await ask();
    expect(first).toMatchObject({ kind: 'page', items: [expect.anything()], more: false, waitMs: 30_000 });
    const cursor = first.kind === 'page' ? first.cursor : null;
    expect(await ask(cursor)).toEqual({ kind: 'failed', why: 'it was asked too often (429)', waitMs: 30_000 });
    expect(alertsIn((await all(cursor)).items)).toHaveLength(1);
  });

  it('in which one report cannot be read loses none of the others, and that one is told after a day', async () => {
    report({ subject: 'odd' }, { at: '2026-11-23T08:30:00.000Z' });
    report({ subject: 'fine' }, { at: '2026-11-23T08:40:00.000Z' });
    const odd = (await ask()).kind === 'page' ? mailbox.sandbox().graph.log.entries().find(isRead)?.path : '';
    mailbox.readBy((path, mostBytes, mime) =>
      path === odd ? Promise.resolve(WITHOUT_AN_ANSWER) : mime(path, mostBytes),
    );
    const first = await all();
    expect([alertsIn(first.items).length, whyIn(first.items)]).toEqual([1, []]);
    const why = 'a report could not be read: no answer';
    expect(await ask(first.cursor)).toEqual({ kind: 'failed', why, waitMs: null, atUsualPace: true });
    report({ subject: 'later' }, { at: '2026-11-23T08:55:00.000Z' });
    const second = await all(first.cursor);
    expect([alertsIn(second.items).length, whyIn(second.items)]).toEqual([1, []]);
    const third = await all(second.cursor, '2026-11-24T09:00:00.000Z');
    expect(whyIn(third.items)).toEqual(['the report “odd”: could not be read for a day (500)']);
  });

  it('in which as many as are read at once cannot be read still gives the next one', async () => {
    for (let n = 0; n < 5; n += 1) report({ subject: 'odd' }, { at: `2026-11-23T08:3${n}:00.000Z` });
    report({ subject: 'fine' }, { at: '2026-11-23T08:40:00.000Z' });
    const stuck = firstAreStuck(5);
    const { items } = await all();
    expect([alertsIn(items).length, stuck()]).toEqual([1, 5]);
  });

  it('in which one report cannot be read gives what comes on its later pages', async () => {
    const comes = (n: number, id = `<${n}@mailer.example>`) =>
      report(
        { parts: [attached(reportedMail({ 'Message-ID': id }))] },
        { at: new Date(Date.parse('2026-11-23T08:00:00Z') + n * 10_000).toISOString() },
      );
    for (let n = 0; n < 100; n += 1) comes(n);
    firstAreStuck(1);
    const first = await all();
    expect(alertsIn(first.items)).toHaveLength(99);
    comes(101, '<later@mailer.example>');
    comes(102, '<last@mailer.example>');
    const second = await all(first.cursor, '2026-11-23T09:01:00.000Z');
    expect(alertsIn(second.items).map(({ message }) => message.internetMessageId)).toEqual([
      '<later@mailer.example>',
      '<last@mailer.example>',
    ]);
    const third = await all(second.cursor, '2026-11-24T09:00:00.000Z');
    expect(whyIn(third.items)).toEqual(['the report “3|Phishing”: could not be read for a day (500)']);
  }, 60_000);

  it('in which one report hangs when it is read gives those beside it', async () => {
    for (const n of [0, 1, 2]) report({}, { at: `2026-11-23T08:3${n}:00.000Z` });
    let asked = 0;
    mailbox.change({ readWithinMs: 2_000 });
    mailbox.readBy((path, mostBytes, mime) => {
      asked += 1;
      return asked === 2 ? new Promise(() => undefined) : mime(path, mostBytes);
    });
    expect(alertsIn((await all()).items)).toHaveLength(2);
  });

  it('from which a report is taken away before it is read says so', async () => {
    report();
    mailbox.readBy(() => Promise.resolve({ kind: 'refused', status: 404, waitMs: null }));
    expect(whyIn((await all()).items)).toEqual(['the report “3|Phishing”: was gone before it was read']);
  });
});
