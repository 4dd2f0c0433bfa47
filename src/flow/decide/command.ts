import { situationOf } from '../../core/incident/incident.ts';
import { chatName } from '../../core/tell/chats.ts';
import { FLAG_LISTS } from '../../core/tell/flags.ts';
import type { ChatUser, CommandCall, ContainCall, FlagCall, Reply, SearchCall } from '../../ports/desk.ts';
import type { Deciding } from '../flow.ts';
import { brakeNow } from '../record/held.ts';
import { actorOf } from '../record/record.ts';
import { story } from '../tell/look.ts';
import { linkingChats } from './accounts.ts';
import { lift, stop } from './brake.ts';
import { contain } from './contain.ts';
import { said } from './decision.ts';
import { flags } from './flags.ts';
import { linkByCode, personBehindLink } from './link.ts';
import { want } from './measures-wanted.ts';
import { queueFor } from './queue.ts';
import { stray } from './refuse.ts';
import { search } from './search.ts';
import { sentInside } from './sent-inside.ts';
import { type Standing, standingOf } from './standing.ts';
import { linkReply } from './ticket.ts';

/** `/clawback …` in Slack, or the same words after a mention in Teams. */

export async function command(flow: Deciding, call: CommandCall): Promise<Reply> {
  const [name = 'help', ...rest] = call.words.trim().split(/\s+/);
  const argument = rest.join(' ');
  switch (name.toLowerCase()) {
    case '':
    case 'help':
      return said({ code: 'help', linking: linkingChats(flow) });
    case 'status':
      return forKnownPeople(flow, call, () => status(flow));
    case 'queue':
      return queueFor(flow, { ...call, open: null }, 'command');
    case 'incident':
      return forKnownPeople(flow, call, async () => said(await story(flow, argument)));
    case 'search':
      return searchFor(flow, { ...call, asks: searchAsked(argument) });
    case 'contain':
      return forKnownPeople(flow, call, (standing) => wanted(flow, standing, call, argument));
    case 'flags':
      return flagsFor(flow, { ...call, asks: { is: 'list', which: whichFlags(argument) } });
    case 'flag':
      return flagsFor(flow, {
        ...call,
        asks: { is: 'raise', address: rest[0] ?? '', reason: rest.slice(1).join(' ') },
      });
    case 'stop':
      return stopBy(flow, call, argument);
    case 'lift':
      return forKnownPeople(flow, call, (standing) => lift(flow, standing, call.by));
    case 'link':
      return link(flow, call, argument);
    default:
      return stray(flow, call.by, `command ${name}`);
  }
}

/** Looking for mail without an alert, from wherever it is asked for. */
export function searchFor(flow: Deciding, call: SearchCall): Promise<Reply> {
  return forKnownPeople(flow, call, (standing) => search(flow, standing, call));
}

/** Looking after flagged mailboxes, from wherever it is asked for. */
export function flagsFor(flow: Deciding, call: FlagCall): Promise<Reply> {
  return forKnownPeople(flow, call, (standing) => flags(flow, standing, call));
}

/** Asking for measures about people in a form, from wherever it stands. */
export function containFor(flow: Deciding, call: ContainCall): Promise<Reply> {
  return forKnownPeople(flow, call, (standing) => contain(flow, standing, call));
}

/** Measures about people, or the mail that one of them sent to others inside. */
async function wanted(flow: Deciding, standing: Standing, call: CommandCall, words: string): Promise<Reply> {
  return (await sentInside(flow, standing, call, words)) ?? want(flow, standing, call, words);
}

function whichFlags(words: string) {
  return FLAG_LISTS.find((known) => known === words.trim().toLowerCase()) ?? 'open';
}

function searchAsked(words: string): SearchCall['asks'] {
  const [first = '', second = '', third = null] = words.split(' ');
  if (first.toLowerCase() === 'allow') return { is: 'allow', search: second, digest: third };
  if (second.toLowerCase() === 'all') return { is: 'file', search: first, mail: 'all' };
  return first === '' ? { is: 'form' } : { is: 'show', search: first };
}

/** Subjects, senders and mailboxes of incidents are not for everybody who can mention a bot. */
async function forKnownPeople(
  flow: Deciding,
  { by, channel }: Pick<SearchCall, 'by' | 'channel'>,
  answer: (standing: Standing) => Promise<Reply>,
): Promise<Reply> {
  const seenByOthers = channel !== null && (flow.chats.get(by.platform)?.answersAreSeen(channel) ?? true);
  const standing = await standingOf(flow, by, seenByOthers ? channel : null, flow.policy().policy);
  if (standing.is === 'known') return answer(standing);
  await stray(flow, by, `command from somebody who is not to be answered: ${standing.why}`);
  if (standing.why === 'cannot-check') return said({ code: 'asker-unchecked' });
  if (standing.why !== 'unlinked') return said({ code: 'nothing-shown' });
  const unlinked = { code: 'asker-unlinked', chat: chatName(flow.chatNames, by.platform) } as const;
  const reply = await flow.store.transact((tx) => linkReply(flow, tx, by, unlinked));
  return reply ?? said({ code: 'nothing-shown' });
}

/**
 * Stopping must work while nobody can be asked who somebody is: then whoever the configuration or the policy names one
 * by one may do it, and the record says who it was. It takes nothing away that a quorum cannot give back.
 */
async function stopBy(flow: Deciding, call: CommandCall, reason: string): Promise<Reply> {
  const { by } = call;
  const { policy } = flow.policy();
  const standing = await standingOf(flow, by, null, policy);
  const unchecked = standing.is === 'refused' && standing.why === 'cannot-check' ? await listedPerson(flow, by) : null;
  if (standing.is === 'refused' && unchecked === null) {
    await stray(flow, by, `stop from somebody who is not to be answered: ${standing.why}`);
    return said({ code: 'stop-not-allowed' });
  }
  const who = standing.is === 'known' ? standing : { ...standing, person: unchecked };
  const isNew = await stop(flow, { actor: actorOf(by, who), platform: by.platform, name: by.name }, reason);
  return said({ code: isNew ? 'stop-begun' : 'stop-holds' });
}

async function listedPerson(flow: Deciding, by: ChatUser): Promise<string | null> {
  const person = await personBehindLink(flow, by);
  const listed = Object.values(flow.policy().policy.roles).some(({ people }) => people.includes(person ?? ''));
  return listed ? person : null;
}

async function link(flow: Deciding, { by }: CommandCall, code: string): Promise<Reply> {
  if (code !== '') return linkByCode(flow, by, code);
  const reply = await flow.store.transact((tx) => linkReply(flow, tx, by, { code: 'link-begins' }));
  return reply ?? said({ code: 'link-has-no-page' });
}

async function status(flow: Deciding): Promise<Reply> {
  const { incidents, brake } = await flow.store.transact(async (tx) => ({
    incidents: await tx.incidents.list(50),
    brake: await brakeNow(tx),
  }));
  const closed = ['rejected', 'restored', 'purged', 'rehearsed'];
  const open = incidents.filter((incident) => !closed.includes(situationOf(incident))).slice(0, 20);
  return said({
    code: 'status',
    stopped: brake.stopped ? { by: brake.by, reason: brake.reason } : null,
    open: open.map((incident) => ({
      incident: incident.id,
      stands: situationOf(incident),
      subject: incident.alert.message.subject ?? null,
    })),
  });
}
