import type { Landed } from '../attacks.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Cell, Hello, Json, MailboxView, SlackSection, TeamsSection, TenantSection } from './shapes.ts';

/** The stand-ins' state in the shapes of the page. */

const MOST_MESSAGES = 200;

export function helloOf({ personas, tenant, domain }: Sandbox): Hello {
  return {
    channel: 'soc-mail-alerts',
    domain,
    personas: personas.map(({ key, name, role }) => ({ key, name, role })),
    mailboxes: tenant.users().map(({ userPrincipalName }) => userPrincipalName),
  };
}

export async function slackOf({ slack, personas }: Sandbox): Promise<SlackSection> {
  const messages = await slack.messages();
  return {
    messages: messages.map(({ ts, blocks, text }) => ({ ts, blocks, text })),
    own: Object.fromEntries(
      personas.map(({ key }) => {
        const { ephemerals, modal, modalErrors, trouble } = slack.seenBy(key);
        const shown = ephemerals.map(({ ts, blocks, text }) => ({ ts, blocks, text }));
        return [key, { ephemerals: shown, modal, modalErrors, trouble }];
      }),
    ),
  };
}

export function teamsOf({ teams, personas }: Sandbox): TeamsSection {
  const shown = (activity: { id: string; from: string; text: string; card: Json | null }) => {
    const { id, from, text, card } = activity;
    return { id, from, text, card };
  };
  return {
    threads: teams
      .messages()
      .filter(({ channelId }) => channelId === teams.channelId)
      .map(({ conversationId, activities }) => ({
        id: conversationId,
        activities: activities.filter(({ deleted }) => !deleted).map(shown),
      })),
    own: Object.fromEntries(
      personas.map(({ key }) => {
        const { cards, toasts, whispers } = teams.seenBy(key);
        return [key, { cards: Object.fromEntries(cards), toasts, whispers: whispers.map(shown) }];
      }),
    ),
  };
}

interface Copies {
  inSight: number;
  outOfSight: number;
  isMarked: boolean;
}

/** Copies of all attacks, per mailbox owner's object id. */
function copiesOf({ tenant }: Sandbox, landed: readonly Landed[]): Map<string, Copies> {
  const found = new Map<string, Copies>();
  for (const { userId, messageId } of landed.flatMap(({ copies }) => copies)) {
    const copies = found.get(userId) ?? { inSight: 0, outOfSight: 0, isMarked: false };
    found.set(userId, copies);
    const box = tenant.mailbox(userId);
    const item = box.find('immutable', messageId);
    if (item === null || box.inRecoverableItems(item)) copies.outOfSight += 1;
    else {
      copies.inSight += 1;
      copies.isMarked ||= item.categories.some((name) => name !== 'Project Orange');
    }
  }
  return found;
}

function cellOf(copies: Copies | undefined, isDenied: boolean): Cell {
  if (isDenied) return 'x';
  if (copies === undefined) return '.';
  if (copies.inSight === 0) return 'c';
  return copies.isMarked ? 'f' : 'm';
}

export function tenantOf(sandbox: Sandbox, landed: readonly Landed[], denied: string | null): TenantSection {
  const copies = copiesOf(sandbox, landed);
  const sum = (key: 'inSight' | 'outOfSight') => [...copies.values()].reduce((total, one) => total + one[key], 0);
  return {
    cells: sandbox.tenant
      .users()
      .map((user) => cellOf(copies.get(user.id), user.userPrincipalName === denied))
      .join(''),
    inSight: sum('inSight'),
    outOfSight: sum('outOfSight'),
  };
}

/** Throws RangeError when nobody has this address. */
export function mailboxOf({ tenant }: Sandbox, landed: readonly Landed[], address: string): MailboxView {
  const { user, messages } = tenant.look(address);
  const box = tenant.mailbox(address);
  const attacks = new Set(landed.flatMap(({ copies }) => copies.map(({ messageId }) => messageId)));
  const recoverable = box.folders.find('recoverableitemsroot')?.id;
  const folders = box.folders.all().filter(({ parentFolderId }) => parentFolderId !== null);
  return {
    address: user.userPrincipalName,
    name: user.displayName,
    folders: folders.map(({ id, displayName, parentFolderId }) => ({
      name: displayName,
      isRecoverable: parentFolderId === recoverable,
      messages: messages
        .filter((item) => item.parentFolderId === id)
        .slice(0, MOST_MESSAGES)
        .map((item) => ({
          id: item.immutableId,
          subject: item.subject,
          from: item.from.name === '' ? item.from.address : `${item.from.name} <${item.from.address}>`,
          receivedAt: item.receivedAt,
          isRead: item.isRead,
          isFlagged: item.flagStatus === 'flagged',
          categories: item.categories,
          isAttack: attacks.has(item.immutableId),
        })),
    })),
  };
}
