import { describe, expect, it } from 'vitest';
import {
  canComeBack,
  clustersOf,
  type KnownDelivery,
  listedAt,
  type Removal,
  removalKey,
  sortRemovals,
} from '../../src/core/find/automation.ts';
import { clusterNamed, listId } from '../../src/core/find/cluster-name.ts';
import { placeIn } from '../../src/core/find/removed-to.ts';

const id = (n: number) => `73ca4154-58d8-43d0-a890-${String(n).padStart(12, '0')}`;
const removal = (n: number, recipient: string, more: Partial<Removal> = {}): Removal => ({
  recipient: `${recipient}@contoso.example`,
  networkMessageId: id(n),
  internetMessageId: `<${n}@news.example>`,
  at: '2026-11-20T08:00:00.000Z',
  way: 'Automated Remediation',
  action: 'Soft delete',
  result: 'Success',
  location: 'Deleted items',
  threats: 'Phish',
  ...more,
});
const delivery = (n: number, recipient: string, more: Partial<KnownDelivery> = {}): KnownDelivery => ({
  recipient: `${recipient}@contoso.example`,
  recipientId: null,
  networkMessageId: id(n),
  internetMessageId: `<${n}@news.example>`,
  sender: 'news@fabrikam.example',
  mailFrom: `bounce+${recipient}@mailer.fabrikam.example`,
  authentication: 'DKIM pass, DMARC pass, SPF pass',
  subject: 'What is new',
  at: '2026-11-20T07:00:00.000Z',
  cluster: '9007199254740993',
  delivered: 'Inbox/folder',
  latest: 'Deleted items',
  threats: null,
  ...more,
});
const none = new Set<string>();
const listed = (...copies: readonly Removal[]) => new Map(copies.map((one) => [removalKey(one), listedAt(one.at)]));

describe('what automation took out, put together', () => {
  it('is one cluster of the service, whatever bounces go where, the largest first', () => {
    const { clusters } = clustersOf(
      [removal(9, 'zoe'), removal(1, 'ann'), removal(2, 'bob')],
      [delivery(9, 'zoe', { cluster: '5' }), delivery(1, 'ann'), delivery(2, 'bob')],
    );
    expect(clusters.map(({ key, by, mails, copies }) => [key, by, mails.length, copies.length])).toEqual([
      ['1', 'cluster', 2, 2],
      ['2', 'cluster', 1, 1],
    ]);
  });

  it.each([
    ['another sender', { sender: 'news@fabrikarn.example' }],
    ['another envelope', { mailFrom: 'x@elsewhere.example' }],
    ['another judgement of where it came from', { authentication: 'DKIM fail, DMARC fail, SPF fail' }],
    ['no judgement', { authentication: null }],
    ['a cluster that JSON would take for the same number', { cluster: '9007199254740992' }],
  ])('is never put back together with mail of %s', (_what, other) => {
    const { clusters } = clustersOf(
      [removal(1, 'ann'), removal(2, 'bob')],
      [delivery(1, 'ann'), delivery(2, 'bob', other)],
    );
    expect(clusters.map(({ copies }) => copies.length)).toEqual([1, 1]);
  });

  it('goes by sender and subject where the service knows no cluster, and by itself where it knows neither', () => {
    const apart = { cluster: null };
    const { clusters } = clustersOf(
      [1, 2, 3, 4, 5].map((n) => removal(n, 'ann')),
      [
        delivery(1, 'ann', apart),
        delivery(2, 'ann', apart),
        delivery(3, 'ann', { ...apart, subject: null }),
        delivery(4, 'ann', { ...apart, subject: null }),
      ],
    );
    expect(clusters.map(({ by, copies }) => [by, copies.length]).sort()).toEqual([
      ['mail', 1],
      ['mail', 1],
      ['mail', 1],
      ['subject', 2],
    ]);
  });

  it('loses no cluster for one row that cannot be read, and counts why a row is in none', () => {
    const rows = [
      removal(1, 'ann'),
      removal(2, 'bob', { result: 'Failure' }),
      removal(3, 'cas'),
      removal(4, 'dan'),
      removal(5, 'eve', { networkMessageId: 'no id' }),
      removal(6, '', { recipient: '' }),
    ];
    const ours = new Set([removalKey(removal(3, 'cas'))]);
    const known = listed(removal(4, 'dan'));
    const { taken, apart } = sortRemovals(rows, ours, known);
    expect([taken.map(({ recipient }) => recipient), apart]).toEqual([
      ['ann@contoso.example'],
      { odd: 2, failed: 1, ours: 1, known: 1 },
    ]);
  });

  it('is news when it was taken out once more, and told once where two ways took it', () => {
    const again = removal(1, 'ann', { at: '2026-11-21T08:00:00.000Z', way: 'Phish ZAP' });
    const known = listed(removal(1, 'ann'));
    expect(sortRemovals([removal(1, 'ann'), again], none, known).taken).toEqual([again]);
    expect(sortRemovals([again, removal(1, 'ann')], none, listed()).taken).toEqual([again]);
  });

  it.each([
    ['which came before the one that is listed', '2026-11-20T07:59:00.000Z'],
    ['told with its time in other letters', '2026-11-20T08:00:00.0000000Z'],
  ])('is no news for the way %s', (_what, at) => {
    const { taken, apart } = sortRemovals([removal(1, 'ann', { at })], none, listed(removal(1, 'ann')));
    expect([taken, apart.known]).toEqual([[], 1]);
  });

  it('knows what the service says of the mail also where it does not know this delivery of it', () => {
    const { clusters } = clustersOf([removal(1, 'ann'), removal(1, 'bob')], [delivery(1, 'ann')]);
    expect(clusters.map(({ sender, copies }) => [sender, copies.map(({ was }) => was)])).toEqual([
      ['news@fabrikam.example', ['inbox', 'not known']],
    ]);
  });

  it.each([
    ['Inbox/folder', 'inbox'],
    ['Deleted items', 'deleted'],
    ['DeletedFolder', 'deleted'],
    ['Junk', 'junk'],
    ['JunkFolder', 'junk'],
    ['Quarantine', 'quarantine'],
    ['Dropped', 'not known'],
    [null, 'not known'],
  ])('reads the place %j as %s', (word, place) => {
    expect(placeIn(word)).toBe(place);
  });

  it.each([
    ['is told where it was delivered to still', {}, 'Inbox/folder', 'not known'],
    ['is told where it was put', {}, 'Deleted items', 'deleted'],
    ['was put into quarantine since', {}, 'Quarantine', 'quarantine'],
    ['is told of the removal as delivered', { location: 'Inbox/folder' }, null, 'deleted'],
    ['was moved into the Inbox', { location: 'Inbox/folder', action: 'Moved to inbox' }, 'Inbox/folder', 'inbox'],
  ])('is nowhere that nobody has told: what %s', (_what, told, latest, place) => {
    const { clusters } = clustersOf([removal(1, 'ann', told)], [delivery(1, 'ann', { latest })]);
    expect(clusters[0]?.copies[0]?.place).toBe(place);
  });

  it('can come back from where a soft delete puts it, and not from quarantine', () => {
    const put = (n: number, location: string) => removal(n, 'ann', { location });
    const { clusters } = clustersOf([put(1, 'Deleted items'), put(2, 'Quarantine'), put(3, 'Junk')], []);
    expect(clusters.flatMap((cluster) => canComeBack(cluster).map(({ networkMessageId }) => networkMessageId))).toEqual(
      [id(1)],
    );
  });
});

describe('the name of a cluster', () => {
  it('says which list it is of, and nothing else is one', () => {
    expect([listId('2026-12-01T08:00:00Z', 1), listId('2026-12-01', 2)]).toEqual(['AU-20261201', 'AU-20261201-2']);
    expect(clusterNamed('AU-20261201-2/14')).toEqual({ list: 'AU-20261201-2', key: '14' });
    for (const other of ['CB-1', 'AU-20261201', 'AU-20261201/', 'AU-20261201/1 or 1', '/1'])
      expect(clusterNamed(other)).toBeNull();
  });
});
