import { randomUUID } from 'node:crypto';
import { type Attack, land, phishingWave } from '../../src/sandbox/attacks.ts';
import { writeSandboxConfig } from '../../src/sandbox/cli/configuration.ts';
import { reportAttack } from '../../src/sandbox/cli/report-attack.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { cpuMs, serve } from './child.ts';

/** Microsoft and Slack in a process of their own: a mailbox for each copy, decoys beside them, and people who press. */

interface Opened {
  readonly sandbox: Sandbox;
  readonly attack: Attack;
  readonly copies: readonly Placed[];
  /** Another mail in the same mailboxes, for those who do it by hand. */
  readonly bare: { readonly internetMessageId: string; readonly copies: readonly Placed[] };
}

interface Placed {
  readonly userId: string;
  readonly messageId: string;
}

/** Without the cap that asks for a third person: how many mailboxes there are is what is measured. */
const TWO_PEOPLE = `version: 1
caps: { tenant: { mailboxesPerHour: 1000000 } }
rules:
  - { name: two people, when: { action: [purge] }, approve: [{ role: approver, count: 2 }] }
`;
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

function mailboxOf({ sandbox }: Opened, { userId, messageId }: Placed) {
  return sandbox.tenant.look(userId).messages.find((item) => item.immutableId === messageId)?.folder ?? 'nowhere';
}

const inSight = (all: Opened, copies: readonly Placed[]) =>
  copies.filter((copy) => mailboxOf(all, copy) !== OUT_OF_SIGHT).length;

/** In each mailbox one that shares only its subject or only its sender with the attack. */
function placeDecoys({ tenant }: Sandbox, { subject, sender, senderName, recipients, receivedAt }: Attack): void {
  recipients.forEach((address, n) => {
    const alike =
      n % 2 === 0 ? { subject, sender: 'finance@contoso.example' } : { subject: 'Thank you', sender, senderName };
    tenant.deliver({ ...alike, to: [address], internetMessageId: `<${randomUUID()}@mailer.example>`, receivedAt });
  });
}

function placeBare({ tenant }: Sandbox, { recipients, receivedAt }: Attack): Opened['bare'] {
  const internetMessageId = `<${randomUUID()}@by-hand.example>`;
  const mail = {
    internetMessageId,
    sender: 'someone@fabrikam.example',
    subject: 'Another one',
    receivedAt,
    hunted: false,
  };
  return {
    internetMessageId,
    copies: recipients.flatMap((address) => tenant.deliver({ ...mail, to: [address] }).copies),
  };
}

function teamsCard(sandbox: Sandbox, incident: string) {
  for (const { activities } of sandbox.teams.messages())
    for (const { id, card } of activities) {
      const words = JSON.stringify(card ?? null);
      if (words.includes(incident)) return { id, words };
    }
  return null;
}

async function slackCard(sandbox: Sandbox, incident: string): Promise<string> {
  const all = await sandbox.slack.messages();
  return all.find(({ blocks }) => JSON.stringify(blocks).includes(incident))?.ts ?? '';
}

const answers = {
  async open({ copies, serviceMs }: { copies: number; serviceMs: number }) {
    const sandbox = await startSandbox({
      employees: copies + 10,
      seed: 12,
      limits: { serviceMs: [serviceMs, serviceMs] },
    });
    const attack = phishingWave(sandbox, copies);
    const landed = land(sandbox, attack);
    placeDecoys(sandbox, attack);
    opened = { sandbox, attack, copies: landed.copies, bare: placeBare(sandbox, attack) };
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
    return {
      graphUrl: sandbox.graph.url,
      tokenUrl: `${sandbox.entra.url}/${sandbox.tenantId}/oauth2/v2.0/token`,
      clientId: sandbox.apps.executor.clientId,
      secret: sandbox.apps.executor.secret,
      internetMessageId: opened.bare.internetMessageId,
      mailboxes: opened.bare.copies.map(({ userId }) => userId),
    };
  },
  /** Where the product's configuration was written. */
  configure({ folder, port, databaseUrl }: { folder: string; port: number; databaseUrl?: string }) {
    return writeSandboxConfig(need().sandbox, {
      ...{ folder, port, policy: TWO_PEOPLE, log: 'error' },
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
    });
  },
  connect: (url: string) => need().sandbox.connect(url),
  async report(configFile: string) {
    const incident = await reportAttack(configFile, need().attack);
    return { incident, at: Date.now() };
  },
  /** Waits until the card says so; answers when it did, and all that it says. */
  async cardSays({ incident, words, withinMs }: { incident: string; words: string; withinMs: number }) {
    for (const deadline = Date.now() + withinMs; Date.now() < deadline; ) {
      const card = teamsCard(need().sandbox, incident);
      if (card?.words.includes(words)) return { at: Date.now(), words: card.words };
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    throw new Error(
      `waited in vain until a card says ${words}: ${teamsCard(need().sandbox, incident)?.words ?? 'none'}`,
    );
  },
  async pressInSlack({ who, incident }: { who: string; incident: string }) {
    const { sandbox } = need();
    const card = await slackCard(sandbox, incident);
    const at = Date.now();
    await sandbox.slack.click(who, card, 'cb:purge');
    return at;
  },
  async pressInTeams({ who, incident }: { who: string; incident: string }) {
    const { sandbox } = need();
    const at = Date.now();
    await sandbox.teams.click(who, teamsCard(sandbox, incident)?.id ?? '', 'purge');
    return { at, answered: Date.now() };
  },
  /** From now on; of everything before nothing is counted. */
  reset() {
    counts = { ...fresh(), mostBatches: batchesNow };
  },
  stats: () => ({ ...counts, cpuMs: cpuMs(), maxPerMailbox: need().sandbox.graph.stats().maxPerMailbox }),
  left: () => inSight(need(), need().copies),
  bareLeft: () => inSight(need(), need().bare.copies),
  decoysTouched() {
    const { sandbox, copies, bare } = need();
    const ours = new Set([...copies, ...bare.copies].map(({ messageId }) => messageId));
    return sandbox.graph.log.writes().filter(({ message }) => !ours.has(message ?? '')).length;
  },
};

export type StandIn = typeof answers;

serve(answers, async () => opened?.sandbox.close());
