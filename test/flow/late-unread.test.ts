import { beforeEach, describe, expect, it } from 'vitest';
import type { Flow } from '../../src/flow/flow.ts';
import { compareStored } from '../../src/flow/record/compare.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { type Copy, RECOVERABLE } from '../support/fake-mail.ts';
import { lateRequests } from './late-requests.ts';
import { ANN, BOB, DANA, looking } from './looking.ts';

/** A request may have come late where nobody can look: that is told once it is sure, and taken back by what is seen. */

let world: World;
const { incident, entries, land, reported, cardOf, tell } = looking(() => world);
const { settled, silent } = lateRequests(() => world);
let ann: Copy;
let bob: Copy;
let id: string;

beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[2] as (typeof POLICIES)[number]);
  ann = land(ANN);
  bob = land(BOB);
  id = await reported([ANN, BOB]);
});

const press = (verb: string) => world.press(DANA, 'slack', verb, id);
const folders = () => [ann.folderId, bob.folderId];
const lateOutcomes = () => entries(id, 'copy.late').map(({ outcome }) => outcome);

/** Three tries that nobody answered: told as still there. */
async function purgedInVain(): Promise<void> {
  const answered = silent('softDelete', ann);
  await press('purge');
  await settled(12, 6);
  answered();
  expect([(await incident(id))?.stands, ann.folderId]).toEqual(['purged', 'inbox']);
}

async function outcomeOf({ mailbox }: Copy): Promise<string | null | undefined> {
  return tell(async (tx) => {
    const [run] = await tx.runs.ofIncident(id);
    return (await tx.work.page(run?.id ?? '', 0, 10)).find((item) => item.mailbox === mailbox)?.outcome;
  });
}

async function expectTheRecordToAgree(): Promise<void> {
  const { differences } = await compareStored({ store: world.flow.store, hash: world.flow.hash });
  expect(differences).toEqual([]);
}

describe('a copy that cannot be read when something came late', () => {
  const UNREAD = { status: 'failed', detail: '500' } as const;

  it('is looked at for a quarter of an hour, and then told as not known, once', async () => {
    const seen: string[] = [];
    const flow: Flow = {
      ...world.flow,
      observe: ({ what, ...rest }) => void seen.push(`${what} ${Object.values(rest)}`),
    };
    Object.assign(world.flow, flow);
    await purgedInVain();
    world.mail.trouble.push({ method: 'read', mailbox: ann.mailbox, answer: UNREAD, always: true });
    await settled(20 * 60, 120);
    await settled(21 * 60, 21);
    expect(lateOutcomes()).toEqual(['not known']);
    expect(seen.filter((line) => line.startsWith('late'))).toEqual(['late not known']);
    // Nothing is answered and nothing ended by it: it is left as it is.
    const [told] = entries(id, 'copy.late');
    expect(told?.detail).toMatchObject({ action: 'purge', answer: null, ended: false, left: true });
    expect(cardOf(id)?.warnings.map(({ text }) => text)).toContainEqual(
      expect.stringContaining('Whether a request that came late changed anything in 1 mailbox is not known, ann@'),
    );
  });

  it('is told as nothing before that', async () => {
    await purgedInVain();
    world.mail.trouble.push({ method: 'read', mailbox: ann.mailbox, answer: UNREAD, always: true });
    await settled(14 * 60, 84);
    expect(lateOutcomes()).toEqual([]);
  });

  it('is told beside another one that was told before', async () => {
    const mend = [ann, bob].map((copy) => silent('softDelete', copy));
    await press('purge');
    await settled(12, 6);
    for (const answered of mend.toReversed()) answered();
    world.mail.trouble.push({ method: 'read', mailbox: ann.mailbox, answer: UNREAD, always: true });
    await settled(20 * 60, 120);
    expect(lateOutcomes()).toEqual(['not known']);
    world.mail.trouble.push({ method: 'read', mailbox: bob.mailbox, answer: UNREAD, always: true });
    await settled(21 * 60, 21);
    expect(entries(id, 'copy.late').map(({ mailbox }) => mailbox)).toEqual([ann.mailbox, bob.mailbox]);
  });

  it('is looked at less often after that, and what is seen then takes the place of what was not known', async () => {
    await purgedInVain();
    ann.folderId = RECOVERABLE;
    world.mail.trouble.push({ method: 'read', mailbox: ann.mailbox, answer: UNREAD, always: true });
    await settled(20 * 60, 120);
    world.mail.trouble.length = 0;
    await settled(11 * 60, 11);
    expect(await outcomeOf(ann)).toBe('removed');
    expect(lateOutcomes()).toEqual(['not known', 'came true', 'seen since']);
    expect(cardOf(id)?.warnings.map(({ text }) => text)).not.toContainEqual(expect.stringContaining('is not known'));
    expect(world.memory.jobs().map(({ job }) => job.queue)).not.toContain('late');
    await press('undo');
    await settled(62, 8);
    expect(folders()).toEqual(['inbox', 'inbox']);
    await expectTheRecordToAgree();
  });
});
