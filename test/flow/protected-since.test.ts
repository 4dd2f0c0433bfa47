import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runStarted, voteCounted } from '../support/answered.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { RECOVERABLE } from '../support/fake-mail.ts';
import { guid, inSlack, joins, policyWith, ruleFor, storyteller } from './telling.ts';

/** A mailbox that became protected after its copy was put on the list: the list shrinks, and only for what takes away. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, outcomes, entries, becomes } = storyteller(() => night);

const BOARD = guid(810);
const LEGAL = guid(811);
beforeEach(() => night.directory.groups.set(BOARD, []));

const open = { name: 'legal', addresses: ['cfo@contoso.example'], approve: [{ role: 'legal', count: 1 }] };
const closed = { name: 'board', entraGroups: [BOARD] };
const governedBy = (...sets: readonly object[]) =>
  night.govern(
    policyWith([ruleFor(['purge', 'undo', 'flag'], { approver: 1 })], {
      roles: { legal: { people: [LEGAL] } },
      mailboxes: { protected: sets },
    }),
  );
const nowInTheBoard = (mailbox: string | undefined) => night.directory.groups.set(BOARD, [mailbox ?? '']);
const folders = (copies: readonly { readonly folderId: string }[]) => copies.map(({ folderId }) => folderId);

describe.each([
  ['alone', [closed]],
  ['beside a set that may be touched', [open, closed]],
  ['before a set that may be touched', [closed, open]],
] as const)('a set that is never touched, %s', (_where, sets) => {
  it('keeps a mailbox that came into it after the list was made', async () => {
    await governedBy(...sets);
    const { id, copies } = await lands(['ann', 'ceo']);
    nowInTheBoard(copies[1]?.mailbox);
    await press(id, inSlack('dana'), 'purge');
    await becomes(id, 'purged');
    expect(folders(copies)).toEqual([RECOVERABLE, 'inbox']);
    expect(await outcomes(id)).toEqual(['removed', 'shielded']);
  });

  it('is named in the record, with the address that was left alone', async () => {
    await governedBy(...sets);
    const { id, copies } = await lands(['ann', 'ceo']);
    nowInTheBoard(copies[1]?.mailbox);
    await press(id, inSlack('dana'), 'flag');
    await becomes(id, 'flagged');
    const left = (await entries(id, 'copy.outcome')).find(({ outcome }) => outcome === 'shielded');
    expect(left?.detail).toMatchObject({ address: 'ceo@contoso.example', note: expect.stringContaining('board') });
    expect(copies[1]).toMatchObject({ flag: 'notFlagged', categories: [] });
  });

  it('does not keep an undo from giving back what was taken out before', async () => {
    await governedBy(...sets);
    const { id, copies } = await lands(['ann', 'ceo']);
    await press(id, inSlack('dana'), 'purge');
    await becomes(id, 'purged');
    nowInTheBoard(copies[1]?.mailbox);
    await press(id, inSlack('dana'), 'undo');
    await becomes(id, 'restored');
    expect(folders(copies)).toEqual(['inbox', 'inbox']);
  });
});

it('a mailbox that came into a set which may be touched is touched: it was approved before', async () => {
  await governedBy(closed, { ...open, addresses: [], entraGroups: [guid(812)] });
  night.directory.groups.set(guid(812), []);
  await governedBy(closed, { ...open, addresses: [], entraGroups: [guid(812)] });
  const { id, copies } = await lands(['ann', 'fay']);
  night.directory.groups.set(guid(812), [copies[1]?.mailbox ?? '']);
  await press(id, inSlack('dana'), 'purge');
  await becomes(id, 'purged');
  expect(folders(copies)).toEqual([RECOVERABLE, RECOVERABLE]);
  night.directory.groups.delete(guid(812));
});

it('where both kinds hold a mailbox of one mail, the one waits for its people and the other is left alone', async () => {
  await governedBy(open, { ...closed, addresses: ['ceo@contoso.example'] });
  const { id, copies } = await lands(['ann', 'cfo', 'ceo']);
  expect(await press(id, inSlack('dana'), 'purge')).toMatchObject(voteCounted(1, 2));
  expect(folders(copies)).toEqual(['inbox', 'inbox', 'inbox']);
  expect(await press(id, joins(night, 811), 'purge')).toMatchObject(runStarted('purge', 2));
  await becomes(id, 'purged');
  expect(folders(copies)).toEqual([RECOVERABLE, RECOVERABLE, 'inbox']);
});
