import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadPolicy, parsePolicy, policyJsonSchema } from '../../src/config/policy-file.ts';
import { Config } from '../../src/config/schema.ts';
import { watchPolicy } from '../../src/policy-watch.ts';
import { configTree, refusal } from '../support/configuration.ts';

const config = (change: Parameters<typeof configTree>[0] = () => undefined) => Config.parse(configTree(change));
const rule = { name: 'one', when: { action: ['purge'] }, approve: [{ role: 'approver', count: 1 }] };
const text = (more: object = {}) => stringify({ version: 1, rules: [rule], ...more });
const check = (more: object, of = config()) => refusal(() => parsePolicy(text(more), 'policy.yaml', of));

function folder(files: Readonly<Record<string, string>> = {}): string {
  const made = mkdtempSync(join(tmpdir(), 'clawback-policy-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(made, name), content);
  return made;
}

describe('where the policy comes from', () => {
  it('from policy.yaml beside the configuration', () => {
    const loaded = loadPolicy(config(), folder({ 'policy.yaml': text() }));
    expect(loaded.policy.rules.map(({ name }) => name)).toEqual(['one']);
  });
  it('without a file there are safe defaults', () => {
    expect(loadPolicy(config(), folder())).toMatchObject({ file: null, policy: { version: 1 } });
  });
  it('a file that is named has to be there', () => {
    const named = config((_tenant, all) => Object.assign(all, { policy: 'rules.yaml' }));
    expect(refusal(() => loadPolicy(named, folder()))).toContain('there is no policy file');
  });
  it('the defaults need two people', () => {
    expect(
      refusal(() =>
        loadPolicy(
          config((tenant) => tenant.approvers.splice(1)),
          folder(),
        ),
      ),
    ).toContain('asks for 2 \u00d7 approver, but tenant contoso lists only 1');
  });
});

describe('a policy that could never be fulfilled is not taken', () => {
  it.each([
    [
      'more approvers than there are',
      { rules: [{ ...rule, approve: [{ role: 'approver', count: 3 }] }] },
      'rules.0.approve',
    ],
    ['a lift by more than there are', { stop: { lift: [{ role: 'approver', count: 3 }] } }, 'stop.lift'],
    ['a fresh sign-in without a page for it', { rules: [{ ...rule, stepUp: 'c1' }] }, 'no signIn in clawback.yaml'],
    ['a key nobody knows', { rule: [] }, 'unknown key rule'],
    ['a role that is not defined', { rules: [{ ...rule, approve: [{ role: 'lead' }] }] }, 'rules.0.approve.0.role'],
  ])('%s', (_what, more, says) => {
    expect(check(more)).toContain(says);
  });
  it('Slack groups without Slack', () => {
    const without = config((tenant) => delete tenant.slack);
    expect(check({ roles: { analyst: { slackUserGroups: ['S012AB3CD'] } } }, without)).toContain('has no Slack');
  });
});

describe('while Clawback runs', () => {
  function watched() {
    const file = join(folder({ 'policy.yaml': text() }), 'policy.yaml');
    const told: string[] = [];
    const loaded = { file, policy: parsePolicy(text(), file, config()) };
    const watch = watchPolicy(loaded, config(), {
      adopted: async (policy) => void told.push(`adopted ${policy.rules[0]?.name}`),
      refused: async (why) => void told.push(`refused ${why}`),
    });
    return { file, told, look: () => watch.look() };
  }

  it('a change is taken up once', async () => {
    const { file, told, look } = watched();
    await look();
    writeFileSync(file, text({ rules: [{ ...rule, name: 'two' }] }));
    await look();
    await look();
    expect(told).toEqual(['adopted two']);
  });
  it('what cannot be used changes nothing and is told once', async () => {
    const { file, told, look } = watched();
    writeFileSync(file, 'version: 2');
    await look();
    await look();
    expect(told).toEqual([expect.stringMatching(/^refused .*version/s)]);
  });
  it('a file that is gone leaves the policy in force', async () => {
    const { file, told, look } = watched();
    rmSync(file);
    await look();
    expect(told).toEqual([expect.stringContaining('the policy before holds')]);
  });
});

describe('what is published', () => {
  const manifest = (name: string) => readFileSync(`${import.meta.dirname}/../../manifest/${name}`, 'utf8');
  it('the example can be used, beside the example of the configuration', () => {
    const all = Config.parse(parse(manifest('clawback.example.yaml')));
    expect(parsePolicy(manifest('policy.example.yaml'), 'policy.example.yaml', all).rules.length).toBeGreaterThan(5);
  });
  it('the schema for editors is that of the code', () => {
    expect(JSON.parse(manifest('policy.schema.json'))).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())));
  });
});
