import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Policy } from '../../src/core/ask/policy.ts';
import type { MailItem } from '../../src/sandbox/tenant/types.ts';
import { mailOn } from '../adapters/graph-loopback.ts';
import { createWorld, type World } from '../fault/world.ts';
import { openSandbox, type Sandbox } from '../sandbox/graph-stand-in.ts';
import { type Copy, createFakeMail, RECOVERABLE } from '../support/fake-mail.ts';
import { ANN, DANA, looking } from './looking.ts';

/** An undo brings back what there was, field by field; what somebody has changed since is left, and told. */

let world: World;
const { atRest, cardOf, entries, land, reported } = looking(() => world);
const rule = (action: string) => ({
  name: action,
  when: { action: [action] },
  approve: [{ role: 'approver', count: 1 }],
});
const policy = Policy.parse({
  version: 1,
  caps: { tenant: {}, analyst: {} },
  rules: ['purge', 'junk', 'undo'].map(rule),
});
const notes = (id: string) => entries(id, 'copy.outcome').map(({ detail }) => detail.note);

async function press(id: string, verb: string): Promise<void> {
  await world.press(DANA, 'slack', verb, id);
  await atRest();
}

describe('what was changed since a purge', () => {
  let ann: Copy;
  beforeEach(async () => {
    world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
    await world.govern(policy);
    ann = land(ANN);
    ann.categories = ['Mine'];
  });

  async function undone(change: Partial<Copy>): Promise<string> {
    const id = await reported();
    await press(id, 'purge');
    Object.assign(ann, change);
    await press(id, 'undo');
    return id;
  }

  it.each<[string, Partial<Copy>, string]>([
    ['the read state', { isRead: true }, 'read state changed since, left so'],
    ['the flag', { flag: 'complete' }, 'flag changed since, left so'],
    ['the categories', { categories: ['Mine', 'Theirs'] }, 'categories changed since, left so'],
    [
      'all of them',
      { isRead: true, flag: 'flagged', categories: [] },
      'read state, flag, categories changed since, left so',
    ],
  ])('is kept and told: %s', async (_what, change, told) => {
    const id = await undone(change);
    expect(ann).toMatchObject({ folderId: 'inbox', ...change });
    expect(notes(id).at(-1)).toBe(`seen in its folder, ${told}`);
    expect(cardOf(id)?.outcomes).toEqual([{ label: 'Restored, later changes kept', value: '1 copy' }]);
    expect(cardOf(id)?.status).toBe('Undone: 1 restored, later changes kept.');
  });

  it('is nothing where the removal itself changed the marks: these are as before again', async () => {
    const plain = world.mail.softDelete.bind(world.mail);
    world.mail.softDelete = async (targets, term) => {
      const effects = await plain(targets, term);
      Object.assign(ann, { categories: [], isRead: true });
      return effects;
    };
    const id = await undone({});
    expect(ann).toMatchObject({ folderId: 'inbox', isRead: false, categories: ['Mine'] });
    expect(notes(id).at(-1)).toBe('seen in its folder, read state and flags as before');
  });

  it('is kept beside what the removal had changed, which is as before again', async () => {
    const plain = world.mail.softDelete.bind(world.mail);
    world.mail.softDelete = async (targets, term) => {
      const effects = await plain(targets, term);
      Object.assign(ann, { categories: [] });
      return effects;
    };
    const id = await undone({ isRead: true });
    expect(ann).toMatchObject({ folderId: 'inbox', isRead: true, categories: ['Mine'] });
    expect(notes(id).at(-1)).toBe('seen in its folder, read state changed since, left so');
  });

  it('is left where its owner has recovered it', async () => {
    const id = await undone({ folderId: 'saved', isRead: true });
    expect(ann).toMatchObject({ folderId: 'saved', isRead: true });
    expect(notes(id).at(-1)).toBe('was out of Recoverable Items before we came');
  });

  it('leaves the way back open until a day that the card names', async () => {
    const id = await reported();
    await press(id, 'purge');
    expect([ann.folderId, cardOf(id)?.undoUntil]).toEqual([RECOVERABLE, '2026-12-04T08:00:30Z']);
  });
});

/** People, and folders of their own in the mailbox of each. */
const PEOPLE = 25;
const COPIES = 1_000;
const FOLDERS = 40;
const OWN = FOLDERS - 2;

describe('on the stand-in', () => {
  let sandbox: Sandbox;
  const box = (n: number) => sandbox.tenant.mailbox(`person${n}`);

  beforeEach(async () => {
    sandbox = await openSandbox({ users: Array.from({ length: PEOPLE }, (_none, n) => `person${n}`) });
    onTestFinished(() => sandbox[Symbol.asyncDispose]());
    const { token } = sandbox;
    const { mail } = mailOn({ baseUrl: sandbox.graph.url }, { token: async () => token });
    world = createWorld(undefined, Object.assign(createFakeMail(), mail));
    await world.govern(policy);
  });

  /** Each of them is marked in a way of its own: read or not, flagged with dates or done, in categories. */
  function scattered(): void {
    for (let person = 0; person < PEOPLE; person += 1) {
      const own = Array.from(
        { length: OWN },
        (_none, n) => sandbox.tenant.addFolder(`person${person}`, `Folder ${n}`).id,
      );
      const folders = ['inbox', 'archive', ...own];
      for (const [n, folder] of folders.entries()) {
        const flag = (['notFlagged', 'flagged', 'complete'] as const)[n % 3] ?? 'notFlagged';
        sandbox.tenant.deliver({
          to: [`person${person}`],
          internetMessageId: '<mail-1@mailer.example>',
          sender: 'billing1@fabrikam.example',
          subject: 'Invoice overdue',
          folder,
          read: (n + person) % 2 === 0,
          flag,
          flagDates: flag === 'notFlagged' ? {} : { start: '2026-11-20', due: `2026-12-${10 + (n % 20)}` },
          categories: ['Red', 'Blue', 'Mine'].slice(n % 4),
          importance: n % 5 === 0 ? 'high' : 'normal',
          headers: [{ name: 'X-Nth', value: `${person}-${n}` }],
        });
      }
    }
  }

  const whole = () => Array.from({ length: PEOPLE }, (_none, n) => [...box(n).items()]).flat();
  /** What the service itself writes anew with each move, and nobody sees. */
  const seenOf = ({ mutableId: _id, changeKey: _key, modifiedAt: _at, ...item }: MailItem) => item;
  const byId = (items: readonly MailItem[]) => new Map(items.map((item) => [item.immutableId, seenOf(item)]));
  const foldersOf = (items: readonly MailItem[]) => new Set(items.map(({ parentFolderId }) => parentFolderId));

  async function purgedFrom(folder: string): Promise<string> {
    sandbox.tenant.deliver({
      to: ['person0'],
      internetMessageId: '<mail-1@mailer.example>',
      sender: 'billing1@fabrikam.example',
      subject: 'Invoice overdue',
      folder,
    });
    const receipt = await world.alert(1, 'one', null, ['person0@contoso.com']);
    await atRest();
    await press(receipt.incident ?? '', 'purge');
    return receipt.incident ?? '';
  }
  const place = () => box(0).folders.find([...box(0).items()][0]?.parentFolderId ?? '')?.displayName;
  const ELSEWHERE = {
    outcomes: [{ label: 'Restored, not in its old place', value: '1 copy' }],
    troubles: [{ text: expect.stringMatching(/^Put back, but not where it was.*person0@contoso/) }],
  };

  it('a copy whose folder is gone is put into the Inbox, and the card says so', async () => {
    const { id: folder } = sandbox.tenant.addFolder('person0', 'Projects');
    const id = await purgedFrom(folder);
    box(0).folders.remove(folder);
    await press(id, 'undo');
    expect(place()).toBe('Inbox');
    expect(cardOf(id)).toMatchObject(ELSEWHERE);
  });

  it('a copy whose folder was deleted is put there, below Deleted Items, and the card says so', async () => {
    const { id: folder } = sandbox.tenant.addFolder('person0', 'Projects');
    const id = await purgedFrom(folder);
    sandbox.tenant.removeFolder('person0', 'Projects');
    await press(id, 'undo');
    expect(place()).toBe('Projects');
    expect(cardOf(id)).toMatchObject(ELSEWHERE);
  });

  it.each(['purge', 'junk'])(
    'a thousand copies from forty folders are after a %s and its undo as they were, field by field',
    async (action) => {
      scattered();
      const before = whole();
      expect([before.length, foldersOf(before).size]).toEqual([COPIES, PEOPLE * FOLDERS]);
      const addresses = Array.from({ length: PEOPLE }, (_none, n) => `person${n}@contoso.com`);
      const receipt = await world.alert(1, 'one', null, addresses);
      await atRest();
      const id = receipt.incident ?? '';
      await press(id, action);
      const away = action === 'purge' ? 'recoverableitemsdeletions' : 'junkemail';
      const gone = whole().filter(({ parentFolderId }, n) => parentFolderId !== before[n]?.parentFolderId);
      expect(gone).toHaveLength(COPIES);
      expect(foldersOf(gone)).toEqual(
        new Set(Array.from({ length: PEOPLE }, (_none, n) => box(n).folders.find(away)?.id)),
      );
      await press(id, 'undo');
      expect(byId(whole())).toEqual(byId(before));
      expect(cardOf(id)?.outcomes).toEqual([{ label: 'Restored, seen back', value: '1,000 copies' }]);
    },
  );
});
