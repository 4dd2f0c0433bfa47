import { existsSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import draft06 from 'ajv/dist/refs/json-schema-draft-06.json' with { type: 'json' };
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { slackCards } from '../../src/adapters/slack/card.ts';
import { detailsCard, formCard, incidentCard, linkCard, replyCard } from '../../src/adapters/teams/card.ts';
import type { CardView } from '../../src/core/tell/card.ts';
import { commonReasons } from '../../src/core/tell/common-reasons.ts';
import type { DetailsView } from '../../src/core/tell/details-view.ts';
import { inert } from '../../src/core/text.ts';
import { blockProblems, viewProblems } from '../../src/sandbox/slack/block-kit.ts';
import { cardProblems } from '../../src/sandbox/teams/card-rules.ts';
import { detailsStates } from '../support/card-pictures/details-states.ts';
import { hostileTexts } from '../support/card-pictures/hostile.ts';
import { cardStates } from '../support/card-pictures/states.ts';
import { formShown } from '../support/forms.ts';
import { offering } from '../support/offers.ts';

type Node = Readonly<Record<string, unknown>>;
const slack = slackCards();
const place = { channel: 'C0ALERTS', ts: '1764000000.000100' };
const hostile = hostileTexts();
const SCHEMA = `${import.meta.dirname}/../../../shared/contracts/adaptive-card-1.5.schema.json`;

/** The longest texts there are, stopped, with every button at once. */
const EVERYTHING: CardView = {
  ...(cardStates().find(({ name }) => name === 'longest-texts')?.view as CardView),
  ...{ stopped: 'Stopped by Ana.', asks: 'approval', canTakeIn: true },
  ...offering('purge', 'confirm', 'hard-purge', 'flag', 'reject', 'undo', 'reopen', 'cancel', 'details'),
};
const LINK = { label: 'Sign in', url: 'https://clawback.example/auth?ticket=abc' };
const TEAMS: readonly { name: string; draw: (text: string) => object }[] = [
  ...cardStates().map(({ name, view }) => ({ name, draw: (text: string) => incidentCard(filled(view, text)) })),
  ...detailsStates().map(({ name, view }) => ({
    name,
    draw: (text: string) => detailsCard(filledDetails(view, text)),
  })),
  { name: 'everything', draw: (text) => incidentCard(filled(EVERYTHING, text)) },
  ...['purge', 'hard-purge', 'reject'].map((verb) => ({
    name: `reason to ${verb}`,
    draw: (text: string) => formCard(formShown(verb, { problem: text })),
  })),
  {
    name: 'link',
    draw: (text) => linkCard({ ...LINK, lines: [text, text] }, { incident: 'CB-7F3K2M', digest: '' }) ?? {},
  },
  { name: 'reply', draw: (text: string) => replyCard([text, text]) },
];
const SLACK: readonly { name: string; draw: (text: string) => object; problems: (card: never) => string[] }[] = [
  ...cardStates().map(({ name, view }) => ({
    name,
    draw: (text: string) => slack.incident(filled(view, text)),
    problems: messageProblems,
  })),
  { name: 'everything', draw: (text) => slack.incident(filled(EVERYTHING, text)), problems: messageProblems },
  ...detailsStates().map(({ name, view }) => ({
    name,
    draw: (text: string) => slack.details(filledDetails(view, text), place),
    problems: viewProblems,
  })),
  ...['reject', 'hard-purge'].map((verb) => ({
    name: `reason to ${verb}`,
    draw: (text: string) => slack.form(formShown(verb, { problem: text }), place),
    problems: viewProblems,
  })),
  {
    name: 'link',
    draw: (text) => slack.link({ lines: [text, text], label: 'Sign in', url: 'https://clawback.example/s' }),
    problems: messageProblems,
  },
  {
    name: 'nudge',
    draw: (text) => slack.nudge([text], [{ account: text, name: text }]),
    problems: messageProblems,
  },
  { name: 'reply', draw: (text: string) => slack.reply([text, text]), problems: messageProblems },
];

/** The view with `text` wherever a mail, a person or a directory could have put it. */
function filled(view: CardView, text: string): CardView {
  const cut = (max: number) => text.slice(0, max) || '-';
  return {
    ...view,
    tenant: cut(80),
    headline: cut(120),
    status: cut(300),
    stopped: view.stopped && cut(300),
    sender: cut(600),
    subject: cut(400),
    reach: cut(300),
    facts: view.facts.map(() => ({ label: cut(60), value: cut(600) })),
    warnings: view.warnings.map(() => ({ text: cut(300) })),
    unsure: view.unsure.map((group) => ({ ...group, text: cut(500) })),
    decisions: view.decisions.map(() => ({ text: cut(300) })),
    outcomes: view.outcomes.map(() => ({ label: cut(60), value: cut(600) })),
    troubles: view.troubles.map(() => ({ text: cut(300) })),
    effect: view.effect && cut(300),
    waits: view.waits && cut(300),
    needs: view.needs && cut(300),
    progress: view.progress && cut(200),
    shortDigest: cut(20),
  };
}

function filledDetails(view: DetailsView, text: string): DetailsView {
  const cut = (max: number) => text.slice(0, max) || '-';
  const row = { mailbox: cut(330), folder: cut(200), seen: cut(120), outcome: cut(300), isCopy: true, isTrouble: true };
  const rows = view.rows.map(() => row);
  return { ...view, title: cut(100), summary: cut(400), counts: cut(300), page: cut(40), rows };
}

function messageProblems(message: { blocks: unknown }): string[] {
  return blockProblems(message.blocks, 'message');
}

function nodesOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (typeof value !== 'object' || value === null) return [];
  return [value as Node, ...Object.values(value).flatMap(nodesOf)];
}

/** All strings of a card outside the places that every client shows literally, and outside payloads of buttons. */
function livePlaces(card: unknown, literalType: string): string[] {
  return nodesOf(card).flatMap((node) =>
    Object.entries(node)
      .filter(([name, value]) => typeof value === 'string' && !(node['type'] === literalType && name === 'text'))
      .filter(([name]) => !['value', 'private_metadata', 'block_id'].includes(name))
      .map(([name, value]) => `${name}=${String(value)}`),
  );
}

function literalTexts(card: unknown, literalType: string): string[] {
  return nodesOf(card)
    .filter((node) => node['type'] === literalType)
    .map((node) => String(node['text']));
}

const ACTIVE = /[\p{Cc}\p{Cs}\u2028\u2029\u200B\u202A-\u202E\u2066-\u2069]|\{\{/u;

describe('every card of every state', () => {
  test.each(TEAMS)('Teams, $name: takes no hostile text anywhere but into text runs', ({ draw }) => {
    const ours = new Set(livePlaces(draw('harmless'), 'TextRun'));
    const live = hostile.flatMap((text) => livePlaces(draw(text), 'TextRun'));
    expect(live.filter((words) => !ours.has(words))).toEqual([]);
  });

  test.each(SLACK)('Slack, $name: takes no hostile text anywhere but into rich text', ({ draw }) => {
    const ours = new Set(livePlaces(draw('harmless'), 'text'));
    const live = hostile.flatMap((text) => livePlaces(draw(text), 'text'));
    expect(live.filter((words) => !ours.has(words))).toEqual([]);
  });

  test.each(TEAMS)('Teams, $name: leaves nothing active in a text run', ({ draw }) => {
    const texts = hostile.flatMap((text) => literalTexts(draw(text), 'TextRun'));
    expect(texts.filter((text) => ACTIVE.test(text))).toEqual([]);
  });

  test.each(SLACK)('Slack, $name: breaks no line but its own', ({ draw }) => {
    const texts = hostile.flatMap((text) => literalTexts(draw(text), 'text'));
    expect(texts.filter((text) => ACTIVE.test(text.replace(/^\n/, '')))).toEqual([]);
  });

  test.each(TEAMS)('Teams, $name: stays within 25 KB', ({ draw }) => {
    for (const text of hostile) expect(Buffer.byteLength(JSON.stringify(draw(text)))).toBeLessThanOrEqual(25_000);
  });

  test.each(TEAMS)('Teams, $name: keeps the rules of Adaptive Cards 1.5 in Teams', ({ draw }) => {
    for (const text of hostile) expect(cardProblems(draw(text))).toEqual([]);
  });

  test.each(SLACK)('Slack, $name: keeps the limits of Block Kit', ({ draw, problems }) => {
    for (const text of hostile) expect(problems(draw(text) as never)).toEqual([]);
  });

  test('Teams: all of them are valid against the published schema, where it lies beside the project', () => {
    const problems = schemaProblems();
    for (const { draw } of TEAMS) expect(problems(draw('harmless') as Node)).toEqual([]);
  });

  test.each(TEAMS)('Teams, $name: leaves no template expression behind', ({ draw }) => {
    expect(JSON.stringify(draw('harmless'))).not.toContain('\u0024{');
  });

  test.each(SLACK)('Slack, $name: leaves no template expression behind', ({ draw }) => {
    expect(JSON.stringify(draw('harmless'))).not.toContain('\u0024{');
  });
});

describe('whatever a subject says', () => {
  const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }).map((text) => inert(text, 300) || '-');
  const [waiting] = cardStates().slice(1, 2);

  test('Teams shows exactly that, once', () => {
    fc.assert(
      fc.property(anyText, (subject) => {
        const card = incidentCard({ ...(waiting?.view as CardView), subject: subject.slice(0, 400) });
        expect(literalTexts(card, 'TextRun')).toContain(subject.slice(0, 400));
      }),
      { numRuns: 150 },
    );
  });

  test('Slack shows exactly that, once', () => {
    fc.assert(
      fc.property(anyText, (subject) => {
        const card = slack.incident({ ...(waiting?.view as CardView), subject: subject.slice(0, 400) });
        expect(literalTexts(card, 'text')).toContain(subject.slice(0, 400));
      }),
      { numRuns: 150 },
    );
  });
});

describe('what a card offers', () => {
  const offers = (card: unknown) =>
    nodesOf(card)
      .filter((node) => node['type'] === 'Action.Execute')
      .map((node) => node['verb']);
  /** With a reason that is typed, and with each of the common ones. */
  const REJECT = Array.from({ length: 1 + commonReasons('reject').length }, () => 'reject');
  const stateOf = (name: string) => cardStates().find((state) => state.name === name)?.view as CardView;

  test.each([
    ['waiting-0-of-2', ['purge', 'flag', ...REJECT, 'details']],
    ['running', ['cancel', 'details']],
    ['unsure-groups', ['purge', 'flag', ...REJECT, 'details', 'take-in', 'take-in']],
    ['tampered', ['details']],
    ['purged-all-well', ['undo', 'details']],
    ['rejected', ['reopen', 'details']],
  ])('in the state %s a Teams card has the buttons %j', (name, verbs) => {
    expect(offers(incidentCard(stateOf(name)))).toEqual(verbs);
  });

  test.each([
    ['waiting-0-of-2', ['cb:purge', 'cb:flag', 'cb:reject', 'cb:details']],
    ['running', ['cb:cancel', 'cb:details']],
    ['unsure-groups', ['cb:purge', 'cb:flag', 'cb:reject', 'cb:details', 'cb:take-in:0', 'cb:take-in:1']],
    ['tampered', ['cb:details']],
    ['purged-all-well', ['cb:undo', 'cb:details']],
    ['rejected', ['cb:reopen', 'cb:details']],
  ])('in the state %s a Slack card has the buttons %j', (name, ids) => {
    const buttons = nodesOf(slack.incident(stateOf(name)).blocks).filter((node) => node['type'] === 'button');
    expect(buttons.map((node) => node['action_id'])).toEqual(ids);
  });

  test('a Slack card with everything has its buttons in the order of their weight', () => {
    const buttons = nodesOf(slack.incident(EVERYTHING).blocks).filter((node) => node['type'] === 'button');
    expect(buttons.map((node) => String(node['action_id']).slice(3))).toEqual([
      ...['purge', 'confirm', 'flag', 'reject', 'undo', 'reopen', 'cancel', 'details'],
      // Apart from the others, so that no hand slips.
      'hard-purge',
      ...['take-in:0', 'take-in:1', 'take-in:2'],
      ...['link:0', 'link:1', 'link:2'],
    ]);
  });

  test('a Teams card with everything has its buttons in the order of their weight', () => {
    const sets = nodesOf(incidentCard(EVERYTHING)).filter((node) => node['type'] === 'ActionSet');
    const actions = sets.flatMap((set) => set['actions'] as Node[]);
    expect(actions.map((action) => action['title'])).toEqual([
      ...['Approve purge', 'Keep it removed', 'Flag mailboxes', 'Not malicious'],
      ...['Undo the purge', 'Look again', 'Cancel', 'Details'],
      'Delete for good\u2026',
      ...['Take in group 1', 'Take in group 2', 'Take in group 3'],
      ...['Page number 0', 'Page number 1', 'Page number 2'],
    ]);
  });

  test('no state has more buttons than Teams shows', () => {
    const buttons = (view: CardView) =>
      nodesOf(incidentCard(view)).findLast((node) => node['type'] === 'ActionSet')?.['actions'] as Node[] | undefined;
    const real = cardStates().filter(({ name }) => name !== 'longest-texts');
    expect(real.filter(({ view }) => (buttons(view)?.length ?? 0) > 6)).toEqual([]);
  });

  test('a Teams card of a stopped Clawback says so first, and only then', () => {
    const first = (view: CardView) => literalTexts(incidentCard(view), 'TextRun').slice(0, 2);
    expect(first(EVERYTHING)).toEqual(['STOPPED', 'Stopped by Ana.']);
    expect(first({ ...EVERYTHING, stopped: '' })).not.toContain('STOPPED');
  });

  test('a Slack button carries the incident and the plan, and its block the revision', () => {
    const view = stateOf('waiting-0-of-2');
    const nodes = nodesOf(slack.incident(view).blocks);
    const button = nodes.find((node) => node['action_id'] === 'cb:purge');
    expect(JSON.parse(String(button?.['value']))).toEqual({ incident: view.incident, digest: view.digest });
    expect(nodes.find((node) => node['type'] === 'actions')?.['block_id']).toBe(`cb:${view.incident}:${view.revision}`);
  });

  test('a Teams button carries the incident, the plan and the revision', () => {
    const view = stateOf('waiting-0-of-2');
    const button = nodesOf(incidentCard(view)).find((node) => node['verb'] === 'purge');
    expect(button?.['data']).toEqual({ incident: view.incident, digest: view.digest, revision: view.revision });
  });

  test('a history too long for the card says how much of it is left out', () => {
    const texts = literalTexts(incidentCard(stateOf('longest-texts')), 'TextRun');
    expect(texts).toContain('14 more: in the record');
  });

  test('a view with anything but flat text is refused', () => {
    const view = { ...stateOf('waiting-0-of-2'), subject: { type: 'Image', url: 'https://evil.example/p.png' } };
    expect(() => incidentCard(view as never)).toThrow('subject');
  });
});

/** Problems of a card by the schema that Microsoft publishes; none are known where the schema is not there. */
function schemaProblems(): (card: Node) => unknown[] {
  if (!existsSync(SCHEMA)) return (card) => (card['type'] === 'AdaptiveCard' ? [] : ['not a card']);
  const { id: _id, ...schema } = JSON.parse(readFileSync(SCHEMA, 'utf8'));
  const ajv = new Ajv({ strict: false });
  ajv.addMetaSchema(draft06);
  addFormats.default(ajv);
  const isValid = ajv.compile(schema);
  return ({ ['msteams']: _host, ...card }) => (isValid(card) ? [] : (isValid.errors ?? []));
}
