import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { Policy } from '../../src/core/ask/policy.ts';
import { type InUse, usedBy } from '../../src/doctor/in-use.ts';
import { leastPermissions, usefulPermissions } from '../../src/doctor/permissions.ts';
import { type Attack, becReply, newsletter, phishingWave } from '../../src/sandbox/attacks.ts';
import { askForAutomation } from '../../src/sandbox/cli/report-attack.ts';
import { allRoles } from '../../src/sandbox/graph/roles.ts';
import { contractChecker, ownRequests } from '../sandbox/graph-contract.ts';
import { type Story, startStory } from '../support/story.ts';

/**
 * Everything that a whole incident asks of Graph, request by request, also inside batches: each in the form that Graph
 * documents, each within the permissions of what is switched on. The app registration holds those and no other.
 */

const own = ownRequests();
const ANALYSTS = '00000000-0000-4000-8000-0000000000a1';
const RULES = `rules:
  - { name: two people, when: { action: [purge, hard-purge, undo, flag] }, approve: [{ role: WHO, count: 2 }] }
  - { name: put back, when: { action: [release] }, approve: [{ role: approver, count: 2 }] }
  - { name: at once, when: { action: [contain], severity: [critical] }, approve: [{ role: approver, count: 1 }], actFirst: true }
`;

interface Asked {
  readonly method: string;
  /** With its query, still encoded. */
  readonly path: string;
  readonly body: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

interface Setting {
  readonly name: string;
  readonly policy: string;
  /** As in clawback.yaml, under `graph`. */
  readonly graph: Readonly<Record<string, boolean>>;
  /** Whether alerts name a list of people among the recipients. */
  readonly list: boolean;
}

const SETTINGS: readonly Setting[] = [
  {
    name: 'with everything on that reads',
    policy: `version: 1
roles: { analyst: { entraGroups: [${ANALYSTS}] } }
${RULES.replace('WHO', 'analyst')}reads: { excerpt: [analyst] }
`,
    graph: { hunting: true, identityProtection: true },
    list: true,
  },
  {
    name: 'with nothing on but mail and people',
    policy: `version: 1\n${RULES.replace('WHO', 'approver')}reads: { excerpt: [approver] }\n`,
    graph: { hunting: false, identityProtection: false },
    list: false,
  },
];

describe.each(SETTINGS)('a whole run $name', (setting) => {
  let story: Story;
  let used: InUse;
  let granted: readonly string[];
  let asked: readonly Asked[];

  beforeAll(async () => {
    story = await startStory({ employees: 24, seed: 11, hunting: setting.graph['hunting'] ?? false }, undefined, {
      policy: setting.policy,
    });
    used = configured(story, setting);
    granted = (setting.list ? usefulPermissions(used) : leastPermissions(used)).map(({ permission }) => permission);
    const { entra, apps } = story.sandbox;
    entra.setRoles(apps.executor.clientId, granted);
    await story.stop();
    const heard = listen(story);
    await story.start();
    await wholeRun(story, setting);
    asked = heard();
    // Three incidents, one after the other: a busy machine takes its time.
  }, 400_000);
  afterAll(() => story.close());

  it('asks for everything that it is about', () => {
    const operations = new Set(asked.map(({ method, path }) => operationOf(method, path)));
    const mail = [
      'messages get',
      'messages/{message-id} get',
      'messages/{message-id} patch',
      'mailFolders/{mailFolder-id} get',
    ];
    const writes = ['messages/{message-id}/move post', 'messages/{message-id}/permanentDelete post'];
    expect([...operations]).toEqual(
      expect.arrayContaining([...mail, ...writes].map((tail) => `/users/{user-id}/${tail}`)),
    );
    expect(asked.length).toBeGreaterThan(50);
  });

  it('asks nothing that Graph does not document, in no other form', () => {
    expect(asked.flatMap(({ method, path, body }) => own.request(method, path, body))).toEqual([]);
  });

  it('gives each request the header that keeps ids the same, and an id of its own', () => {
    const problems = asked.flatMap(({ method, path, headers }) => own.headers(method, path, headers));
    expect(problems).toEqual([]);
    const ids = asked.flatMap(({ headers }) => headers['client-request-id'] ?? []);
    expect(new Set(ids).size).toBe(asked.length);
  });

  it('asks nothing beyond the permissions of what is on, and is refused nothing', () => {
    const roles = allRoles(granted);
    const beyond = asked.filter(({ method, path }) => !permissionsFor(method, path).some((one) => roles.has(one)));
    expect(beyond.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
    expect(asked.filter(({ status }) => status === 401 || status === 403)).toEqual([]);
  });

  it('has no permission that nothing asks for', () => {
    const idle = granted.filter((one) => {
      const roles = allRoles([one]);
      return !asked.some(({ method, path }) => permissionsFor(method, path).some((role) => roles.has(role)));
    });
    expect(idle).toEqual([]);
  });

  const contract = contractChecker();
  if (contract) {
    it('agrees with the machine-readable contract, where that knows the operation', () => {
      const known = asked.filter(({ method, path }) => contract.knows(method, path));
      expect(known.length).toBeGreaterThan(asked.length / 2);
      expect(known.flatMap(({ method, path, body }) => contract.request(method, path, body))).toEqual([]);
    });

    it('and what that does not know is said to be an addition, with its source', () => {
      const more = asked.filter(({ method, path }) => !contract.knows(method, path));
      const entries = more.map(({ method, path }) => own.operation(method, path));
      for (const entry of entries)
        expect(entry).toMatchObject({
          'x-addition': expect.any(String),
          'x-source': expect.stringMatching(/^https:\/\/learn\.microsoft\.com\//),
        });
    });
  }
});

describe('the check itself', () => {
  const USER = '/users/00000000-0000-4000-8000-0000000000d5';
  const SEARCH = `${USER}/messages?$filter=${encodeURIComponent("internetMessageId eq '<a@b.example>'")}&$select=id`;

  it.each([
    ['an operation that nobody needs', 'DELETE', `${USER}/messages/m`, undefined],
    [
      'a search for anything',
      'GET',
      `${USER}/messages?$filter=${encodeURIComponent("subject eq 'x'")}&$select=id`,
      undefined,
    ],
    ['whole messages', 'GET', `${USER}/messages/m`, undefined],
    ['a field that nobody needs', 'GET', `${USER}/messages/m?$select=id,bccRecipients`, undefined],
    ['an option that Graph does not have', 'GET', `${SEARCH}&$format=json`, undefined],
    ['a page that is too long', 'GET', `${SEARCH}&$top=1001`, undefined],
    ['a move to nowhere', 'POST', `${USER}/messages/m/move`, { destinationid: 'junkemail' }],
    ['a move without a body', 'POST', `${USER}/messages/m/move`, undefined],
    ['a mark that rewrites the mail', 'PATCH', `${USER}/messages/m`, { subject: 'x' }],
    ['a batch that is too long', 'POST', '/$batch', { requests: Array.from({ length: 21 }, inner) }],
    ['a body without its type, in a batch', 'POST', '/$batch', { requests: [{ ...inner(), body: {} }] }],
  ])('finds %s', (_name, method, path, body) => {
    expect(own.request(method, path, body)).not.toEqual([]);
  });

  it('finds what has no id of its own', () => {
    const headers = { Prefer: 'IdType="ImmutableId"', 'client-request-id': 'mine' };
    expect(own.headers('GET', SEARCH, headers)).not.toEqual([]);
    expect(own.headers('GET', SEARCH, {})).toHaveLength(2);
  });

  it('finds nothing wrong with a plain search', () => {
    expect(own.request('GET', SEARCH, undefined)).toEqual([]);
  });
});

function inner() {
  const headers = { Prefer: 'IdType="ImmutableId"', 'client-request-id': '11111111-0000-4000-8000-000000000001' };
  return { id: '1', method: 'GET', url: '/users', headers };
}

/** Writes what is on into the configuration, and answers what that comes to. */
function configured({ configFile }: Story, { graph, policy }: Setting): InUse {
  const config = parse(readFileSync(configFile, 'utf8'));
  Object.assign(config.tenants[0].graph, graph);
  config.tenants[0].automation = { list: graph['hunting'] ?? false };
  writeFileSync(configFile, stringify(config));
  const [tenant] = loadConfig(configFile, {}).config.tenants;
  if (!tenant) throw new Error('there is one tenant');
  return usedBy(tenant, Policy.parse(parse(policy)));
}

/** Everything that reaches Graph from now on; a batch stands beside what is in it. */
function listen({ sandbox: { graph } }: Story): () => readonly Asked[] {
  const asked: Asked[] = [];
  /** Headers that came inside batches, by the id of the request. */
  const inside = new Map<string, Readonly<Record<string, string>>>();
  const batches: unknown[] = [];
  graph.onBatch((body) => {
    batches.push(body);
    const { requests } = body as { requests: readonly { headers: Record<string, string> }[] };
    for (const { headers } of requests) inside.set(headers['client-request-id'] ?? '', headers);
  });
  graph.log.onEntry(({ method, path, body, status, clientRequestId: id }) => {
    const alone = id === null ? {} : { 'client-request-id': id };
    asked.push({ method, path, body, status, headers: inside.get(id ?? '') ?? alone });
  });
  return () => {
    for (const body of batches) expect(own.request('POST', '/$batch', body)).toEqual([]);
    expect(batches.length).toBeGreaterThan(0);
    return asked;
  };
}

function permissionsFor(method: string, path: string): readonly string[] {
  return (own.operation(method, path)?.['x-permissions'] ?? []) as readonly string[];
}

function operationOf(method: string, path: string): string {
  return `${own.pathOf(method, path)} ${method.toLowerCase()}`;
}

/** Found, flagged, purged, looked at, undone; another deleted for good; a third taken out at once and confirmed; a fourth put back. */
async function wholeRun(story: Story, { list, graph }: Setting): Promise<void> {
  const { sandbox } = story;
  const wave = phishingWave(sandbox, 12);
  const owners = sandbox.employees.slice(-2).map((address) => sandbox.tenant.userByKey(address)?.id ?? '');
  if (list) sandbox.tenant.setGroup({ displayName: 'Everybody', mail: 'everybody@contoso.example', members: owners });
  const attack = list ? { ...wave, recipients: ['everybody@contoso.example', ...wave.recipients] } : wave;
  const { incident } = await story.attacked(attack);
  await decided(story, incident, 'flag', 'Flagged');
  await decided(story, incident, 'purge', 'removed, seen gone');
  await looked(story, incident);
  await decided(story, incident, 'undo', 'Undone');

  const other = await story.attacked(anew(phishingWave(sandbox, 3)));
  await offers(story, other.incident, 'hard-purge');
  await story.slack('dana', other.incident, 'hard-purge');
  await story.slack('omar', other.incident, 'hard-purge');
  await story.bothSay(other.incident, 'deleted');

  const fraud = story.land(becReply(sandbox));
  const taken = await story.report(fraud.attack);
  await story.bothSay(taken, 'Confirmed by 0 of 1');
  await offers(story, taken, 'confirm');
  await story.slack('dana', taken, 'confirm');
  await story.bothSay(taken, 'Purged');
  if (graph['hunting']) await putBack(story);
}

/** Defender took it out on its own, and two others than the one who asked want it back. */
async function putBack(story: Story): Promise<void> {
  const { slack } = story.sandbox;
  story.land(newsletter(story.sandbox));
  const { data } = loadConfig(story.configFile, {}).config;
  const listed = await story.until('hunting tells of it', () => askForAutomation(data).catch(() => null));
  await story.bothSay(listed, 'What Defender took out on its own');
  await slack.click('lena', (await story.slackCard(listed)).id, 'cb:open:0');
  const made = () => /CB-\w+/.exec(JSON.stringify(slack.seenBy('lena').ephemerals.at(-1) ?? null))?.[0];
  await decided(story, await story.until('it is an incident', made), 'release', 'restored');
}

async function decided(story: Story, incident: string, verb: string, words: string): Promise<void> {
  await offers(story, incident, verb);
  await story.slack('dana', incident, verb);
  await story.teams('omar', incident, verb);
  await story.bothSay(incident, words);
}

/** Cards are drawn one after the other: nobody presses what is not there. */
async function offers(story: Story, incident: string, verb: string): Promise<void> {
  await story.until(`both cards offer ${verb}`, async () => {
    const [slack, teams] = [await story.slackCard(incident), await story.teamsCard(incident)];
    return slack.words.includes(`cb:${verb}`) && teams.words.includes(`"${verb}"`);
  });
}

/** Where the copies were, and how the mail begins. */
async function looked({ sandbox, ...story }: Story, incident: string): Promise<void> {
  const modal = () => JSON.stringify(sandbox.slack.seenBy('dana').modal);
  await sandbox.slack.click('dana', (await story.slackCard(incident)).id, 'cb:details');
  await story.until('the list is there', () => modal().includes('Mailboxes of'));
  await sandbox.slack.clickInModal('dana', 'cb:excerpt');
  await story.until('a reason is asked for', () => modal().includes('needs a reason'));
  await sandbox.slack.submitModal('dana', { reason: 'is it real?' });
  const seen = () => JSON.stringify(sandbox.slack.seenBy('dana').ephemerals);
  await story.until('the excerpt is there', () => seen().includes('please read this today'));
}

function anew(attack: Attack): Attack {
  return { ...attack, subject: 'Another invoice', sender: 'other@fabrikam-invoices.example' };
}
