import { randomUUID } from 'node:crypto';
import { type Attack, becReply, land, phishingWave } from '../../src/sandbox/attacks.ts';
import { writeSandboxConfig } from '../../src/sandbox/cli/configuration.ts';
import { reportAttack } from '../../src/sandbox/cli/report-attack.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { ByHand } from './bare.ts';
import { cpuMs, serve } from './child.ts';
import { STORM } from './unavoidable.ts';

/** Microsoft and Slack in a process of their own: a mailbox for each copy, decoys beside them, and people who press. */

interface Placed {
  readonly userId: string;
  readonly messageId: string;
}

interface Wave {
  readonly attack: Attack;
  readonly copies: readonly Placed[];
}

interface Opened {
  readonly sandbox: Sandbox;
  /** By the name that whoever measures gave them. */
  readonly waves: Map<string, Wave>;
  /** Immutable ids of everything that somebody may touch: what is to go, and what is moved by hand. */
  readonly meant: Set<string>;
  /** Other mails in the same mailboxes, for those who do it by hand. */
  readonly bare: Map<string, readonly Placed[]>;
}

/** Without the cap that asks for a third person: how many mailboxes there are is what is measured. */
const TWO_PEOPLE = `version: 1
caps: { tenant: { mailboxesPerHour: 1000000 } }
rules:
  - { name: two people, when: { action: [purge] }, approve: [{ role: approver, count: 2 }] }
`;
/** Nobody presses so often, and no detector sends so much: that is what is measured. */
const LIMITS = { alertsPerMinute: 1_000_000, pressesPerMinute: 100_000 };
const OUT_OF_SIGHT = 'Deletions';
const LOOK_EVERY_MS = 50;

let opened: Opened | null = null;
let counts = fresh();
/** Under way at this moment. */
let batchesNow = 0;

function fresh() {
  return {
    operations: {} as Record<string, number>,
    statuses: {} as Record<string, number>,
    batches: 0,
    mostBatches: 0,
  };
}

function need(): Opened {
  if (!opened) throw new Error('open first');
  return opened;
}

function waveOf(name: string): Wave {
  const wave = need().waves.get(name);
  if (!wave) throw new Error(`no wave ${name} has landed`);
  return wave;
}

const inSight = (copies: readonly Placed[]) => {
  const { tenant } = need().sandbox;
  const folderOf = ({ userId, messageId }: Placed) =>
    tenant.look(userId).messages.find((item) => item.immutableId === messageId)?.folder ?? 'nowhere';
  return copies.filter((copy) => folderOf(copy) !== OUT_OF_SIGHT).length;
};

/** In each mailbox one that shares only its subject or only its sender with the attack. */
function placeDecoys({ tenant }: Sandbox, { subject, sender, senderName, recipients, receivedAt }: Attack): void {
  recipients.forEach((address, n) => {
    const alike =
      n % 2 === 0 ? { subject, sender: 'finance@contoso.example' } : { subject: 'Thank you', sender, senderName };
    tenant.deliver({ ...alike, to: [address], internetMessageId: `<${randomUUID()}@mailer.example>`, receivedAt });
  });
}

/** Three people, or a wave over so many mailboxes. */
function attackOn(sandbox: Sandbox, copies: number | 'three'): Attack {
  return copies === 'three' ? becReply(sandbox) : phishingWave(sandbox, copies);
}

function teamsCard(sandbox: Sandbox, incident: string) {
  for (const { activities } of sandbox.teams.messages())
    for (const { id, card } of activities) {
      const words = JSON.stringify(card ?? null);
      if (words.includes(incident)) return { id, words };
    }
  return null;
}

async function slackCard(sandbox: Sandbox, incident: string) {
  const all = (await sandbox.slack.messages()).map(({ ts, blocks }) => ({ ts, words: JSON.stringify(blocks) }));
  return all.find(({ words }) => words.includes(incident)) ?? null;
}

async function until<T>(what: string, withinMs: number, look: () => T | null | Promise<T | null>): Promise<T> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; ) {
    const seen = await look();
    if (seen !== null) return seen;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error(`waited in vain until ${what}`);
}

const answers = {
  async open({ mailboxes, serviceMs }: { mailboxes: number; serviceMs: number }) {
    const sandbox = await startSandbox({
      employees: mailboxes + 10,
      seed: 12,
      limits: { serviceMs: [serviceMs, serviceMs] },
    });
    opened = { sandbox, waves: new Map(), meant: new Set(), bare: new Map() };
    sandbox.graph.log.onEntry(({ operation, status }) => {
      counts.operations[operation] = (counts.operations[operation] ?? 0) + 1;
      counts.statuses[status] = (counts.statuses[status] ?? 0) + 1;
    });
    sandbox.graph.onBatch((_body, done) => {
      batchesNow += 1;
      counts.batches += 1;
      counts.mostBatches = Math.max(counts.mostBatches, batchesNow);
      void done.then(() => {
        batchesNow -= 1;
      });
    });
  },
  /** A mail of its own lands, and decoys beside it. */
  land({ name, copies }: { name: string; copies: number | 'three' }) {
    const { sandbox, waves, meant } = need();
    const attack = attackOn(sandbox, copies);
    const landed = land(sandbox, attack);
    placeDecoys(sandbox, attack);
    waves.set(name, { attack, copies: landed.copies });
    for (const { messageId } of landed.copies) meant.add(messageId);
  },
  /** One mail in each of so many mailboxes, for somebody who takes them out by hand. */
  bare({ name, copies }: { name: string; copies: number }): ByHand {
    const { sandbox, meant, bare } = need();
    const internetMessageId = `<${randomUUID()}@by-hand.example>`;
    const { recipients, receivedAt } = phishingWave(sandbox, copies);
    const text = { sender: 'someone@fabrikam.example', subject: 'Another one', hunted: false };
    const placed = recipients.flatMap(
      (address) => sandbox.tenant.deliver({ ...text, internetMessageId, receivedAt, to: [address] }).copies,
    );
    bare.set(name, placed);
    for (const { messageId } of placed) meant.add(messageId);
    return {
      graphUrl: sandbox.graph.url,
      tokenUrl: `${sandbox.entra.url}/${sandbox.tenantId}/oauth2/v2.0/token`,
      clientId: sandbox.apps.executor.clientId,
      secret: sandbox.apps.executor.secret,
      internetMessageId,
      mailboxes: placed.map(({ userId }) => userId),
    };
  },
  /** So many mails, each in one mailbox: `<flood-N@mailer.example>`. Answers the addresses, in turn. */
  flood(count: number): readonly string[] {
    const { sandbox } = need();
    const text = { sender: 'billing@fabrikam-invoices.example', subject: 'Overdue', hunted: false };
    for (let n = 0; n < count; n += 1) {
      const to = [sandbox.employees[n % sandbox.employees.length] ?? ''];
      sandbox.tenant.deliver({ ...text, to, internetMessageId: `<flood-${n}@mailer.example>` });
    }
    return sandbox.employees;
  },
  /** Where the product's configuration was written. */
  configure({ folder, port, databaseUrl }: { folder: string; port: number; databaseUrl?: string }) {
    return writeSandboxConfig(need().sandbox, {
      ...{ folder, port, policy: TWO_PEOPLE, log: 'error', limits: LIMITS },
      campaigns: false,
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
    });
  },
  connect: (url: string) => need().sandbox.connect(url),
  async report({ configFile, name }: { configFile: string; name: string }) {
    const incident = await reportAttack(configFile, waveOf(name).attack);
    return { incident, at: Date.now() };
  },
  /** Waits until the card in Teams says so; answers when it did, and all that it says. */
  cardSays({ incident, words, withinMs }: { incident: string; words: string; withinMs: number }) {
    return until(`a card says ${words}`, withinMs, () => {
      const card = teamsCard(need().sandbox, incident);
      return card?.words.includes(words) ? { at: Date.now(), words: card.words } : null;
    });
  },
  /** Waits until the card in Slack can be pressed. */
  slackAsks({ incident, withinMs }: { incident: string; withinMs: number }) {
    return until('the card in Slack asks', withinMs, async () => {
      const card = await slackCard(need().sandbox, incident);
      return card?.words.includes('cb:purge') ? true : null;
    });
  },
  async pressInSlack({ who, incident }: { who: string; incident: string }) {
    const { sandbox } = need();
    const card = await slackCard(sandbox, incident);
    const at = Date.now();
    await sandbox.slack.click(who, card?.ts ?? '', 'cb:purge');
    return at;
  },
  async pressInTeams({ who, incident, verb = 'purge' }: { who: string; incident: string; verb?: string }) {
    const { sandbox } = need();
    const { id = '' } = teamsCard(sandbox, incident) ?? {};
    const at = Date.now();
    await sandbox.teams.click(who, id, verb);
    return { at, answered: Date.now() };
  },
  /** Whether Graph refuses and breaks off what the storm says. */
  storm(isOn: boolean) {
    const { faults } = need().sandbox.graph;
    if (!isOn) return faults.clear();
    const { throttled, unavailable, resets, retryAfter } = STORM;
    faults.set({
      throttled: { share: throttled, retryAfter },
      unavailable: { share: unavailable, retryAfter },
      resets,
    });
  },
  /** Whether at most 4 requests of an app are under way over all mailboxes. */
  fourInAll: (isOn: boolean) => need().sandbox.graph.setBeliefs({ fourInAll: isOn }),
  /** From now on; of everything before nothing is counted. */
  reset() {
    counts = { ...fresh(), mostBatches: batchesNow };
  },
  stats: () => ({ ...counts, cpuMs: cpuMs(), maxPerMailbox: need().sandbox.graph.stats().maxPerMailbox }),
  left: (name: string) => inSight(waveOf(name).copies),
  bareLeft: (name: string) => inSight(need().bare.get(name) ?? []),
  decoysTouched() {
    const { sandbox, meant } = need();
    return sandbox.graph.log.writes().filter(({ message }) => !meant.has(message ?? '')).length;
  },
};

export type StandIn = typeof answers;

serve(answers, async () => opened?.sandbox.close());
