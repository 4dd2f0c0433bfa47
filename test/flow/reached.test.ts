import { beforeEach, describe, expect, it } from 'vitest';
import { ClawbackError } from '../../src/core/error.ts';
import { reach } from '../../src/flow/find/reach.ts';
import { createFakeDirectory, type FakeDirectory } from '../support/fake-directory.ts';
import { createFakeMail, type FakeMail } from '../support/fake-mail.ts';
import { guid } from './telling.ts';

/** From an address to the mailboxes behind it. What nobody could find out is told, and nothing else is told as that. */

const ID = '<wave-1@mailer.example>';
const [ANN, BOB, LIST] = ['ann@contoso.example', 'bob@contoso.example', 'list@contoso.example'] as const;

let mail: FakeMail;
let directory: FakeDirectory;
beforeEach(() => {
  mail = createFakeMail();
  directory = createFakeDirectory();
});

function joins(n: number, address: string): string {
  directory.people.set(guid(n), { id: guid(n), name: address, addresses: [address], enabled: true, guest: false });
  return guid(n);
}
const lands = (address: string) => mail.put(address, { internetMessageId: ID, sender: 'billing@fabrikam.example' });
const reached = (...addresses: readonly string[]) =>
  reach({ locate: (...asked) => mail.locate(...asked), directory }, addresses, { internetMessageIds: [ID] });

describe('an address behind which nobody could be found out', () => {
  const HIDDEN = 'hidden@contoso.example';
  beforeEach(() => {
    directory.lists.set(HIDDEN, { members: [joins(1, ANN)], hidden: true });
  });

  it('is a list that hides its members', async () => {
    expect((await reached(HIDDEN)).unresolved).toEqual([HIDDEN]);
  });

  it('is one that we may not ask about', async () => {
    directory.listsDenied = true;
    expect((await reached(HIDDEN)).unresolved).toEqual([HIDDEN]);
  });

  it('is one that the directory cannot answer for now', async () => {
    directory.down = true;
    expect((await reached(HIDDEN)).unresolved).toEqual([HIDDEN]);
  });

  it.each([
    ['a fault of ours', new TypeError('no such function')],
    ['a configuration that cannot hold', new ClawbackError('config', 'no such tenant')],
  ])('is not said where there was %s: that comes back as it is', async (_what, error) => {
    directory.expand = () => Promise.reject(error);
    await expect(reached(HIDDEN)).rejects.toBe(error);
  });

  it('is no list whose members are all known, nobody’s address, and none of somebody', async () => {
    lands(ANN);
    directory.lists.set(LIST, { members: [joins(1, ANN)] });
    joins(2, BOB);
    const found = await reached(LIST, 'nobody@contoso.example', BOB, ANN);
    expect([found.unresolved, found.unreachable]).toEqual([[], []]);
  });
});

describe('a list', () => {
  beforeEach(() => {
    lands(ANN);
    lands(BOB);
    directory.lists.set(LIST, { members: [joins(1, ANN), joins(2, BOB), guid(3)] });
  });

  it('has its members looked into in its place, as far as they have an address', async () => {
    const { lookups, groups } = await reached(LIST);
    expect(lookups.map(({ address, result }) => [address, result])).toEqual([
      [ANN, 'found'],
      [BOB, 'found'],
    ]);
    expect(groups).toEqual([{ address: LIST, people: [guid(1), guid(2), guid(3)] }]);
  });

  it('that keeps what is sent to it for itself is told as one where nobody can look', async () => {
    directory.lists.set(LIST, { members: [guid(1)], ownMailbox: true });
    expect((await reached(LIST)).unreachable).toEqual([LIST]);
  });
});

describe('a tagged address', () => {
  it('is told with what its owner’s mailbox holds, each of several with that of its own', async () => {
    const copies = [ANN, BOB].map((address, n) => {
      joins(n + 1, address);
      return lands(address);
    });
    const { lookups } = await reached('ann+news@contoso.example', 'bob+shop@contoso.example');
    expect(lookups.map(({ address, messages }) => [address, messages.map(({ message }) => message)])).toEqual([
      ['ann+news@contoso.example', [copies[0]?.message]],
      ['bob+shop@contoso.example', [copies[1]?.message]],
    ]);
  });
});
