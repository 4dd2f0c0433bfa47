import type { Shell } from '../../cli/shell.ts';
import { ClawbackError } from '../../core/error.ts';
import type { Landed } from '../attacks.ts';
import type { Sandbox } from '../sandbox.ts';

/** The demo's eyes and hands: it sees what people see in the chats and mailboxes, and presses what they can press. */
export interface Stage {
  say(line: string): void;
  /** Waits until both cards ask, or say that there is nothing to ask. */
  cards(sandbox: Sandbox, incident: string): Promise<{ reach: string; status: string; canPurge: boolean }>;
  /** Press and answer, as the presser sees it. */
  pressInSlack(sandbox: Sandbox, who: string, incident: string, verb: string): Promise<string>;
  pressInTeams(sandbox: Sandbox, who: string, incident: string, verb: string): Promise<string>;
  /** Waits until at least this share of the copies is out of sight. */
  untilGone(landed: Landed, sandbox: Sandbox, share: number): Promise<void>;
  untilFinished(sandbox: Sandbox, incident: string): Promise<string>;
}

const PATIENCE_MS = 90_000;
/** What Exchange calls the part of Recoverable Items that soft delete fills. */
const OUT_OF_SIGHT = 'Deletions';

export function createStage(shell: Shell): Stage {
  const started = Date.now();
  const say = (line: string) => shell.out(`${((Date.now() - started) / 1_000).toFixed(1).padStart(5)} s  ${line}`);
  return {
    say,
    async cards(sandbox, incident) {
      const [slack, teams] = await eventually('both cards are there', async () => {
        const texts = [await slackCard(sandbox, incident), teamsCard(sandbox, incident)];
        return texts.every((card) => card && !card.words.includes('Looking for copies')) ? texts : null;
      });
      const words = slack?.words ?? '';
      return {
        reach: /[\d,]+ cop(?:y|ies) in [^"]*?read|No copies in [^"]*?looked into/.exec(words)?.[0] ?? 'unknown reach',
        status: /No copy[^"]*|This mail has no[^"]*/.exec(words)?.[0] ?? '',
        canPurge: words.includes('cb:purge') && (teams?.words ?? '').includes('"purge"'),
      };
    },
    async pressInSlack(sandbox, who, incident, verb) {
      const card = await slackCard(sandbox, incident);
      const before = sandbox.slack.seenBy(who).ephemerals.length;
      await sandbox.slack.click(who, card?.id ?? '', `cb:${verb}`);
      return eventually('Slack shows an answer', () => {
        const answer = sandbox.slack.seenBy(who).ephemerals.slice(before).at(-1);
        return answer ? textsIn(answer.blocks).join(' ') || answer.text : null;
      });
    },
    async pressInTeams(sandbox, who, incident, verb) {
      const card = teamsCard(sandbox, incident);
      await sandbox.teams.click(who, card?.id ?? '', verb);
      return eventually('Teams shows an answer', () => sandbox.teams.seenBy(who).toasts.at(-1)?.text ?? null);
    },
    async untilGone(landed, sandbox, share) {
      const total = landed.copies.length;
      let shown = -1;
      await eventually('the copies are gone', () => {
        const gone = landed.copies.filter((copy) => isGone(sandbox, copy)).length;
        const tenth = Math.floor((gone * 10) / total);
        if (tenth !== shown)
          say(`  ${'#'.repeat(tenth)}${'.'.repeat(10 - tenth)} ${gone} of ${total} copies out of sight`);
        shown = tenth;
        return gone >= total * share ? true : null;
      });
    },
    untilFinished: (sandbox, incident) =>
      eventually('both cards tell the end', async () => {
        const pattern = /Purged(?: with trouble)?: [^"]*/;
        const slack = pattern.exec((await slackCard(sandbox, incident))?.words ?? '')?.[0];
        const teams = pattern.exec(teamsCard(sandbox, incident)?.words ?? '')?.[0];
        return slack !== undefined && slack === teams ? slack : null;
      }),
  };
}

function isGone(sandbox: Sandbox, copy: Landed['copies'][number]): boolean {
  const message = sandbox.tenant.look(copy.userId).messages.find((item) => item.immutableId === copy.messageId);
  return message === undefined || message.folder === OUT_OF_SIGHT;
}

async function slackCard(sandbox: Sandbox, incident: string) {
  const messages = await sandbox.slack.messages();
  const found = messages.find((message) => JSON.stringify(message.blocks).includes(incident));
  return found ? { id: found.ts, words: JSON.stringify(found.blocks) } : null;
}

function teamsCard(sandbox: Sandbox, incident: string) {
  for (const thread of sandbox.teams.messages()) {
    for (const activity of thread.activities) {
      const words = JSON.stringify(activity.card ?? null);
      if (words.includes(incident)) return { id: activity.id, words };
    }
  }
  return null;
}

/** Every `text` string in a structure of blocks. */
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'text' && typeof inner === 'string' ? [inner] : textsIn(inner),
  );
}

async function eventually<T>(what: string, look: () => T | null | Promise<T | null>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const seen = await look();
    if (seen !== null) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new ClawbackError('unavailable', `waited ${PATIENCE_MS / 1_000} s in vain until ${what}`);
}
