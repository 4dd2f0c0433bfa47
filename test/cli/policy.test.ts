import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { runCommand } from '../../src/cli/command.ts';
import { configText } from '../support/configuration.ts';

const EXAMPLE = readFileSync(`${import.meta.dirname}/../../manifest/policy.example.yaml`, 'utf8');
const rule = { name: 'one', when: { action: ['purge'] }, approve: [{ role: 'approver', count: 1 }] };
const own = (more: object = {}) => stringify({ version: 1, rules: [rule], ...more });

/** `clawback policy …` in a folder with these files; what went to stdout and what to stderr. */
async function policy(files: Readonly<Record<string, string>>, ...words: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-policy-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const [out, err]: [string[], string[]] = [[], []];
  const shell = {
    env: {},
    node: '24.0.0',
    folder,
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
    stop: new AbortController().signal,
  };
  const code = await runCommand(['policy', ...words], shell);
  return { code, out, err: err.join('\n') };
}

const explain = async (...words: string[]) => {
  const { code, out, err } = await policy({ 'policy.yaml': EXAMPLE }, 'explain', 'policy.yaml', ...words);
  expect([code, err]).toEqual([0, '']);
  return out;
};

describe('clawback policy check', () => {
  it('lists the rules in the order in which they are tried', async () => {
    const rules = [rule, { ...rule, name: 'two' }];
    const { code, out } = await policy({ 'mine.yaml': own({ rules }) }, 'check', 'mine.yaml');
    expect([code, out]).toEqual([
      0,
      [expect.stringMatching(/mine\.yaml: 2 rules, can be used$/), '  1. one', '  2. two'],
    ]);
  });

  it('tries the policy beside the configuration, together with it', async () => {
    const files = { 'clawback.yaml': configText(), 'policy.yaml': own() };
    const { code, out } = await policy(files, 'check');
    expect([code, out[0]]).toEqual([0, expect.stringMatching(/policy\.yaml: 1 rules, can be used$/)]);
  });

  it('tries the policy that the configuration names', async () => {
    const files = {
      'other.yaml': configText((_tenant, config) => Object.assign(config, { policy: 'rules.yaml' })),
      'policy.yaml': own(),
      'rules.yaml': own({ rules: [{ ...rule, name: 'from rules.yaml' }] }),
    };
    expect((await policy(files, 'check', '--config', 'other.yaml')).out.at(-1)).toBe('  1. from rules.yaml');
  });

  it('says that there is no file, and which rules hold then', async () => {
    const { code, out } = await policy({ 'clawback.yaml': configText() }, 'check');
    expect([code, out[0]]).toEqual([0, 'safe defaults (there is no policy.yaml): 3 rules, can be used']);
  });

  it.each<[string, Readonly<Record<string, string>>, readonly string[], string]>([
    ['a file that is not there', {}, ['no.yaml'], 'there is no policy file'],
    ['a configuration that is not there', {}, ['--config', 'no.yaml'], 'there is no configuration file'],
    [
      'a file with a mistake',
      { 'p.yaml': own({ rules: [{ ...rule, expiryMinutes: 1 }] }) },
      ['p.yaml'],
      'rules.0.expiryMinutes',
    ],
    ['a file that is no YAML', { 'p.yaml': 'rules: [' }, ['p.yaml'], 'p.yaml is not readable YAML'],
    [
      'rules that these tenants could never fulfil',
      { 'clawback.yaml': configText(), 'policy.yaml': own({ stop: { lift: [{ role: 'approver', count: 3 }] } }) },
      [],
      'stop.lift: asks for 3 × approver, but tenant contoso lists only 2',
    ],
    [
      'a policy that the configuration names and that is not there',
      { 'clawback.yaml': configText((_tenant, config) => Object.assign(config, { policy: 'rules.yaml' })) },
      [],
      'there is no policy file',
    ],
    [
      'a broken configuration',
      { 'clawback.yaml': 'tenants: []', 'policy.yaml': own() },
      [],
      'clawback.yaml cannot be used',
    ],
  ])('fails for %s', async (_what, files, words, says) => {
    const { code, out, err } = await policy(files, 'check', ...words);
    expect([code, out, err]).toEqual([1, [], expect.stringContaining(says)]);
  });

  it.each([[], ['chek'], ['policy.yaml']])('called wrongly (%j) it says how it is called', async (...words) => {
    const { code, err } = await policy({}, ...words);
    expect([code, err]).toEqual([2, expect.stringContaining('clawback policy explain --action purge')]);
  });

  it('an option nobody knows is named', async () => {
    const { code, err } = await policy({}, 'explain', '--mailbox', '3');
    expect([code, err]).toEqual([2, expect.stringContaining('--mailbox')]);
  });
});

describe('clawback policy explain', () => {
  it('tells the way to the rule that decides, and what it asks for', async () => {
    expect(await explain('--action', 'hard-purge')).toEqual([
      '   “dry runs” does not fit: action is not purge or flag',
      '   “nothing is deleted for good under legal hold” does not fit: legalHold 0 is below 1',
      '=> “delete for good” decides',
      'Needed: 1 × analyst and 1 × lead within 30 minutes, each with a reason, each with a fresh sign-in (c1).',
    ]);
  });

  it.each([
    ['--action purge --mailboxes 5', 'up to five mailboxes'],
    ['--action purge --mailboxes 6', 'every other purge'],
    ['--action purge --mailboxes 120 --vip 1', 'large purge'],
    ['--action purge --mailboxes 20 --vip 1', 'VIPs'],
    ['--action purge --mailboxes 20 --share 0.05', 'every other purge'],
    ['--action purge --mailboxes 3 --copies 20000', 'a mail that nearly everybody has is a matter for mail flow'],
    ['--action purge --mode dry-run --mailboxes 120', 'dry runs'],
    ['--action purge --mailboxes 20 --share 0.05 --confidence 41', 'every other purge'],
    ['--action purge --mailboxes 20 --share 0.05 --confidence 40', 'alerts that are more of a guess'],
    ['--action hard-purge --legal-hold 1', 'nothing is deleted for good under legal hold'],
    ['--action undo', 'undo'],
    ['--action flag', 'flag mailboxes'],
  ])('the example, %s: %s', async (words, decides) => {
    const known = words.includes('--share') ? [] : ['--share', '0'];
    const confidence = words.includes('--confidence') ? [] : ['--confidence', '90'];
    expect(await explain(...words.split(' '), ...known, ...confidence)).toContain(`=> “${decides}” decides`);
  });

  it('a share or a confidence that is not said counts as the worst', async () => {
    expect(await explain('--action', 'purge')).toContain('=> “a tenth of the tenant” decides');
    expect(await explain('--action', 'purge', '--share', '0')).toContain(
      '=> “alerts that are more of a guess” decides',
    );
  });

  const night = ['--action', 'contain', '--tenant', 'contoso', '--severity', 'high', '--confidence', '95'];
  const detector = ['--source', 'Mail-Detector', '--verdict', 'malware'];
  it('knows nights, detectors and tenants', async () => {
    const wednesdayNight = ['--at', '2026-11-25T20:00:00+01:00'];
    expect((await explain(...night, ...detector, ...wednesdayNight)).at(-1)).toBe(
      'Needed: 1 × analyst within 240 minutes, done at once and rolled back unless confirmed.',
    );
    const noon = await explain(...night, ...detector, '--at', '2026-11-25T12:00:00+01:00');
    expect(noon.at(-1)).toBe('Refused: no rule of the policy allows contain here.');
    expect(noon.join()).toContain('at night” does not fit: it is wed 12:00 in Europe/Berlin');
    const elsewhere = [...night, ...detector, ...wednesdayNight, '--tenant', 'fabrikam'];
    expect((await explain(...elsewhere)).join()).toContain('at night” does not fit: tenant is not contoso');
  });

  it('protected sets add their people; one that is never touched refuses', async () => {
    const asked = ['--action', 'purge', '--share', '0', '--confidence', '90'];
    expect((await explain(...asked, '--protected', 'legal department')).at(-1)).toBe(
      'Needed: 1 × analyst and 1 × legal within 60 minutes.',
    );
    expect((await explain(...asked, '--protected', 'break-glass accounts')).at(-1)).toMatch(
      /^Refused: .*never touched\.$/,
    );
  });

  it('a rule that refuses says why', async () => {
    expect((await explain('--action', 'hard-purge', '--legal-hold', '2')).at(-1)).toBe(
      'Refused: at least one mailbox is under legal hold.',
    );
  });

  it('for machines there is JSON', async () => {
    const out = await explain('--action', 'undo', '--json');
    expect(JSON.parse(out.at(-1) ?? '')).toMatchObject({
      is: 'asked',
      rule: 'undo',
      seats: [{ role: 'analyst', count: 2 }],
    });
  });

  it('without any file it explains the defaults', async () => {
    const { code, out } = await policy({}, 'explain', '--action', 'purge', '--mailboxes', '6');
    expect([code, out.at(-1)]).toEqual([0, 'Needed: 2 × approver within 60 minutes.']);
  });

  it.each([
    [[], '--action'],
    [['--action', 'shred'], '--action'],
    [['--action', 'purge', '--mailboxes', 'many'], '--mailboxes'],
    [['--action', 'purge', '--mailboxes=-1'], '--mailboxes'],
    [['--action', 'purge', '--copies', '1.5'], '--copies'],
    [['--action', 'purge', '--share', '2'], '--share'],
    [['--action', 'purge', '--confidence', '101'], '--confidence'],
    [['--action', 'purge', '--vip', 'yes'], '--vip'],
    [['--action', 'purge', '--legal-hold', 'x'], '--legal-hold'],
    [['--action', 'purge', '--severity', 'urgent'], '--severity'],
    [['--action', 'purge', '--verdict', 'clean'], '--verdict'],
    [['--action', 'purge', '--mode', 'test'], '--mode'],
    [['--action', 'purge', '--at', 'tomorrow'], '--at'],
    [['--action', 'purge', '--protected', 'the board'], '--protected the board: the policy has no such set'],
  ])('%j names the option that is wrong', async (words, option) => {
    const { code, out, err } = await policy({ 'p.yaml': own() }, 'explain', 'p.yaml', ...words);
    expect([code, out]).toEqual([1, []]);
    expect(err).toContain(`clawback: ${option}`);
  });
});
