import type { SourceAnswer } from '../../src/core/intelligence/asked.ts';
import type { Intelligence, PeopleAnswer, PeopleQuestion, Rows } from '../../src/ports/intelligence.ts';

/** Whoever is asked about people, as a test wants them to answer. */
export interface FakeIntelligence extends Intelligence {
  /** What was asked, in order. */
  readonly questions: PeopleQuestion[];
  /** How many were asked one by one. */
  readonly askedThemselves: number[];
  /** Rows by address. */
  readonly rows: Map<string, Rows>;
  /** What each source answers with, where that is not an answer. */
  readonly refused: Map<SourceAnswer['source'], SourceAnswer['is']>;
  /** Rules that mailboxes have. */
  readonly rulesNow: { id: string; name: string; isEnabled: boolean }[];
}

const SOURCES = ['sign-ins', 'mailbox events', 'link clicks', 'sent mail'] as const;

export function createFakeIntelligence(): FakeIntelligence {
  const questions: PeopleQuestion[] = [];
  const askedThemselves: number[] = [];
  const rows: FakeIntelligence['rows'] = new Map();
  const refused: FakeIntelligence['refused'] = new Map();
  const rulesNow: FakeIntelligence['rulesNow'] = [];
  const answerOf = (source: SourceAnswer['source'], asked: number, n: number): SourceAnswer => {
    const is = refused.get(source) ?? 'answered';
    return { source, is, rows: is === 'answered' ? n : 0, cut: false, asked, detail: '' };
  };
  return {
    questions,
    askedThemselves,
    rows,
    refused,
    rulesNow,
    ourApps: new Set(['ours']),
    instead: [],
    logs: {
      async ask(question): Promise<PeopleAnswer> {
        questions.push(question);
        const { people } = question;
        const own = people.flatMap(({ id, address }) => {
          const found = rows.get(address);
          return found ? [[id, found] as const] : [];
        });
        return {
          answers: SOURCES.map((source) => answerOf(source, people.length, own.length)),
          rows: new Map(own),
          past: null,
          answered: [],
          already: [],
        };
      },
    },
    own: {
      async rules(people) {
        askedThemselves.push(people.length);
        return {
          answer: answerOf('mailbox rules', people.length, rulesNow.length),
          of: new Map(people.map(({ id }) => [id, [...rulesNow]])),
        };
      },
      async grants(people) {
        return { answer: answerOf('app grants', people.length, 0), of: new Map(people.map(({ id }) => [id, []])) };
      },
    },
    threads: { of: () => Promise.resolve(null) },
    relays: null,
    vips: () => Promise.resolve([]),
  };
}
