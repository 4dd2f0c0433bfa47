import { beforeEach, describe, expect, it } from 'vitest';
import { createWorld, PEOPLE, POLICIES, type World } from '../fault/world.ts';
import { createFakeMail, RECOVERABLE } from '../support/fake-mail.ts';
import { SOURCE } from '../support/source.ts';
import { BOSS, dana, ID, mailsAlike, omar, UNKNOWN } from './mails-alike.ts';

/** Who has received a mail is a fact of mailboxes and tracking, never what the mail or its alert says. */

let world: World;
const { lands, alerted, press, gone, warnings } = mailsAlike(() => world);
beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[2] as (typeof POLICIES)[number]);
});

describe('who has received it', () => {
  it('is nobody only because the mail says so: naming all approvers in Cc takes no vote away', async () => {
    const copy = lands('ann');
    const everybody = PEOPLE.map(({ address }) => address);
    const incident = await alerted({}, UNKNOWN, { recipients: ['ann@contoso.example', ...everybody] });
    expect([await press(dana, 'purge', incident), gone(copy)]).toEqual([
      expect.objectContaining({ code: 'run-started' }),
      [true],
    ]);
  });

  it('is not whoever got a harmless mail with the same Message-ID', async () => {
    const harmless = world.mail.put(dana.address, { internetMessageId: ID, sender: BOSS, subject: 'Lunch' });
    const copy = lands('ann');
    const incident = await alerted({}, UNKNOWN, { recipients: ['ann@contoso.example', dana.address] });
    await press(dana, 'purge', incident);
    expect(gone(copy, harmless)).toEqual([true, false]);
  });

  it('is whoever has a copy', async () => {
    const copies = [world.mail.put(dana.address, { internetMessageId: ID, sender: BOSS }), lands('ann')];
    const incident = await alerted({}, UNKNOWN, { recipients: ['ann@contoso.example', dana.address] });
    expect(await press(dana, 'purge', incident)).toMatchObject({ code: 'recipient' });
    expect(gone(...copies)).toEqual([false, false]);
  });

  it('is whom a source that knows has named, also when nothing is found there', async () => {
    lands('ann');
    const incident = await alerted({}, SOURCE, { recipients: ['ann@contoso.example', dana.address] });
    expect(await press(dana, 'purge', incident)).toMatchObject({ code: 'recipient' });
  });

  it('is whose mailbox answers to the address that such a source has named, though no directory knows it as theirs', async () => {
    lands('ann');
    const old = 'dana-before@contoso.example';
    const { locate } = world.mail;
    world.mail.locate = async (addresses, wanted) =>
      (await locate(addresses, wanted)).map((lookup) =>
        lookup.address === old ? { ...lookup, mailbox: { id: dana.entraId, address: old }, result: 'nothing' } : lookup,
      );
    const incident = await alerted({}, SOURCE, { recipients: ['ann@contoso.example', old] });
    expect(await press(dana, 'purge', incident)).toMatchObject({ code: 'recipient' });
  });

  it('is whom tracking has named for this mail, and not for one that only shares its Message-ID', async () => {
    world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
    await world.govern(POLICIES[2] as (typeof POLICIES)[number]);
    const read = world.mail.put(dana.address, { internetMessageId: ID, sender: BOSS });
    world.mail.put(omar.address, { internetMessageId: ID, sender: BOSS, subject: 'Lunch' });
    const copy = lands('ann');
    const incident = await alerted();
    // Moved out of sight by its owner: received all the same.
    read.folderId = RECOVERABLE;
    expect(await press(dana, 'purge', incident)).toMatchObject({ code: 'recipient' });
    await press(omar, 'purge', incident);
    expect(gone(copy)).toEqual([true]);
  });

  it('is not the reporter whom an alert merely names; the card says that it is not proven', async () => {
    const copy = lands('ann');
    const incident = await alerted({}, UNKNOWN, { reporter: { entraId: dana.entraId } });
    expect(warnings(incident)).toContainEqual(expect.stringContaining('That is not proven'));
    await press(dana, 'purge', incident);
    expect(gone(copy)).toEqual([true]);
  });

  it('a reporter whom a source that knows has named does not decide', async () => {
    lands('ann');
    const incident = await alerted({}, SOURCE, { reporter: { entraId: dana.entraId } });
    expect(await press(dana, 'purge', incident)).toMatchObject({ code: 'requester' });
  });
});
