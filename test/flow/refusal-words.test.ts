import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Refusal } from '../../src/flow/decide/decision.ts';
import { refuse } from '../../src/flow/decide/refuse.ts';
import { type Night, PEOPLE, SLACK_TEAM, startNight, words } from '../support/desk-of-the-night.ts';

let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());

const press = {
  by: { platform: 'slack' as const, id: PEOPLE.dana.slackId, home: SLACK_TEAM, name: 'Dana' },
  card: { platform: 'slack' as const, channel: 'C0ALERTS', message: '1.1' },
  verb: 'purge',
  incident: 'CB-0001',
  digest: '',
  reason: null,
  page: 0,
};
const answer = async (refusal: Refusal) => {
  const nobody = { is: 'refused', why: 'unknown-person', person: null } as const;
  return words(await night.flow.store.transact((tx) => refuse(night.flow, tx, press, refusal, nobody)));
};

describe('why a press had no effect is told in one sentence of its own', () => {
  it.each<[Refusal, RegExp]>([
    [{ code: 'too-late', state: 'received' }, /^That is not possible now: copies are still being looked for\./],
    [{ code: 'policy', why: 'under legal hold' }, /^The policy does not allow this here: under legal hold\./],
    [
      { code: 'not-asked', seats: [{ role: 'lead', count: 1 }] },
      /^Your roles are not asked for this: it takes 1 × lead\./,
    ],
    [{ code: 'unchecked', who: 'Omar', counted: '1 of 2' }, /^Your vote is counted already: 1 of 2\. Omar could not/],
    [{ code: 'not-shown' }, /^This card does not offer that now\./],
    [{ code: 'stopped' }, /^Clawback is stopped:/],
    [{ code: 'no-sign-in' }, /^The policy wants a fresh sign-in for this, but no sign-in page is set up\./],
    [{ code: 'guest' }, /^Guests cannot decide here/],
    [{ code: 'bot' }, /^A bot cannot decide here\./],
    [{ code: 'deactivated' }, /^This account is deactivated/],
    [{ code: 'unlinked' }, /^I do not know which person is behind this Slack account/],
    [{ code: 'ambiguous' }, /^More than one person could be behind this account/],
    [{ code: 'at-risk' }, /^Identity Protection holds your account at risk/],
    [{ code: 'shared-channel' }, /^This channel is open to another organisation/],
    [{ code: 'cannot-check' }, /^Who you are and what you may do cannot be checked this moment/],
    [{ code: 'unknown-button' }, /^This card has no such button\./],
    [{ code: 'unknown-incident' }, /^I do not know this incident:/],
    [{ code: 'wrong-place' }, /^This is not the live card of that incident/],
    [{ code: 'too-early' }, /^This card is being put on record this very moment\./],
    [{ code: 'outsider' }, /^Your account is not one of this workspace or tenant\./],
    [{ code: 'unknown-person' }, /^You hold no role that may decide here/],
    [{ code: 'stale-card' }, /^The list of copies has changed since this card was drawn\./],
    [{ code: 'expired' }, /^The time to decide is over/],
    [{ code: 'recipient' }, /^You received this mail yourself/],
    [{ code: 'requester' }, /^You reported this mail or asked for its removal/],
    [{ code: 'tampered' }, /^What is stored about this incident differs from the record/],
    [{ code: 'repeated' }, /^Your approval is counted already\./],
  ])('%j', async (refusal, sentence) => {
    expect(await answer(refusal)).toMatch(sentence);
  });
});
