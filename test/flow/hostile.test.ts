import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Night, PEOPLE, SLACK_TEAM, startNight } from '../support/desk-of-the-night.ts';

let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());

const HOSTILE = ['\u0000', 'CB-0001\u0000', '\ud800', "x' or '1'='1", '__proto__', 'x'.repeat(100_000), '\n', ''];
const dana = () => ({
  platform: 'slack' as const,
  id: PEOPLE.dana.slackId,
  home: SLACK_TEAM,
  name: 'Dana',
});

describe('whatever a press or a command holds, it is answered and recorded', () => {
  it.each(HOSTILE)('as the incident: %j', async (incident) => {
    expect(await night.press('dana', 'slack', 'purge', { incident })).toMatchObject({ code: 'unknown-incident' });
  });

  it.each(HOSTILE)('as the digest, the reason and the place: %j', async (text) => {
    const id = await night.alert();
    const card = { platform: 'slack' as const, channel: text, message: text };
    const said = await night.press('dana', 'slack', 'reject', { incident: id, digest: text, reason: text, card });
    expect(['wrong-place', 'too-early']).toContain(said.code);
  });

  it.each(HOSTILE)('as the verb: %j', async (verb) => {
    expect(await night.press('dana', 'slack', verb)).toMatchObject({ code: 'unknown-button' });
  });

  it.each(HOSTILE)('as the name and id of the person: %j', async (text) => {
    const reply = await night.desk.press({
      by: { platform: 'teams', id: text, home: text, name: text },
      card: { platform: 'teams', channel: 'c', message: 'm' },
      verb: 'purge',
      incident: 'CB-9999',
      digest: '',
      reason: null,
      page: 0,
    });
    expect(reply.kind).toBe('said');
  });

  it.each(HOSTILE)('as a command: %j', async (text) => {
    expect((await night.desk.command({ by: dana(), channel: 'c', words: `incident ${text}` })).kind).toBe('said');
  });

  it.each(HOSTILE)('as something unexpected: %j', async (text) => {
    expect((await night.desk.stray({ ...dana(), name: text }, text)).kind).toBe('said');
  });

  it('and the chain of the record is whole afterwards', async () => {
    expect(await night.ledgerFault()).toBeNull();
  });
});
