import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { inSlack, inTeams, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** How a mail begins is shown to few, each time for a reason, and never before the record knows. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, entries, refusals } = storyteller(() => night);

const rules = [ruleFor(['purge'], { approver: 2 })];
const roles = { lead: { people: [PEOPLE.lena.entraId, PEOPLE.dana.entraId] } };
const governed = (reads: object) => night.govern(policyWith(rules, { roles, reads }));
beforeEach(async () => {
  night.clock.now += 120 * MINUTE;
  night.excerpts.read.length = 0;
  await governed({ excerpt: ['lead'] });
});

const BECAUSE = { reason: 'the sender says it is theirs' };

describe('an excerpt of a mail', () => {
  it.each([
    ['Slack', inSlack('dana')],
    ['Teams', inTeams('lena')],
  ])('is shown in %s to who has the right and says why; the record knows both before', async (_chat, by) => {
    const { id, copies } = await lands();
    expect(await press(id, by, 'excerpt', { reason: ` ${BECAUSE.reason}\n` })).toMatchObject({
      code: 'excerpt-shown',
      incident: id,
      lines: ['Your invoice is overdue.'],
      cut: false,
    });
    const [asked, read] = (await night.entries(id)).slice(-2);
    expect(asked).toMatchObject({
      type: 'excerpt.asked',
      platform: by.platform,
      detail: { roles: expect.arrayContaining(['lead']), ...BECAUSE },
    });
    expect(read).toMatchObject({
      type: 'excerpt.read',
      outcome: 'shown',
      actor: asked?.actor,
      mailbox: night.excerpts.read[0],
      detail: { characters: 24 },
    });
    expect(copies.map(({ mailbox }) => mailbox)).toContain(read?.mailbox);
  });

  it('is asked for with a reason, and nothing is read without', async () => {
    const { id } = await lands();
    expect(await press(id, inSlack('dana'), 'excerpt')).toEqual({
      code: 'form-needed',
      verb: 'excerpt',
      problem: null,
    });
    expect(await press(id, inSlack('dana'), 'excerpt', { reason: '\n ' })).toMatchObject({ problem: 'reason-missing' });
    expect([night.excerpts.read, await entries(id, 'excerpt.asked')]).toEqual([[], []]);
  });

  it('is nobody’s to read where the policy says nothing of it', async () => {
    const { id } = await lands();
    await governed({});
    expect(await press(id, inSlack('dana'), 'excerpt', BECAUSE)).toEqual({
      code: 'may-not-read',
      right: 'excerpt',
      roles: [],
    });
    expect([night.excerpts.read, await refusals(id)]).toEqual([[], ['may-not-read']]);
  });

  it('is not for an approver who has no role that may', async () => {
    const { id } = await lands();
    expect(await press(id, inSlack('omar'), 'excerpt', BECAUSE)).toMatchObject({
      code: 'may-not-read',
      roles: ['lead'],
    });
    expect(night.excerpts.read).toEqual([]);
  });

  it('is read from the next copy where the first is gone, and each try is written down', async () => {
    const { id, copies } = await lands(['ann', 'bob', 'cas']);
    const order = [...copies].sort((a, b) => (a.mailbox < b.mailbox ? -1 : 1));
    const [first, second] = order;
    night.mail.copies.splice(night.mail.copies.indexOf(first ?? expect.fail()), 1);
    expect(await press(id, inSlack('dana'), 'excerpt', BECAUSE)).toMatchObject({ mailbox: second?.address });
    const read = await entries(id, 'excerpt.read');
    expect(read.map(({ mailbox, outcome, detail }) => [mailbox, outcome, detail.note])).toEqual([
      [first?.mailbox, 'not read', '404 ErrorItemNotFound'],
      [second?.mailbox, 'shown', ''],
    ]);
  });

  it('is told as not to be had where three copies cannot be read', async () => {
    const { id, copies } = await lands(['ann', 'bob', 'cas', 'dee']);
    for (const copy of copies) night.mail.copies.splice(night.mail.copies.indexOf(copy), 1);
    expect(await press(id, inSlack('dana'), 'excerpt', BECAUSE)).toEqual({
      code: 'excerpt-missing',
      incident: id,
      tried: 3,
    });
    expect(night.excerpts.read).toHaveLength(3);
  });

  it('holds no link and no markup, whatever the mail is', async () => {
    night.excerpts.says = { type: 'html', content: '<p>Pay <a href="https://evil.example/t?who=ann">here</a></p>' };
    const { id } = await lands();
    expect(await press(id, inSlack('dana'), 'excerpt', BECAUSE)).toMatchObject({
      lines: ['Pay [link to evil.example] here'],
    });
    expect(JSON.stringify(await night.entries(id))).not.toContain('evil.example');
  });
});
