import { describe, expect, test } from 'vitest';
import { iCalUIdOf } from '../../src/adapters/graph/measures/event-id.ts';
import { partsOf } from '../../src/adapters/graph/measures/grant-id.ts';
import { globalObjectId } from '../../src/sandbox/graph/global-object-id.ts';
import { GRAPH_ITSELF, MAIL_APP, type OnGraph } from '../support/measures-on-graph.ts';
import { imageOf, open, opened, step, written } from './measures-opened.ts';

describe('a consent', () => {
  test('given for everybody is nobody’s to take back here', async () => {
    const world = await opened();
    const { tenant } = world.sandbox;
    const order = { clientId: MAIL_APP, resourceId: GRAPH_ITSELF, scope: 'Mail.Read' };
    const grant = tenant.addGrant({ ...order, consentType: 'AllPrincipals', principalId: null });
    const measure = { ...world.of['revoke-grant'], ref: grant?.id ?? '' };
    expect(await world.measures.look(measure, open())).toMatchObject({ is: 'unknown' });
    const image = { ...order, id: grant?.id, consentType: 'AllPrincipals', principalId: null };
    expect(await world.measures.apply(measure, image, step())).toMatchObject({ is: 'refused', missing: null });
    expect(tenant.grants(world.sandbox.clock())).toContainEqual(grant);
  });

  test('of somebody else is not taken back, whatever its image says', async () => {
    const world = await opened();
    const before = await imageOf(world, world.of['revoke-grant']);
    const stray = { ...before, principalId: '00000000-0000-4000-8000-0000000000ff' };
    expect(await world.measures.apply(world.of['revoke-grant'], stray, step())).toMatchObject({ is: 'refused' });
    expect(written(world)).toEqual([]);
  });

  test('whose id says that somebody else gave it is not looked for among those of this person', async () => {
    const world = await opened();
    const { tenant } = world.sandbox;
    const bob = tenant.userByKey('bob@contoso.com')?.id ?? '';
    const order = { clientId: MAIL_APP, resourceId: GRAPH_ITSELF, scope: 'Mail.Read' };
    const grant = tenant.addGrant({ ...order, consentType: 'Principal', principalId: bob });
    const measure = { ...world.of['revoke-grant'], ref: grant?.id ?? '' };
    expect(await world.measures.look(measure, open())).toEqual({ is: 'gone' });
  });

  test('is found again under another id', async () => {
    const world = await opened();
    const before = await imageOf(world, world.of['revoke-grant']);
    await world.measures.apply(world.of['revoke-grant'], before, step());
    await world.measures.putBack(world.of['revoke-grant'], before, step(2));
    const now = await imageOf(world, world.of['revoke-grant']);
    expect(now['id']).not.toBe(before['id']);
    expect({ ...now, id: '' }).toEqual({ ...before, id: '' });
  });
});

describe('the id of a consent', () => {
  test('holds what it is about, as the documentation’s own example does', () => {
    expect(partsOf('AVs6JuUDjkCFV7q2gd8QTPimBBgj5iBFj0C6GwwRxC0')).toEqual({
      clientId: '263a5b01-03e5-408e-8557-bab681df104c',
      resourceId: '1804a6f8-e623-4520-8f40-ba1b0c11c42d',
      principalId: null,
    });
  });

  test.each(['', 'grant-1', 'AVs6JuUDjkCFV7q2gd8QTPimBBgj5iBFj0C6GwwRxC0=', '../users', 'AAAA'])(
    'is only an id where it is made in another way: %j',
    (id) => {
      expect(partsOf(id)).toBeNull();
    },
  );
});

describe('the calendar entry of an invitation', () => {
  test('is found after the invitation was moved', async () => {
    const world = await opened();
    const before = await imageOf(world, world.of['remove-event']);
    world.sandbox.tenant.userMoves('ana', world.of['remove-event'].ref, 'deleteditems');
    expect(await imageOf(world, world.of['remove-event'])).toEqual(before);
  });

  test('that another system named is found after that too', async () => {
    const world = await opened();
    const { tenant } = world.sandbox;
    const invitation = { message: world.of['take-sent-copy'].ref, folderId: 'elsewhere' };
    const order = { subject: 'Call', organizer: { name: 'x', address: 'x@fabrikam.example' }, start: '', end: '' };
    tenant.mailbox('ana').calendar.add({ ...order, iCalUId: "o'ne@google.example", invitation });
    const measure = { ...world.of['remove-event'], ref: world.of['take-sent-copy'].ref };
    expect(await imageOf(world, measure)).toMatchObject({ iCalUId: "o'ne@google.example" });
  });

  test('is not known once the invitation is gone for good, and not taken for removed', async () => {
    const world = await opened();
    world.sandbox.tenant.userDestroys('ana', world.of['remove-event'].ref);
    expect(await world.measures.look(world.of['remove-event'], open())).toMatchObject({ is: 'unknown' });
  });

  test('is not removed where it was there long before the invitation, which may name any entry', async () => {
    const world = await opened();
    const { tenant, clock } = world.sandbox;
    const mail = { internetMessageId: '<forged@fabrikam.example>', sender: 'eve@fabrikam.example', subject: 'forged' };
    const receivedAt = new Date(clock() + 3_600_000).toISOString();
    const [copy] = tenant.deliver({ ...mail, to: ['ana'], receivedAt }).copies;
    const order = { subject: 'Board', organizer: { name: 'Bob', address: 'bob@contoso.com' }, start: '', end: '' };
    const invitation = { message: copy?.messageId ?? '', folderId: copy?.folderId ?? '' };
    tenant.mailbox('ana').calendar.add({ ...order, invitation });
    const measure = { ...world.of['remove-event'], ref: copy?.messageId ?? '' };
    const image = await imageOf(world, measure);
    expect(await world.measures.apply(measure, image, step())).toMatchObject({ is: 'refused', missing: null });
    expect(written(world)).toEqual([]);
  });

  test('of a mail that is no invitation is none', async () => {
    const world = await opened();
    const measure = { ...world.of['remove-event'], ref: world.of['take-sent-copy'].ref };
    expect(await world.measures.look(measure, open())).toEqual({ is: 'gone' });
  });

  test('goes without a word to whoever invited, and of its own meeting nobody is told', async () => {
    const world = await opened();
    const { calendar } = world.sandbox.tenant.mailbox('ana');
    const before = await imageOf(world, world.of['remove-event']);
    await world.protect(world.of['remove-event']);
    await world.measures.apply(world.of['remove-event'], await imageOf(world, world.of['remove-event']), step());
    calendar.change(calendar.all()[0]?.id ?? '', { isOrganizer: false });
    await world.measures.apply(world.of['remove-event'], before, step(2));
    expect([calendar.sent, calendar.all()]).toEqual([[], [expect.objectContaining({ deleted: true })]]);
  });
});

describe('the name that an invitation gives its calendar entry', () => {
  const EXCHANGE =
    '040000008200E00074C5B7101A82E00800000000A2A6F3535D7FD3010000000000000000100000003D770E2E8974F44B9471BDB348097FE3';

  test.each([EXCHANGE, 'abc@google.example', 'ünïcode'])('is read as it was written: %s', (name) => {
    expect(iCalUIdOf(globalObjectId(name))).toBe(name);
  });

  test.each([
    '',
    'AAAA',
    Buffer.alloc(40).toString('base64'),
    globalObjectId('a\nb'),
    globalObjectId('x'.repeat(3_000)),
  ])('is nobody’s to read in another form', (value) => {
    expect(iCalUIdOf(value)).toBeNull();
  });
});

describe('a sent copy by its Message-ID', () => {
  const ID = '<new-bank@mail.contoso.com>';
  const mail = { to: ['ana'], internetMessageId: ID, sender: 'ana@contoso.com', subject: 'new-bank' };
  const named = (world: OnGraph) => ({ ...world.of['take-sent-copy'], ref: ID });

  test('is done, seen and put back like one by its id', async () => {
    const world = await opened();
    const before = await imageOf(world, named(world));
    await world.measures.apply(named(world), before, step());
    const after = await imageOf(world, named(world));
    await world.measures.putBack(named(world), before, step(2));
    expect([after['inRecoverableItems'], await imageOf(world, named(world))]).toEqual([true, before]);
  });

  test('is not the one that its sender also received', async () => {
    const world = await opened();
    world.sandbox.tenant.deliver({ ...mail, folder: 'inbox' });
    expect(await imageOf(world, named(world))).toMatchObject({ id: world.of['take-sent-copy'].ref });
  });

  test.each([
    ['two of them were sent', (world: OnGraph) => void world.sandbox.tenant.deliver({ ...mail, folder: 'sentitems' })],
    [
      'it was moved out of Sent Items',
      (world: OnGraph) => void world.sandbox.tenant.userMoves('ana', world.of['take-sent-copy'].ref, 'archive'),
    ],
  ])('is not known where %s', async (_name, change) => {
    const world = await opened();
    change(world);
    expect(await world.measures.look(named(world), open())).toMatchObject({ is: 'unknown' });
  });

  test('is gone where nobody has one', async () => {
    const world = await opened();
    world.sandbox.tenant.userDestroys('ana', world.of['take-sent-copy'].ref);
    expect(await world.measures.look(named(world), open())).toEqual({ is: 'gone' });
  });
});

describe('a sent copy', () => {
  test('that only a hold can reach is gone', async () => {
    const world = await opened();
    const box = world.sandbox.tenant.mailbox('ana');
    const purges = box.folders.find('recoverableitemspurges');
    if (purges) box.move(world.of['take-sent-copy'].ref, purges);
    expect(await world.measures.look(world.of['take-sent-copy'], open())).toEqual({ is: 'gone' });
  });

  test('whose folder is gone stays where it is, and that is said', async () => {
    const world = await opened();
    const before = await imageOf(world, world.of['take-sent-copy']);
    await world.measures.apply(world.of['take-sent-copy'], before, step());
    const elsewhere = { ...before, folderId: 'AAMkAGFgoneForGood00000000000000' };
    expect(await world.measures.putBack(world.of['take-sent-copy'], elsewhere, step(2))).toEqual({
      is: 'refused',
      why: '404 ErrorFolderNotFound',
      missing: null,
    });
  });
});
