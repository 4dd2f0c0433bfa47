import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadPolicy, parsePolicy, policyJsonSchema } from '../../src/config/policy-file.ts';
import { Config } from '../../src/config/schema.ts';
import { watchPolicy } from '../../src/policy-watch.ts';
import { configTree, refusal, tenantTree } from '../support/configuration.ts';

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
  it('a file that is named counts instead of the one beside', () => {
    const named = config((_tenant, all) => Object.assign(all, { policy: 'rules.yaml' }));
    const place = folder({ 'policy.yaml': text(), 'rules.yaml': text({ rules: [{ ...rule, name: 'two' }] }) });
    const { file, policy } = loadPolicy(named, place);
    expect([file, policy.rules[0]?.name]).toEqual([join(place, 'rules.yaml'), 'two']);
  });
  it('a file that cannot be used is not replaced by the defaults', () => {
    expect(refusal(() => loadPolicy(config(), folder({ 'policy.yaml': '' })))).toContain('policy.yaml');
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

describe('a rule for a source', () => {
  const of = (...source: string[]) => ({ rules: [{ ...rule, when: { action: ['purge'], source } }] });
  const sourced = config((tenant) => Object.assign(tenant, { sources: [{ name: 'defender' }] }));

  it('that no tenant has is not taken: another rule would hold in its place', () => {
    expect(check(of('Microsoft Defender'), sourced)).toContain(
      'rule \u201cone\u201d: names source Microsoft Defender, which no tenant has under sources:',
    );
  });

  it.each([['defender'], ['DEFENDER'], ['intake']])('called %s is taken', (name) => {
    expect(check(of(name), sourced)).toBe('it was accepted');
  });

  it.each([['search'], ['sent-inside']])('of what people look for (%s) is taken only where somebody may', (name) => {
    expect(check({ ...of(name), reads: { search: { by: ['approver'] } } }, sourced)).toBe('it was accepted');
    expect(check(of(name), sourced)).toContain(`names source ${name}, which no tenant has`);
  });

  it('of what people report in chats is taken only where they do', () => {
    const reporting = config((tenant) => Object.assign(tenant.slack ?? {}, { reports: true }));
    expect(check(of('chat-report'), reporting)).toBe('it was accepted');
    expect(check(of('chat-report'), sourced)).toContain('names source chat-report, which no tenant has');
  });
});

describe('a policy that could never be fulfilled is not taken', () => {
  it.each([
    [
      'more approvers than there are',
      { rules: [{ ...rule, approve: [{ role: 'approver', count: 3 }] }] },
      'rules.0.approve',
    ],
    [
      'one person for two seats of a role',
      {
        roles: { lead: { people: ['11111111-0000-4000-8000-000000000001'] } },
        rules: [{ ...rule, approve: [{ role: 'lead' }, { role: 'approver' }, { role: 'lead' }] }],
      },
      'rules.0.approve: asks for 2 \u00d7 lead, but tenant contoso lists only 1',
    ],
    [
      'somebody named twice for two seats',
      {
        roles: { lead: { people: Array(2).fill('11111111-0000-4000-8000-00000000000a') } },
        rules: [{ ...rule, approve: [{ role: 'lead', count: 2 }] }],
      },
      'lists only 1',
    ],
    [
      'more to ask after an escalation than there are',
      { rules: [{ ...rule, escalation: [{ afterMinutes: 5, ask: [{ role: 'approver', count: 3 }] }] }] },
      'rules.0.escalation.0.ask',
    ],
    [
      'a protected set with more than there are',
      { mailboxes: { protected: [{ name: 'board', approve: [{ role: 'approver', count: 3 }] }] } },
      'mailboxes.protected.0.approve',
    ],
    ['an override by more than there are', { caps: { override: [{ role: 'approver', count: 3 }] } }, 'caps.override'],
    ['a lift by more than there are', { stop: { lift: [{ role: 'approver', count: 3 }] } }, 'stop.lift'],
    ['a fresh sign-in without a page for it', { rules: [{ ...rule, stepUp: 'c1' }] }, 'no signIn in clawback.yaml'],
    ['a key nobody knows', { rule: [] }, 'unknown key rule'],
    ['a role that is not defined', { rules: [{ ...rule, approve: [{ role: 'lead' }] }] }, 'rules.0.approve.0.role'],
  ])('%s', (_what, more, says) => {
    expect(check(more)).toContain(says);
  });
  it('how many are in a group only the directory knows: that is no mistake', () => {
    const roles = { lead: { entraGroups: ['4b7d0e2c-8a51-4f36-9c1d-6e3f2a5b8d70'] } };
    expect(check({ roles, rules: [{ ...rule, approve: [{ role: 'lead', count: 9 }] }] })).toBe('it was accepted');
  });
  it('every tenant has to be able to fulfil it', () => {
    const two = config((_tenant, all) => {
      const small = { ...tenantTree(), name: 'fabrikam', id: '00000000-0000-4000-8000-00000000c0df' };
      all.tenants.push({ ...small, approvers: small.approvers.slice(0, 1) });
    });
    expect(check({ stop: { lift: [{ role: 'approver', count: 1 }] } }, two)).toBe('it was accepted');
    expect(check({}, two)).toContain('stop.lift: asks for 2 \u00d7 approver, but tenant fabrikam lists only 1');
  });
  it('a fresh sign-in where there is a page for it', () => {
    const page = { clientId: '44444444-0000-4000-8000-000000000003' };
    const withPage = config((tenant) => Object.assign(tenant, { signIn: page }));
    expect(check({ rules: [{ ...rule, stepUp: 'c1' }] }, withPage)).toBe('it was accepted');
  });
  it('all that is wrong is said at once, each with its key and what was found', () => {
    const said = check({
      rules: [
        { ...rule, expiryMinutes: 1 },
        { name: 'x', when: { action: ['shred'] } },
      ],
      linkByEmail: 'yes',
    });
    for (const words of [
      'rules.0.expiryMinutes',
      '(found 1)',
      'rules.1.when.action.0',
      '(found "shred")',
      'linkByEmail',
      '(found "yes")',
    ])
      expect(said).toContain(words);
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
  it('what is there and is no file changes nothing and is told once, and the file after it is taken up', async () => {
    const { file, told, look } = watched();
    rmSync(file);
    mkdirSync(file);
    await look();
    await look();
    rmSync(file, { recursive: true });
    writeFileSync(file, text({ rules: [{ ...rule, name: 'two' }] }));
    await look();
    expect(told).toEqual([expect.stringContaining('it is a folder'), 'adopted two']);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: a document that the test itself checks.
type Document = any;

/** `rules.when.action` and the like, for every key that a policy may have; `roles` holds names, not keys. */
function keysOf(schema: Document, at = ''): string[] {
  if (schema.items) return keysOf(schema.items, at);
  if (schema.additionalProperties) return keysOf(schema.additionalProperties, `${at}.*`);
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => {
    const path = at === '' ? key : `${at}.${key}`;
    return [path, ...keysOf(inner, path)];
  });
}

function keysIn(value: Document, at = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => keysIn(one, at));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = at === '' ? key : `${at}.${at === 'roles' ? '*' : key}`;
    return [path, ...keysIn(inner, path)];
  });
}

describe('what is published', () => {
  const manifest = (name: string) => readFileSync(`${import.meta.dirname}/../../manifest/${name}`, 'utf8');
  it('the example can be used, beside the example of the configuration', () => {
    const all = Config.parse(parse(manifest('clawback.example.yaml')));
    expect(parsePolicy(manifest('policy.example.yaml'), 'policy.example.yaml', all).rules.length).toBeGreaterThan(5);
  });
  it('the example shows every key there is', () => {
    const defined = JSON.parse(manifest('policy.schema.json'));
    const shown = new Set(keysIn(parse(manifest('policy.example.yaml'))));
    // Of a range one end is enough to see what it is.
    const every = new Set(keysOf(defined.$defs.ClawbackPolicy).filter((key) => !/\.at(Least|Most)$/.test(key)));
    const missing = [...every].filter((key) => !shown.has(key));
    expect(missing).toEqual([]);
  });
  it('the example holds no id of a stand-in and nobody else’s addresses', () => {
    const example = manifest('policy.example.yaml');
    expect(example).not.toMatch(/\b00000000-/);
    const foreign = (example.match(/[\w.-]+@[\w.-]+/g) ?? []).filter((address) => !address.endsWith('@contoso.com'));
    expect(foreign).toEqual([]);
  });
  it('the schema for editors is that of the code', () => {
    expect(JSON.parse(manifest('policy.schema.json'))).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())));
  });
});
