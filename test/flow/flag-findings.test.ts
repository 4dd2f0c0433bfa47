import { describe, expect, it } from 'vitest';
import { findingsForFlags } from '../../src/flow/find/flag-findings.ts';
import { createFakeIntelligence } from '../support/fake-intelligence.ts';
import { flagging, HOUR } from './flagging.ts';

/** What is asked about the owner of a flagged mailbox, and what it comes to. */

const { night, flagged, lands } = flagging({ intruded: true });
const about = { address: 'ann@contoso.example', raisedAt: '2026-11-20T09:00:00.000Z', containedAt: null };
const person = '00000000-0000-4000-8000-00000000000a';

describe('a look at the owner of a flagged mailbox', () => {
  it('asks from when the mail came, and of no case that the record tells otherwise', async () => {
    const people = createFakeIntelligence();
    const { look } = findingsForFlags(night().flow, people);
    const { incident } = await flagged(81);
    await look({ ...about, person, incidents: [incident] });
    await night().intrude(`update incident set closed_by = 'nobody', state = 'closed' where id = $1`, incident);
    await look({ ...about, person, incidents: [incident] });
    expect(people.questions[0]?.sender).toContain('@');
    expect(people.questions[1]).toMatchObject({ mailAt: '2026-11-19T09:00:00.000Z', sender: null });
  });

  it('asks about all mails that it was raised for: from the first, by the ids of each, and of the sender of the latest', async () => {
    const people = createFakeIntelligence();
    const { look } = findingsForFlags(night().flow, people);
    const first = await flagged(82);
    night().clock.now += 24 * HOUR;
    const { id: next, mail } = await lands(['person82']);
    const of = async (incidents: readonly string[]) => {
      await look({ ...about, person, incidents });
      return people.questions.at(-1);
    };
    const [early, late, both] = [await of([first.incident]), await of([next]), await of([first.incident, next])];
    expect(both).toMatchObject({ mailAt: early?.mailAt, sender: mail.sender });
    expect(both?.networkMessageIds).toEqual([...(early?.networkMessageIds ?? []), ...(late?.networkMessageIds ?? [])]);
  });

  it('counts no links of a mail where it is about none', async () => {
    const people = createFakeIntelligence();
    people.refused.set('link clicks', 'no answer');
    const { look } = findingsForFlags(night().flow, people);
    expect(await look({ ...about, person, incidents: [] })).toMatchObject({ is: 'seen', findings: 0 });
  });
});
