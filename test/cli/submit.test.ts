import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/cli/command.ts';
import { alertFromFile } from '../../src/cli/own-alert.ts';
import { Alert } from '../../src/core/find/alert.ts';
import { readAlert } from '../../src/core/find/alert-reader.ts';
import { mail } from '../support/mails.ts';
import { outlookFile } from '../support/outlook-files.ts';
import { type Story, startStory } from '../support/story.ts';

const folder = mkdtempSync(join(tmpdir(), 'clawback-submit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const shell = {
    env: {},
    node: '24.0.0',
    folder,
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
    stop: new AbortController().signal,
  };
  const code = await runCommand(argv, shell);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

function file(name: string, content: Buffer | string): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const PHISH = mail(
  { From: 'Desk <desk@xn--bcher-kva.example>', Subject: 'Pay \u001b[31mnow', 'Message-ID': '<phish-1@phish.example>' },
  'https://login.phish.example/a',
);
const REPORT = mail(
  {
    From: 'Emma <emma@contoso.example>',
    'Message-ID': '<report-1@contoso.example>',
    'Content-Type': 'multipart/mixed; boundary=b1',
  },
  `--b1\r\nContent-Type: message/rfc822\r\n\r\n${PHISH.toString('latin1')}\r\n--b1--`,
  ['X-MS-Exchange-Organization-AuthAs: Internal'],
);
const ALERT = {
  id: 'det-1',
  source: 'a detector',
  verdict: 'malware',
  detectedAt: '2026-11-20T08:00:00Z',
  message: { internetMessageId: 'm-1@phish.example', sender: "sean.o'brien@phish.example" },
  recipients: ["mary.o'neil@contoso.example", 'nobody'],
};

async function checked(...argv: string[]): Promise<{ alert: Alert; findings: string[]; usable: boolean }> {
  return JSON.parse((await run('submit', '--check', '--json', ...argv)).out);
}

describe('clawback submit --check', () => {
  it('needs no configuration, prints what would be sent, and says that it sent nothing', async () => {
    const { code, out } = await run('submit', '--check', file('phish.eml', PHISH), '--to', 'omar@contoso.example');
    expect([code, out]).toEqual([0, expect.stringMatching(/<phish-1@phish.*omar@contoso.*Nothing was sent/s)]);
  });

  it('shows both forms of an internationalised sender, and nothing that a terminal or a reader would act on', async () => {
    const { out } = await run('submit', '--check', file('phish.eml', PHISH));
    expect([out.includes('xn--bcher-kva'), out.includes('bücher'), out.includes('\u001b')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('prints one JSON object with alert, findings and whether it can be used', async () => {
    const { alert, findings, usable } = await checked(file('phish.eml', PHISH));
    expect([Alert.safeParse(alert).success, findings, usable]).toEqual([true, alert.findings, true]);
  });

  it.each([
    [[], '<report-1@contoso.example>', null],
    [['--as', 'mail'], '<report-1@contoso.example>', null],
    [['--as', 'report'], '<phish-1@phish.example>', 'emma@contoso.example'],
  ])('reads a report with %j as what it is said to be', async (options, id, reporter) => {
    const { alert } = await checked(file('report.eml', REPORT), ...options);
    expect([alert.message.internetMessageId, alert.reporter?.address ?? null]).toEqual([id, reporter]);
  });

  it('reads an Outlook file', async () => {
    const name = file('phish.msg', outlookFile({ subject: 'Pay', senderSmtp: 'desk@phish.example' }));
    expect((await checked(name)).alert.message.sender).toBe('desk@phish.example');
  });

  it('reads an alert, as the intake would', async () => {
    const { alert, findings } = await checked(
      file('alert.json', JSON.stringify(ALERT)),
      '--to',
      'omar@contoso.example',
    );
    expect([alert.message.internetMessageId, alert.verdict, alert.recipients, findings.length]).toEqual([
      '<m-1@phish.example>',
      'malware',
      ['omar@contoso.example', "mary.o'neil@contoso.example"],
      2,
    ]);
  });

  it('tells that nobody knows who is named in an alert', async () => {
    const unreadable = { ...ALERT, reporter: { address: 'Omar of the desk' } };
    const told = async (alert: object) =>
      JSON.parse((await run('submit', '--check', '--json', file('people.json', JSON.stringify(alert)))).out);
    expect([(await told(unreadable)).unreadablePeople, (await told(ALERT)).unreadablePeople]).toEqual([true, false]);
  });

  it.each<[string, string, Buffer | string, string[]]>([
    ['a text', 'note.eml', 'Dear colleague', []],
    ['an alert of which nothing can be used', 'nothing.json', '{"id":"1"}', []],
    ['what is no JSON', 'broken.json', '{', []],
    ['a report without a mail', 'alone.eml', PHISH, ['--as', 'report']],
    ['an alert as a report', 'alert.json', JSON.stringify(ALERT), ['--as', 'report']],
    ['a verdict that does not exist', 'phish.eml', PHISH, ['--verdict', 'clean']],
    ['a recipient that is none', 'phish.eml', PHISH, ['--to', 'omar']],
  ])('ends with 1 and a reason for %s', async (_name, name, content, options) => {
    const { code, out, err } = await run('submit', '--check', '--json', file(name, content), ...options);
    expect([code, JSON.parse(out), err]).toEqual([
      1,
      { alert: null, findings: [expect.stringMatching(/./)], usable: false },
      expect.stringMatching(/^clawback: ./),
    ]);
  });

  const forge = (bytes: Buffer) => bytes.toString('latin1').replace('desk@xn--bcher-kva.example', 'it@cont0so.example');
  const FORGED = forge(PHISH);
  const TO = ['--to', 'omar@contoso.example'] as const;

  it('shows what our own signals see, marked as shadow', async () => {
    const { out } = await run('submit', '--check', file('forged.eml', FORGED), ...TO);
    expect(out).toMatch(
      /shadow, decides nothing: .*\n {2}strong 40: cont0so\[\.\]example looks the same as contoso\[\.\]example/,
    );
  });

  it('keeps that out of the alert', async () => {
    const { alert } = await checked(file('forged.eml', FORGED), ...TO);
    expect(JSON.stringify(alert)).not.toContain('looks the same');
  });

  it('takes no domain for ours that nobody has named', async () => {
    expect(JSON.parse((await run('submit', '--check', '--json', file('forged.eml', FORGED))).out).shadow).toEqual([]);
  });

  it('looks at the mail within a report, and at none where there is an alert', async () => {
    const shadow = async (name: string, content: string, ...options: readonly string[]) =>
      JSON.parse((await run('submit', '--check', '--json', file(name, content), ...TO, ...options)).out).shadow;
    const report = forge(REPORT);
    const [found] = await shadow('forged-report.eml', report, '--as', 'report');
    expect([found?.signal, await shadow('alert.json', JSON.stringify(ALERT))]).toEqual(['lookalike-own', []]);
  });

  it('ends with 1 for a file that is not there', async () => {
    expect((await run('submit', '--check', 'missing.eml')).code).toBe(1);
  });

  it.each([[['submit', '--check']], [['submit', '--check', 'phish.eml', '--as', 'folder']]])(
    '%j is called wrongly',
    async (argv) => {
      expect((await run(...argv)).code).toBe(2);
    },
  );
});

describe('an alert as it is sent', () => {
  const options = { verdict: undefined, to: [], as: 'mail', now: '2026-11-20T08:00:00.000Z' } as const;
  const sent = async (alert: object, more: object = {}) =>
    (await alertFromFile(join(folder, file('sent.json', JSON.stringify(alert))), { ...options, ...more })).body;

  it('is the object of the file, so that the intake sees who cannot be read', async () => {
    const alert = { ...ALERT, reporter: { address: 'Omar of the desk' } };
    const body = await sent(alert);
    const read = readAlert(body, { now: options.now, id: 'delivery-1' });
    expect(body).toEqual(alert);
    expect(read).toMatchObject({ unreadablePeople: true });
  });

  it('holds the options of the command on top of what the file says', async () => {
    const body = await sent(ALERT, { verdict: 'spam', to: ['omar@contoso.example'] });
    expect(body).toEqual({ ...ALERT, verdict: 'spam', recipients: ['omar@contoso.example', ...ALERT.recipients] });
  });

  it('without an id has the same one each time', async () => {
    const { id: _id, ...nameless } = ALERT;
    expect(await sent(nameless)).toEqual({ ...nameless, id: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await sent(nameless)).toEqual(await sent(nameless));
  });
});

describe('clawback submit', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory({ employees: 3, seed: 9 });
  });
  afterAll(() => story.close());

  it.each([
    ['a report, of which the mail inside becomes the incident', 'report.eml', REPORT, ['--as', 'report'], 'Pay'],
    ['an alert with an apostrophe', 'alert.json', JSON.stringify(ALERT), [], "sean\\[\\.\\]o'brien"],
    [
      '160 links of 1,700 signs',
      'links.eml',
      mail(
        { Subject: 'Links' },
        Array.from({ length: 160 }, (_none, n) => `https://x.example/${n}/${'y'.repeat(1_700)}`).join('\r\n'),
      ),
      [],
      'Links',
    ],
  ])('%s is taken', async (_name, name, content, options, shown) => {
    const { code, out } = await run('submit', file(name, content), '--config', story.configFile, ...options);
    expect([code, out]).toEqual([0, expect.stringMatching(new RegExp(`${shown}.*incident CB-`, 's'))]);
  });
});
