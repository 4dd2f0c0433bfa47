import { Policy } from '../../src/core/ask/policy.ts';
import { command } from '../../src/flow/decide/command.ts';
import type { ChatUser, Press } from '../../src/ports/desk.ts';
import { type FakeChat, ofChat } from '../support/fake-rooms.ts';
import { createWorld, MAILBOXES, PEOPLE, type Someone, type World } from './world.ts';

/** The table of who may do what from where, and the world in which one cell of it is tried. */

export interface Cell {
  readonly platform: FakeChat;
  readonly action: string;
  readonly identity: string;
  readonly channel: string;
  readonly roles: string;
}

/** What came of it: the code of the refusal in the record, or that it had its effect. */
interface Seen {
  readonly answer: string;
  /** Votes, state, brake and runs are as before. */
  readonly unchanged: boolean;
}

/** Whose cell it is; the others are there to bring the world into the state that an action needs. */
const PRESSER = PEOPLE[5] as Someone;
const OTHERS = PEOPLE.slice(1, 5);

export const ROLE_SETS: Readonly<Record<string, readonly string[]>> = {
  nothing: [],
  analyst: ['analyst'],
  lead: ['lead'],
  both: ['analyst', 'lead'],
  board: ['board'],
};

interface Asked {
  /** Which roles are asked; null: any role will do. */
  readonly asks: readonly string[] | null;
  /** What the incident has to be in. */
  readonly state: 'open' | 'contained' | 'purged' | 'empty' | 'running';
  /** The button, where it is not called like the row. */
  readonly verb?: string;
  /** The refusal of whoever passes every other check: the card does not offer it in that state. */
  readonly unshown?: string;
}

export const ACTIONS: Readonly<Record<string, Asked>> = {
  purge: { asks: ['analyst'], state: 'open' },
  'hard-purge': { asks: ['analyst', 'lead'], state: 'open' },
  flag: { asks: ['lead'], state: 'open' },
  confirm: { asks: ['analyst'], state: 'contained' },
  'roll back': { asks: ['analyst', 'board'], state: 'contained', verb: 'undo' },
  undo: { asks: ['lead'], state: 'purged' },
  reject: { asks: ['analyst'], state: 'open' },
  reopen: { asks: ['lead'], state: 'empty' },
  cancel: { asks: ['lead', 'board'], state: 'running' },
  details: { asks: null, state: 'open' },
  'reject what is contained': { asks: null, state: 'contained', verb: 'reject', unshown: 'too-late' },
  'reopen an open question': { asks: null, state: 'open', verb: 'reopen', unshown: 'not-shown' },
  'take in what is not there': { asks: null, state: 'open', verb: 'take-in', unshown: 'not-shown' },
  'cancel what does not run': { asks: null, state: 'open', verb: 'cancel', unshown: 'too-late' },
  stop: { asks: null, state: 'open' },
  lift: { asks: ['lead'], state: 'open' },
};
const COMMANDS = new Set(['stop', 'lift']);

type Setting = (world: World, by: ChatUser) => ChatUser;
const inDirectory = (world: World, change: object) => {
  const known = world.directory.people.get(PRESSER.entraId);
  if (known) world.directory.people.set(PRESSER.entraId, { ...known, ...change });
};
const inChat =
  (change: object): Setting =>
  (world, by) => {
    const known = ofChat(world.chats, by.platform).accounts.get(by.id);
    if (known) ofChat(world.chats, by.platform).accounts.set(by.id, { ...known, ...change });
    return by;
  };
const same =
  (what: (world: World) => void): Setting =>
  (world, by) => {
    what(world);
    return by;
  };

/** Code of the refusal for this identity; null where the person is in order. `null` on a platform: no such thing there. */
export const IDENTITIES: Readonly<
  Record<string, { readonly set: Setting; readonly slack: string | null; readonly teams: string | null }>
> = {
  'a member': { set: (_world, by) => by, slack: null, teams: null },
  'a guest of the tenant': { set: same((w) => inDirectory(w, { guest: true })), slack: 'guest', teams: 'guest' },
  'a guest of the chat': { set: inChat({ guest: true }), slack: 'guest', teams: 'guest' },
  'a stranger in the chat': { set: inChat({ stranger: true }), slack: 'outsider', teams: 'outsider' },
  'somebody of another home': {
    set: (_world, by) => ({ ...by, home: 'elsewhere' }),
    slack: 'outsider',
    teams: 'outsider',
  },
  'a bot': { set: inChat({ bot: true }), slack: 'bot', teams: 'bot' },
  'deactivated in the chat': { set: inChat({ active: false }), slack: 'deactivated', teams: 'deactivated' },
  'deactivated in Entra': {
    set: same((w) => inDirectory(w, { enabled: false })),
    slack: 'deactivated',
    teams: 'deactivated',
  },
  'not in the chat': {
    set: (world, by) => {
      ofChat(world.chats, by.platform).accounts.delete(by.id);
      return by;
    },
    slack: 'unknown-person',
    teams: 'unknown-person',
  },
  'not in Entra': {
    set: same((w) => w.directory.people.delete(PRESSER.entraId)),
    slack: 'unknown-person',
    teams: 'unknown-person',
  },
  'without an id': { set: (_world, by) => ({ ...by, id: '' }), slack: 'unknown-person', teams: 'unknown-person' },
  'at risk': { set: same((w) => w.directory.risky.add(PRESSER.entraId)), slack: 'at-risk', teams: 'at-risk' },
  'not linked': {
    set: (world, by) => {
      if (by.platform === 'slack') world.people.splice(world.people.indexOf(PRESSER), 1);
      return by;
    },
    slack: 'unlinked',
    teams: null,
  },
  'linked twice': {
    set: (world, by) => {
      if (by.platform === 'slack') world.people.push({ ...(PEOPLE[4] as Someone), accounts: PRESSER.accounts });
      return by;
    },
    slack: 'ambiguous',
    teams: null,
  },
  'while Entra is down': {
    set: (world, by) => {
      world.directory.down = true;
      return by;
    },
    slack: 'cannot-check',
    teams: 'cannot-check',
  },
  'while the chat is down': {
    set: (world, by) => {
      ofChat(world.chats, by.platform).down = true;
      return by;
    },
    slack: 'cannot-check',
    teams: 'cannot-check',
  },
  'the reporter': { set: (_world, by) => by, slack: 'requester', teams: 'requester' },
  'the requester': { set: (_world, by) => by, slack: 'requester', teams: 'requester' },
  'a recipient': { set: (_world, by) => by, slack: 'recipient', teams: 'recipient' },
};
/** Being part of the case keeps from deciding, not from looking or stopping. */
const INTERESTED = new Set(['requester', 'recipient']);

/** Code of the refusal for a press from here; null for the live card. */
export const CHANNELS: Readonly<Record<string, string | null>> = {
  'the live card': null,
  'another channel': 'wrong-place',
  'another message': 'wrong-place',
  'the other chat’s card': 'wrong-place',
  'an older card': 'stale-card',
  'a made-up digest': 'stale-card',
  'a channel open to others': 'shared-channel',
};

const no = (code: string): Seen => ({ answer: code, unchanged: true });

/** Said anew, in the order in which a careful person would look: place, person, list, interest, role. */
export function expected(cell: Cell): Seen {
  const person = IDENTITIES[cell.identity]?.[cell.platform] ?? null;
  const held = ROLE_SETS[cell.roles] ?? [];
  const asks = ACTIONS[cell.action]?.asks ?? null;
  const isAsked = asks === null || asks.some((role) => held.includes(role));
  const isCommand = COMMANDS.has(cell.action);
  const refusal = isCommand ? commandRefusal(cell, person, held) : pressRefusal(cell, person, held);
  if (refusal) return no(refusal);
  const { unshown } = ACTIONS[cell.action] ?? {};
  if (unshown !== undefined) return no(unshown);
  if (!isAsked) return no(isCommand ? 'told' : 'not-asked');
  return { answer: 'done', unchanged: cell.action === 'details' };
}

/** A command has no card. Whoever is listed by name may stop although nobody can be asked about them. */
function commandRefusal({ action }: Cell, person: string | null, held: readonly string[]): string | null {
  if (action === 'stop' && person === 'cannot-check' && held.length > 0) return null;
  return (person !== null && !INTERESTED.has(person)) || held.length === 0 ? 'stray' : null;
}

function pressRefusal(
  { action, identity, channel }: Cell,
  person: string | null,
  held: readonly string[],
): string | null {
  const place = CHANNELS[channel] ?? null;
  if (place === 'wrong-place') return place;
  const isInterested = person !== null && INTERESTED.has(person);
  const personal = isInterested ? null : person;
  // Of an open channel nobody can be told who cannot be asked, or who is not even at home.
  const isFirst = ['somebody of another home', 'without an id', 'while the chat is down'].includes(identity);
  const who = place === 'shared-channel' && !isFirst ? place : personal;
  if (who !== null) return who;
  if (held.length === 0) return 'unknown-person';
  if (action === 'details') return null;
  // Whoever received it may ask for another look; with their own copy in the list no card offers one.
  const bar = person === 'recipient' && action.includes('reopen') ? 'not-shown' : person;
  return place ?? (isInterested ? bar : null);
}

function policyFor({ roles }: Cell): Policy {
  const holds = (role: string) => (ROLE_SETS[roles]?.includes(role) ? [PRESSER.entraId] : []);
  const ids = (...people: readonly (Someone | undefined)[]) => people.flatMap((one) => (one ? [one.entraId] : []));
  const seats = (...list: readonly (readonly [string, number])[]) => list.map(([role, count]) => ({ role, count }));
  return Policy.parse({
    version: 1,
    roles: {
      analyst: { people: [...ids(PEOPLE[1], PEOPLE[2]), ...holds('analyst')] },
      lead: { people: [...ids(PEOPLE[3], PEOPLE[4]), ...holds('lead')] },
      board: { people: [...ids(PEOPLE[0]), ...holds('board')] },
    },
    stop: { lift: seats(['lead', 2]) },
    verbs: {
      reject: seats(['analyst', 2]),
      reopen: seats(['lead', 1]),
      cancel: seats(['lead', 1], ['board', 1]),
      rollBack: seats(['analyst', 1], ['board', 1]),
    },
    whenNobodyIsLeft: false,
    rules: [
      { name: 'purge', when: { action: ['purge'] }, approve: seats(['analyst', 2]) },
      { name: 'for good', when: { action: ['hard-purge'] }, approve: seats(['analyst', 1], ['lead', 1]) },
      { name: 'flag', when: { action: ['flag'] }, approve: seats(['lead', 2]) },
      { name: 'undo', when: { action: ['undo'] }, approve: seats(['lead', 2]) },
      {
        name: 'contain',
        when: { action: ['contain'], source: ['contained'] },
        approve: seats(['analyst', 2]),
        actFirst: true,
      },
    ],
  });
}

/** Plays one cell and says what was seen. */
export async function play(cell: Cell): Promise<Seen> {
  const world = createWorld([]);
  await world.govern(policyFor(cell));
  const incident = await bringTo(world, cell);
  const by = IDENTITIES[cell.identity]?.set(world, userOf(world, cell.platform)) ?? userOf(world, cell.platform);
  const before = await snapshot(world, incident);
  const told = world.memory.entries().length;
  const answer = COMMANDS.has(cell.action) ? await say(world, cell, by) : await press(world, cell, by, incident);
  const refusal = world.memory
    .entries()
    .slice(told)
    .find(({ type }) => type === 'press.refused' || type === 'stray');
  const unchanged = (await snapshot(world, incident)) === before;
  return { answer: refusal ? (refusal.outcome ?? 'stray') : answer, unchanged };
}

const userOf = (world: World, platform: FakeChat): ChatUser => world.userOf(PRESSER, platform);

async function bringTo(world: World, cell: Cell): Promise<string> {
  const { action, channel, platform } = cell;
  const { state } = ACTIONS[action] ?? {};
  const incident = await opened(world, cell);
  await world.settle();
  if (state === 'purged' || state === 'running')
    for (const one of OTHERS.slice(0, 2)) await world.press(one, 'teams', 'purge', incident);
  if (state === 'purged') await world.settle();
  if (channel === 'a channel open to others') world.chats[platform].shared.add(`${platform}-alerts`);
  if (action === 'lift') await world.say(OTHERS[0] as Someone, 'teams', 'stop for the cell');
  // What runs stands still here: its job is in the queue, and nothing works on that.
  if (state !== 'running') await world.settle();
  return incident;
}

async function opened(world: World, { action, identity }: Cell): Promise<string> {
  const { state } = ACTIONS[action] ?? {};
  for (const box of state === 'empty' ? [] : [1, 2]) world.land(0, MAILBOXES[box] ?? '');
  if (identity === 'a recipient') world.land(0, PRESSER.address);
  const asker = { entraId: PRESSER.entraId };
  const receipt = await world.report(state === 'contained' ? 'contained' : 'open', {
    recipients: [...MAILBOXES, ...(identity === 'a recipient' ? [PRESSER.address] : [])],
    ...(identity === 'the reporter' ? { reporter: asker } : {}),
    ...(identity === 'the requester' ? { requester: asker } : {}),
  });
  return receipt.incident ?? '';
}

async function snapshot(world: World, incident: string): Promise<string> {
  return world.flow.store.transact(async (tx) => {
    const now = await tx.incidents.get(incident);
    const brake = await tx.brake.read();
    return JSON.stringify({
      state: now?.state,
      plan: now?.planDigest,
      votes: (await tx.decisions.list(incident)).length,
      runs: (await tx.runs.ofIncident(incident)).length,
      stopped: brake.stopped,
      lifts: (await tx.brake.liftVotes(brake.number)).length,
    });
  });
}

async function say(world: World, { action }: Cell, by: ChatUser): Promise<string> {
  const reply = await command(world.flow, { by, channel: 'a thread of its own', words: action });
  return reply.kind === 'said' && reply.answer.code === 'lift-not-asked' ? 'told' : 'done';
}

async function press(world: World, { platform, action, channel }: Cell, by: ChatUser, incident: string) {
  const card = world.rooms[platform].cards.find(({ view }) => view.incident === incident);
  const other = world.rooms[platform === 'slack' ? 'teams' : 'slack'].cards[0];
  const live = { platform, channel: card?.ref.channel ?? '', message: card?.ref.message ?? '' };
  const places: Readonly<Record<string, Press['card']>> = {
    'another channel': { ...live, channel: 'elsewhere' },
    'another message': { ...live, message: 'card-99' },
    'the other chat’s card': { platform, channel: other?.ref.channel ?? '', message: other?.ref.message ?? '' },
  };
  const digests: Readonly<Record<string, string>> = {
    'an older card': 'a'.repeat(64),
    'a made-up digest': 'sha256:0000',
  };
  await world.desk.press({
    by,
    card: places[channel] ?? live,
    verb: ACTIONS[action]?.verb ?? action,
    incident,
    digest: digests[channel] ?? card?.view.digest ?? '',
    reason: action.startsWith('reject') ? 'known sender' : null,
    page: 0,
    word: 'DELETE',
  });
  return 'done';
}
