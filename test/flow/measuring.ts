import { expect } from 'vitest';
import type { ByHand, Unwritten } from '../../src/core/find/measure-list.ts';
import { type Image, MEASURE_KINDS, type Measure, type MeasureKind } from '../../src/core/measure/measure.ts';
import { ofType } from '../../src/core/record/ledger.ts';
import type { Flow } from '../../src/flow/flow.ts';
import type { ChatUser } from '../../src/ports/desk.ts';
import { answered } from '../support/answered.ts';
import type { Night } from '../support/desk-of-the-night.ts';
import { type FakeChat, ofChat } from '../support/fake-rooms.ts';
import { createFakeMeasures } from '../support/measures-fake.ts';
import { guid, inSlack, policyWith, ruleFor, storyteller } from './telling.ts';

/** Measures about people in a night: who there is, what findings name, and how they are asked for and pressed. */

export const ANN = { person: guid(1), address: 'ann@contoso.example' };
export const BOB = { person: guid(2), address: 'bob@contoso.example' };

export const MEASURES_RULE = (seats: Readonly<Record<string, number>> = { approver: 1 }, more: object = {}) =>
  ruleFor(MEASURE_KINDS, seats, { name: 'measures', ...more });
export const MAIL_RULE = ruleFor(['purge', 'undo'], { approver: 1 });

export const policyOf = (seats: Readonly<Record<string, number>> = { approver: 1 }, more: object = {}) =>
  policyWith([MEASURES_RULE(seats), MAIL_RULE], more);

export const RULE: Measure = { ...ANN, kind: 'rule-off', ref: 'rule-1', name: '..' };
export const GRANT: Measure = { ...ANN, kind: 'revoke-grant', ref: 'grant-1', name: 'Mail Sync' };
export const SENT: Measure = { ...ANN, kind: 'take-sent-copy', ref: '<sent@contoso.example>', name: '' };
export const ofAccount = (kind: MeasureKind, who = ANN): Measure => ({ ...who, kind, ref: '', name: '' });

export const ACCOUNT: Image = {
  accountEnabled: true,
  onPremisesSyncEnabled: null,
  userType: 'Member',
  privileged: false,
  roles: [],
};
export const IMAGES = {
  rule: {
    id: 'rule-1',
    displayName: '..',
    sequence: 1,
    isEnabled: true,
    conditions: { subjectContains: ['invoice'] },
    actions: { moveToFolder: 'rss', stopProcessingRules: true },
    isReadOnly: false,
    hasError: false,
  },
  grant: {
    id: 'grant-1',
    clientId: guid(90),
    consentType: 'Principal',
    principalId: ANN.person,
    resourceId: guid(91),
    scope: 'Mail.Read offline_access',
  },
  sessions: { signInSessionsValidFromDateTime: '2026-01-01T00:00:00Z' },
  risk: {
    riskState: 'none',
    riskLevel: 'none',
    riskDetail: 'none',
    riskLastUpdatedDateTime: '2026-01-01T00:00:00Z',
  },
  sent: { id: 'm', folderId: 'sentitems', isRead: true, categories: [], flag: null, inRecoverableItems: false },
} satisfies Readonly<Record<string, Image>>;

/** What findings name, as a story sets it. */
interface Found {
  measures: readonly Measure[];
  byHand: readonly ByHand[];
  unwritten: readonly Unwritten[];
}

/** The service and the findings that a night begins with. */
export function measuresOf(kinds: readonly MeasureKind[] = MEASURE_KINDS) {
  const service = createFakeMeasures();
  const found: Found = { measures: [], byHand: [], unwritten: [] };
  const measures: NonNullable<Flow['measures']> = {
    kinds,
    service,
    findings: { of: () => Promise.resolve(found) },
  };
  /** As on any morning: Ann and Bob are nobody in particular. */
  function asUsual(): void {
    for (const kind of MEASURE_KINDS) service.grant(kind);
    for (const who of [ANN, BOB]) {
      service.set(ofAccount('disable-account', who), ACCOUNT);
      service.set(ofAccount('revoke-sessions', who), IMAGES.sessions);
      service.set(ofAccount('mark-compromised', who), IMAGES.risk);
    }
    service.set(RULE, IMAGES.rule);
    service.set(GRANT, IMAGES.grant);
    service.set(SENT, IMAGES.sent);
    found.measures = [RULE, GRANT, SENT];
    found.byHand = [];
    found.unwritten = [];
  }
  asUsual();
  return { service, found, measures, asUsual };
}

export function knowsPeople(night: Night): void {
  for (const { person, address } of [ANN, BOB])
    night.directory.people.set(person, {
      id: person,
      name: address,
      addresses: [address],
      enabled: true,
      guest: false,
    });
}

/** The words of such a story. */
export function measuring(tonight: () => Night) {
  const story = storyteller(tonight);
  const list = (id: string, platform: FakeChat = 'slack') =>
    ofChat(tonight(), platform).lists.findLast(({ view }) => view.incident === id);
  const read = (id: string) => tonight().flow.store.transact((tx) => tx.measures.get(id));

  async function want(incident: string, what: string, by: ChatUser = inSlack('dana')): Promise<string> {
    const said = await story.say(by, `contain ${incident} ${what}`);
    expect(said).toMatchObject({ code: 'measures-wanted' });
    return said.code === 'measures-wanted' ? said.list : '';
  }

  /** Waits until its card is on record in both chats and looks like this. */
  async function shows(id: string, state: string): Promise<void> {
    await tonight().until(`the cards of ${id} say ${state}`, async () => {
      const rows = await tonight().flow.store.transact((tx) => tx.cards.of(id));
      const views = [list(id, 'slack'), list(id, 'teams')];
      return (
        rows.length === 2 && rows.every(({ ref }) => ref !== null) && views.every((one) => one?.view.state === state)
      );
    });
  }

  async function press(id: string, by: ChatUser, verb: string, more: Record<string, unknown> = {}) {
    const live = list(id, by.platform as FakeChat);
    const reply = await tonight().desk.press({
      by,
      card: { platform: by.platform, channel: live?.ref.channel ?? '', message: live?.ref.message ?? '' },
      verb,
      incident: id,
      digest: live?.view.digest ?? '',
      reason: null,
      page: 0,
      ...more,
    });
    return answered(reply);
  }

  /** A mail lands at Ann's and Bob's, measures are asked for, and their card asks. */
  async function asked(what: string, state = 'Approval needed'): Promise<{ incident: string; id: string }> {
    const { id: incident } = await story.lands();
    const id = await want(incident, what);
    await shows(id, state);
    return { incident, id };
  }

  const outcomes = async (incident: string) =>
    (await tonight().entries(incident))
      .filter(ofType('measure.outcome'))
      .map(({ detail, outcome }) => `${detail.errand} ${detail.kind}: ${outcome}`);

  return {
    ...story,
    asked,
    want,
    shows,
    list: (id: string, platform: FakeChat = 'slack') => list(id, platform)?.view,
    pressList: press,
    outcomes,
    stored: read,
    digestOf: async (id: string) => {
      const { list: stored } = (await read(id)) ?? {};
      return stored ? tonight().flow.hash.digest(stored) : '';
    },
  };
}
