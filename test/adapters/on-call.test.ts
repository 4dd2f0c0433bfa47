import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { createPagerDutyOnCall } from '../../src/adapters/pagerduty/on-call.ts';
import { createScheduleOnCall } from '../../src/adapters/schedule/on-call.ts';
import { loadSchedule } from '../../src/config/schedule-file.ts';
import { remembering } from '../../src/on-call.ts';
import { onCallContract } from '../contract/on-call.ts';
import { type FakePagerDuty, startFakePagerDuty } from '../support/fake-pagerduty.ts';

const GUIDS: Readonly<Record<string, string>> = {
  one: '11111111-0000-4000-8000-000000000001',
  two: '11111111-0000-4000-8000-000000000002',
};
const NOW = '2026-12-01T12:00:00.000Z';
const never = new AbortController().signal;

onCallContract('a schedule file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-on-call-'));
  const file = join(folder, 'on-call.yaml');
  const shift = (person: string) => `  - { person: ${GUIDS[person]}, from: 2026-12-01T08:00, until: 2026-12-01T20:00 }`;
  // Somebody has a shift on another day, so that the file names somebody.
  const other = `  - { person: ${GUIDS['one']}, from: 2026-12-02T08:00, until: 2026-12-02T20:00 }`;
  return Promise.resolve({
    onCall: createScheduleOnCall(() => loadSchedule(file)),
    put: (people: readonly string[]) =>
      writeFileSync(file, ['version: 1', 'zone: Europe/Berlin', 'shifts:', other, ...people.map(shift)].join('\n')),
    named: (person: string) => ({ by: 'entra-id', id: GUIDS[person] }),
    breakDown: () => writeFileSync(file, 'version: 1\nzone: Mars/Olympus\n'),
    close: () => Promise.resolve(rmSync(folder, { recursive: true })),
  });
});

const account = (person: string) => ({ id: `P${person.toUpperCase()}`, email: `${person}@Contoso.example` });

onCallContract('PagerDuty', async () => {
  const fake = await startFakePagerDuty();
  return {
    onCall: createPagerDutyOnCall({ url: fake.url, token: fake.token, schedules: ['PSOC'] }),
    put: (people: readonly string[]) => void fake.onCall.set('PSOC', people.map(account)),
    named: (person: string) => ({ by: 'address', address: `${person}@contoso.example`, level: 1 }),
    breakDown() {
      fake.trouble = { status: 503 };
    },
    close: () => fake.close(),
  };
});

describe('PagerDuty', () => {
  let fake: FakePagerDuty;
  beforeEach(async () => {
    fake = await startFakePagerDuty();
  });
  afterEach(() => fake.close());
  const ask = (
    change: { token?: string; schedules?: readonly string[]; sleep?: (ms: number) => Promise<void> } = {},
    until = never,
  ) =>
    createPagerDutyOnCall({ url: fake.url, token: fake.token, schedules: ['PSOC', 'PLEAD'], ...change }).at(NOW, until);

  it('is asked about the schedules that are meant, at this moment', async () => {
    fake.onCall.set('PSOC', [account('one')]);
    fake.onCall.set('PLEAD', [account('two')]);
    fake.onCall.set('POTHER', [account('else')]);
    expect(await ask()).toMatchObject({
      people: [{ address: 'one@contoso.example' }, { address: 'two@contoso.example' }],
    });
    const [url] = fake.asked;
    expect([url?.searchParams.getAll('schedule_ids[]'), url?.searchParams.get('since')]).toEqual([
      ['PSOC', 'PLEAD'],
      NOW,
    ]);
  });

  it('is asked page by page to the end', async () => {
    fake.onCall.set(
      'PSOC',
      Array.from({ length: 230 }, (_none, n) => account(`p${n}`)),
    );
    const answer = await ask();
    expect(answer.is === 'known' && answer.people.length).toBe(230);
    expect(fake.asked.map((url) => url.searchParams.get('offset'))).toEqual(['0', '100', '200']);
  });

  it('that would never come to an end is not believed', async () => {
    fake.onCall.set(
      'PSOC',
      Array.from({ length: 1_200 }, (_none, n) => account(`p${n}`)),
    );
    expect(await ask()).toMatchObject({ is: 'silent' });
  });

  test.each([
    [401, 'does not take the token'],
    [403, 'may not read'],
    [404, 'knows no such address'],
    [429, 'asks to wait 30 s (429)'],
    [500, 'answered 500'],
  ])('that answers %i says nothing, and why is told', async (status, why) => {
    fake.trouble = { status, headers: { 'ratelimit-reset': '30' } };
    expect(await ask()).toEqual({ is: 'silent', why: expect.stringContaining(why) });
  });

  it('is asked for whoever comes at a change of shifts, and not for whoever goes', async () => {
    fake.onCall.set('PSOC', [
      { ...account('gone'), start: '2026-12-01T00:00:00.000Z', end: NOW },
      { ...account('one'), start: NOW, end: '2026-12-02T00:00:00.000Z' },
    ]);
    expect(await ask()).toMatchObject({ people: [{ address: 'one@contoso.example' }] });
  });

  it('says who comes first in the escalation: level 1, and each once by their lowest', async () => {
    fake.onCall.set('PLEAD', [{ ...account('two'), level: 2 }]);
    fake.onCall.set('PSOC', [{ ...account('one'), level: 3 }, account('one'), { ...account('two'), level: 3 }]);
    expect(await ask({ schedules: ['PLEAD', 'PSOC'] })).toEqual({
      is: 'known',
      people: [
        { by: 'address', address: 'one@contoso.example', level: 1 },
        { by: 'address', address: 'two@contoso.example', level: 2 },
      ],
    });
  });

  test.each(['ratelimit-reset', 'retry-after'])(
    'that asks to wait a moment (%s) is asked once more',
    async (header) => {
      fake.onCall.set('PSOC', [account('one')]);
      fake.trouble = { status: 429, headers: { [header]: '2' }, times: 1 };
      const waits: number[] = [];
      const sleep = (ms: number) => Promise.resolve(void waits.push(ms));
      expect(await ask({ sleep })).toMatchObject({ people: [{ address: 'one@contoso.example' }] });
      fake.trouble = { status: 429, headers: { [header]: '2' }, times: 2 };
      expect(await ask({ sleep })).toMatchObject({ is: 'silent', why: 'PagerDuty asks to wait 2 s (429)' });
      expect([waits, fake.asked.length]).toEqual([[2_000, 2_000], 4]);
    },
  );

  test.each(['', 'soon', '-1'])('that does not say how long to wait (%j) is not asked again', async (said) => {
    fake.trouble = { status: 429, headers: { 'ratelimit-reset': said } };
    expect(await ask()).toMatchObject({ is: 'silent', why: 'PagerDuty asks to wait (429)' });
    expect(fake.asked).toHaveLength(1);
  });

  it('with another token is refused by it', async () => {
    expect(await ask({ token: 'u+anotherkeyanother0' })).toMatchObject({
      is: 'silent',
      why: expect.stringContaining('401'),
    });
  });

  it('that speaks in another shape, or is not there, says nothing', async () => {
    fake.trouble = { status: 200, body: '{"oncalls":"nobody"}' };
    expect(await ask()).toMatchObject({ is: 'silent', why: expect.stringContaining('unknown shape') });
    fake.trouble = { status: 200, body: '<html>' };
    expect(await ask()).toMatchObject({ is: 'silent' });
    await fake.close();
    expect(await ask()).toMatchObject({ is: 'silent', why: 'PagerDuty cannot be reached' });
    fake = await startFakePagerDuty();
  });

  it('that names people without their addresses does not say that nobody is on call', async () => {
    fake.onCall.set('PSOC', [{ id: 'PONE', email: '' }]);
    expect(await ask()).toMatchObject({ is: 'silent', why: expect.stringContaining('without their addresses') });
  });

  it('that hangs is given up when whoever asked has no time left', async () => {
    fake.trouble = 'hang';
    const until = new AbortController();
    const answer = ask({}, until.signal);
    await expect.poll(() => fake.asked.length).toBe(1);
    until.abort();
    expect(await answer).toEqual({ is: 'silent', why: 'PagerDuty gave no answer in time' });
  });
});

describe('what was said a moment ago', () => {
  it('is not asked for again, so that both chats call the same people; and silence is told once', async () => {
    let [now, asked] = [0, 0];
    const told: object[] = [];
    const source = remembering(
      {
        at() {
          asked += 1;
          return Promise.resolve(asked === 1 ? { is: 'known', people: [] } : { is: 'silent', why: 'a test' });
        },
      },
      () => now,
      { warn: (fields: object) => void told.push(fields) } as never,
    );
    const answers = [await source?.at(NOW, never), await source?.at(NOW, never)];
    now = 31_000;
    answers.push(await source?.at(NOW, never), await source?.at(NOW, never));
    expect(answers.map((answer) => answer?.is)).toEqual(['known', 'known', 'silent', 'silent']);
    expect([asked, told]).toEqual([2, [{ why: 'a test' }]]);
    expect(remembering(null, () => now, { warn: () => undefined } as never)).toBeNull();
  });
});
