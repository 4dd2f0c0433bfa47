import type { ServerResponse } from 'node:http';
import { inWords } from '../../../src/adapters/chat/in-words.ts';
import { type Page, sendPage } from '../../../src/adapters/http/pages-html.ts';
import { slackCards } from '../../../src/adapters/slack/card.ts';
import { seal } from '../../../src/adapters/store/ledger.ts';
import {
  detailsCard,
  formCard,
  foundCard,
  incidentCard,
  linkCard,
  queueCard,
  replyCard,
  searchCard,
} from '../../../src/adapters/teams/card.ts';
import { containFormCard, peopleCard } from '../../../src/adapters/teams/contain-cards.ts';
import { flagFormCard, flagsCard } from '../../../src/adapters/teams/flag-cards.ts';
import { Policy } from '../../../src/core/ask/policy.ts';
import { Alert } from '../../../src/core/find/alert.ts';
import type { Entry } from '../../../src/core/record/ledger.ts';
import { tell } from '../../../src/core/record/ledger-story.ts';
import { callLines } from '../../../src/core/tell/call-words.ts';
import { type PageWords, pageWords, signInWords } from '../../../src/core/tell/page-words.ts';
import { createCounter } from '../../../src/flow/decide/counter.ts';
import { createDesk } from '../../../src/flow/decide/desk.ts';
import { receive } from '../../../src/flow/find/intake.ts';
import type { Flow } from '../../../src/flow/flow.ts';
import { createRefusals } from '../../../src/flow/record/junk.ts';
import { work } from '../../../src/flow/sweep.ts';
import { explain, tellIncident } from '../../../src/flow/tell/story.ts';
import type { ChatUser, Reply } from '../../../src/ports/desk.ts';
import type { Reader } from '../../../src/ports/reader.ts';
import { createWorld, MAILBOXES, PEOPLE, type Someone } from '../../fault/world.ts';
import { ACCOUNT } from '../fake-chat-people.ts';
import { createFakeSignIn } from '../fake-sign-in.ts';
import { SOURCE } from '../source.ts';

/** All that anybody gets to see of one incident. */
export interface Surfaces {
  /** Messages and windows of Slack. */
  readonly slack: readonly object[];
  readonly teams: readonly object[];
  /** Lines for a terminal or a plain answer: status, audit show, incident --why. */
  readonly lines: readonly string[];
  /** Whole HTML documents of the sign-in pages. */
  readonly pages: readonly string[];
  /** The ledger as it is stored and exported. */
  readonly stored: readonly string[];
  readonly entries: readonly Entry[];
  /** Reasons that people gave: they have to be in the record as they were, but for what cannot be stored. */
  readonly recorded: readonly string[];
}

const PLACE = { channel: 'C0ALERTS', ts: '1764000000.000100' };
export const OUR_PAGE = 'https://clawback.example/auth';
const slack = slackCards();
const BROWSER = 'the browser of this test';

/** The first value that the schema takes, or null: what it refuses comes in nowhere. */
function taken<T>(
  schema: { safeParse(value: unknown): { data?: T | undefined } },
  values: readonly unknown[],
): T | null {
  for (const value of values) {
    const { data } = schema.safeParse(value);
    if (data !== undefined) return data;
  }
  return null;
}

const NETWORK = '33333333-0000-4000-8000-00000000000a';

function alertWith(next: () => string, internetMessageId: string, sender: string): Alert {
  const cut = (max: number) => next().slice(0, max);
  const alert = (source: string) => ({
    id: 'detector-1',
    source,
    verdict: 'phishing',
    severity: 'high',
    detectedAt: '2026-11-20T07:59:00Z',
    message: {
      internetMessageId,
      // Whatever the subject is made of: the mail is known by its network id.
      networkMessageId: NETWORK,
      sender,
      senderName: cut(1_000),
      subject: cut(100_000),
      urls: [cut(4_000), cut(4_000)],
      attachments: [cut(1_000)],
    },
    recipients: MAILBOXES,
    findings: [cut(500)],
  });
  return taken(Alert, [alert(cut(80))]) ?? Alert.parse(alert('a detector'));
}

/** The schema may refuse a text as the name of a rule; then the rule has a plain one. */
function policyWith(next: () => string): Policy {
  const policy = (rule: string, set: string) => ({
    version: 1,
    roles: { lead: { people: [PEOPLE[3]?.entraId] } },
    mailboxes: { protected: [{ name: set, addresses: [MAILBOXES[3]] }] },
    flags: { raise: ['approver'] },
    rules: [
      {
        name: rule,
        when: { action: ['purge'] },
        approve: [{ role: 'approver', count: 2 }],
        reason: true,
        escalation: [{ afterMinutes: 15, remind: 'lead' }],
      },
    ],
  });
  const [rule, set] = [next().slice(0, 80), next().slice(0, 80)];
  const tries = [policy(rule, set), policy(rule, 'board'), policy('rule', set)];
  return taken(Policy, tries) ?? Policy.parse(policy('rule', 'board'));
}

/** A mailbox folder may be called anything. */
function withFolders(reader: Reader, next: () => string): Reader {
  return {
    ...reader,
    async locate(addresses, wanted) {
      const lookups = await reader.locate(addresses, wanted);
      return lookups.map((lookup) => ({
        ...lookup,
        messages: lookup.messages.map((message) => ({ ...message, folder: next(), categories: [next()] })),
      }));
    },
  };
}

/**
 * Lives through one incident with a text of `next` wherever a mail, a mailbox, a person, a policy or a request can put
 * one: reported, posted, looked at, voted on, called for, stopped and closed.
 */
export async function liveThrough(next: () => string): Promise<Surfaces> {
  const world = createWorld();
  const { memory, chats, rooms } = world;
  const entra = createFakeSignIn();
  let secrets = 0;
  const flow: Flow = {
    ...world.flow,
    hash: { ...world.flow.hash, secret: () => `secret-${++secrets}`, code: () => 'CODE-1' },
    people: PEOPLE.map((person) => ({ ...person, name: next() })),
    reader: withFolders(world.mail, next),
    signIn: { pages: entra, url: (secret) => `${OUR_PAGE}?tenant=contoso&ticket=${encodeURIComponent(secret)}` },
  };
  await world.govern(policyWith(next));
  const refusals = createRefusals(flow, () => undefined);
  const desk = createDesk(flow, undefined, refusals);
  chats.slack.accounts.set('U0UNLINKED', ACCOUNT);
  world.land(0, 'ann@contoso.example', { networkMessageId: NETWORK });
  world.decoy(0, 'bob@contoso.example');
  world.land(0, MAILBOXES[3] ?? '', { networkMessageId: NETWORK });

  const shown = { slack: [] as object[], teams: [] as object[] };
  const lines: string[] = [];
  const recorded: string[] = [];
  const settle = async () => {
    for (let left = 60; left > 0; left -= 1) {
      const due = memory.jobs().find(({ dueAt }) => dueAt <= world.now());
      if (!due || !memory.take(due)) break;
      await work(flow, due.job);
    }
    shown.slack.push(...rooms.slack.cards.map(({ view }) => slack.incident(view.posted)));
    shown.teams.push(...rooms.teams.cards.map(({ view }) => incidentCard(view.posted)));
  };
  const see = (reply: Reply) => {
    shown.slack.push(inSlack(reply));
    shown.teams.push(inTeams(reply));
    const told = inWords(reply);
    if (told.kind === 'said' || told.kind === 'link') lines.push(...told.lines);
  };
  const given = () => {
    const reason = next().slice(0, 1_000);
    recorded.push(reason.trim().toWellFormed().replaceAll('\0', ''));
    return { reason };
  };

  const { internetMessageId = '', sender = '' } = world.mail.copies[0] ?? {};
  const { incident } = await receive(flow, alertWith(next, internetMessageId, sender), {
    source: SOURCE,
    id: 'one',
    body: 'one',
  });
  await settle();
  const by = (n: number): ChatUser => ({ ...world.userOf(PEOPLE[n] as Someone, 'slack'), name: next() });
  const pressOf = (who: ChatUser, verb: string, more: object = {}) => {
    const card = rooms.slack.cards[0];
    const { channel = '', message = '' } = card?.ref ?? {};
    const here = { platform: 'slack' as const, channel, message };
    const digest = card?.view.digest ?? '';
    const press = { by: who, card: here, verb, incident: incident ?? '', digest, reason: null, page: 0, ...more };
    return desk.press(press).then(see);
  };

  await pressOf(by(1), 'details');
  await pressOf(by(1), 'purge');
  await pressOf(by(1), 'purge', { reason: '' });
  await pressOf(by(1), 'purge', given());
  await pressOf({ ...by(1), id: 'U0UNLINKED' }, 'purge');
  await pressOf(by(2), next());
  await pressOf(by(2), 'purge', { incident: next() });
  await pressOf(by(2), 'purge', { digest: next(), card: { platform: 'slack', channel: next(), message: next() } });
  const pages = await pagesOf(flow, entra, next);
  world.pass(16);
  await settle();
  const flagged = `flag ${PEOPLE[5]?.address} ${next()}`;
  const asked = [next(), `incident ${next()}`, `link ${next()}`, 'status', flagged, 'flags', 'queue', `stop ${next()}`];
  for (const words of [...asked, 'status']) see(await desk.command({ by: by(1), channel: 'C0', words }));
  see(await desk.stray(by(2), next()));
  await desk.refused(next(), next());
  await refusals.tell('now');
  await settle();
  await pressOf(by(2), 'reject', given());
  await settle();
  for (const { call, people } of rooms.slack.nudges) shown.slack.push(slack.nudge(callLines(call), people));
  for (const { call } of rooms.teams.nudges) shown.teams.push(replyCard(callLines(call)));

  const entries = memory.entries();
  lines.push(...entries.map((entry) => tell(entry)), ...(await tellIncident(memory.ledger, seal, incident ?? '')));
  lines.push(...(await explain(memory.ledger, seal, incident ?? '')));
  const stored = (await memory.ledger.read(0, 10_000)).map(({ bytes }) => bytes);
  return { ...shown, lines, pages, stored, entries, recorded };
}

function inSlack(answer: Reply): object {
  const reply = inWords(answer);
  switch (reply.kind) {
    case 'said':
      return slack.reply(reply.lines);
    case 'link':
      return slack.link(reply);
    case 'form-needed':
      return slack.form(reply, PLACE);
    case 'details':
      return slack.details(reply.view, PLACE);
    case 'queue':
      return slack.queue.home(reply.queue);
    case 'search-form':
      return slack.search.form(reply.form, PLACE.channel);
    case 'found':
      return slack.search.found(reply.found);
    case 'flags':
      return slack.flags.list(reply.list);
    case 'people':
      return slack.people(reply);
    case 'contain-form':
      return slack.contain.form(reply.form, PLACE.channel);
    case 'flag-form':
      return slack.flags.form(reply.form, PLACE);
  }
}

function inTeams(answer: Reply): object {
  const reply = inWords(answer);
  switch (reply.kind) {
    case 'said':
      return replyCard(reply.lines);
    case 'link':
      return linkCard(reply, { incident: '', digest: '' }) ?? replyCard(reply.lines);
    case 'form-needed':
      return formCard(reply);
    case 'details':
      return detailsCard(reply.view);
    case 'queue':
      return queueCard(reply.queue);
    case 'search-form':
      return searchCard(reply.form);
    case 'found':
      return foundCard(reply.found);
    case 'flags':
      return flagsCard(reply.list);
    case 'people':
      return peopleCard({ lines: reply.lines.map((text) => ({ text })), incident: 'CB-1', id: 'CB-1', digest: '' });
    case 'contain-form':
      return containFormCard(reply.form, 'CB-1');
    case 'flag-form':
      return flagFormCard(reply.form);
  }
}

/** The way of a link over the sign-in page, for the ticket that the unlinked account was given. */
async function pagesOf(flow: Flow, entra: ReturnType<typeof createFakeSignIn>, next: () => string): Promise<string[]> {
  const counter = createCounter(flow);
  entra.signsIn({ entraId: PEOPLE[5]?.entraId ?? '', name: next(), address: next() });
  const first = await counter.look('secret-1');
  const address = await counter.begin('secret-1', BROWSER);
  const state = new URL(address ?? 'none:').searchParams.get('state') ?? '';
  const views = [
    await counter.back(state, BROWSER, { error: next() }),
    await counter.back(state, BROWSER, { code: 'code' }),
    await counter.confirm(next(), next()),
  ];
  return [...(first ? [htmlOf(signInWords(first))] : []), ...views.map((view) => htmlOf(pageWords(view)))];
}

function htmlOf(words: PageWords): string {
  let html = '';
  const res = {
    writeHead: () => res,
    end(body: string) {
      html = body;
    },
  };
  const page: Page = { ...words, tenant: 'contoso' };
  sendPage(res as unknown as ServerResponse, { status: 200, page }, []);
  return html;
}
