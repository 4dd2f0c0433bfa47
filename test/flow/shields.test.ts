import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runStarted, voteCounted } from '../support/answered.ts';
import { type Night, startNight, twoOfThree } from '../support/desk-of-the-night.ts';
import { RECOVERABLE } from '../support/fake-mail.ts';
import { guid, inSlack, inTeams, joins, policyWith, ruleFor, storyteller } from './telling.ts';

/** Mailboxes that the policy speaks about: VIPs, those under legal hold, and those that are protected. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { report, lands, press, stands, plan, runs, outcomes, becomes, card } = storyteller(() => night);

const BOARD = guid(800);
const LEGAL = guid(50);
beforeEach(() => night.directory.groups.clear());

const rules = [ruleFor(['purge'], { approver: 1 })];
const protecting = (set: object, more: object = {}) =>
  policyWith(rules, { mailboxes: { protected: [{ name: 'the board', ...set }] }, ...more });
const addresses = async (id: string) => (await plan(id)).copies.map(({ address }) => address);

describe('mailboxes that are never touched', () => {
  it('are in no list, and the card and the details say so', async () => {
    await night.govern(protecting({ addresses: ['ceo@contoso.example'] }));
    const { id } = await lands(['ann', 'ceo']);
    expect(await addresses(id)).toEqual(['ann@contoso.example']);
    expect((await plan(id)).shielded).toEqual([{ address: 'ceo@contoso.example', set: 'the board' }]);
    expect(card(id)?.warnings.map(({ text }) => text)).toContainEqual(
      expect.stringContaining('1 mailbox protected by the policy (the board)'),
    );
    expect(await press(id, inSlack('dana'), 'details')).toMatchObject({
      rows: [{ is: 'shielded', mailbox: 'ceo@contoso.example', set: 'the board' }, { is: 'copy' }],
    });
  });

  it('stay as they are when the rest is purged', async () => {
    await night.govern(protecting({ addresses: ['ceo@contoso.example'] }));
    const { id, copies } = await lands(['ann', 'ceo']);
    await press(id, inSlack('dana'), 'purge');
    await becomes(id, 'purged');
    expect(copies.map(({ folderId }) => folderId)).toEqual([RECOVERABLE, 'inbox']);
  });

  it('are found by the group they are in', async () => {
    const other = { internetMessageId: '<other@mailer.example>', sender: 'colleague@contoso.example' };
    night.directory.groups.set(BOARD, [night.mail.put('eve@contoso.example', other).mailbox]);
    await night.govern(protecting({ entraGroups: [BOARD] }));
    const { id } = await lands(['ann', 'eve']);
    expect(await addresses(id)).toEqual(['ann@contoso.example']);
  });

  it('are found when the policy names an alias and the alert the main address', async () => {
    await night.govern(protecting({ addresses: ['chief@contoso.example'] }));
    const { copies } = await lands(['fay']);
    joins(night, 51);
    const owner = { id: copies[0]?.mailbox ?? '', name: 'Fay', enabled: true, guest: false };
    night.directory.people.set(owner.id, { ...owner, addresses: ['fay@contoso.example', 'chief@contoso.example'] });
    const { id } = await lands(['ann', 'fay']);
    expect(await addresses(id)).toEqual(['ann@contoso.example']);
  });

  it('with nothing else to do, nothing is asked', async () => {
    await night.govern(protecting({ addresses: ['ceo@contoso.example'] }));
    const { id } = await lands(['ceo']);
    expect(card(id)?.canPurge).toBe(false);
  });
});

describe('protected mailboxes that may be touched with an approval more', () => {
  const withLegal = () =>
    night.govern(
      protecting(
        { addresses: ['ceo@contoso.example'], approve: [{ role: 'legal', count: 1 }] },
        { roles: { legal: { people: [LEGAL] } } },
      ),
    );

  it('take the people of the rule and the ones of the set', async () => {
    await withLegal();
    const { id } = await lands(['ann', 'ceo']);
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject(voteCounted(1, 2));
    expect(await press(id, inTeams('omar'), 'purge')).toMatchObject({ code: 'vote-recorded' });
    expect(await press(id, joins(night, 50), 'purge')).toMatchObject(runStarted('purge', 2));
  });

  it('change nothing for a mail that did not reach them', async () => {
    await withLegal();
    const { id } = await lands(['ann', 'bob']);
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject(runStarted('purge', 2));
  });
});

describe('a group that cannot be read', () => {
  it('makes no plan, loses nothing, and is asked again', async () => {
    await night.govern(protecting({ entraGroups: [BOARD] }));
    const { id } = await report(['ann']);
    await expect(night.run({ queue: 'scope', incident: id })).rejects.toThrow('no such group');
    expect(await stands(id)).toBe('received');
    night.directory.groups.set(BOARD, []);
    await night.run({ queue: 'scope', incident: id });
    expect(await addresses(id)).toEqual(['ann@contoso.example']);
  });

  it('lets nothing be touched while a run is waiting for it', async () => {
    night.directory.groups.set(BOARD, []);
    await night.govern(protecting({ entraGroups: [BOARD] }));
    const { id, copies } = await lands(['ann']);
    night.directory.groups.clear();
    await press(id, inSlack('dana'), 'purge');
    const [run] = await runs(id);
    await expect(night.run({ queue: 'run', run: run?.id ?? '' })).rejects.toThrow('no such group');
    expect(copies[0]?.folderId).toBe('inbox');
    night.directory.groups.set(BOARD, []);
    await night.run({ queue: 'run', run: run?.id ?? '' });
    expect(await outcomes(id)).toEqual(['removed']);
  });
});

describe('rules about the mailboxes that were reached', () => {
  const two = { approver: 2 };
  const otherwise = ruleFor(['purge'], { approver: 1 }, { name: 'otherwise' });
  const vip = (more: object) =>
    policyWith([ruleFor(['purge'], two, { name: 'VIPs', when: { vip: { atLeast: 1 } } }), otherwise], more);

  it('a VIP among them takes more people, and the card counts them', async () => {
    await night.govern(vip({ mailboxes: { vip: { addresses: ['ceo@contoso.example'] } } }));
    const { id } = await lands(['ann', 'ceo']);
    expect((await plan(id)).terms.purge).toMatchObject({ rule: 'VIPs' });
    expect(card(id)?.warnings.map(({ text }) => text)).toContain('1 mailbox of VIPs among them');
  });

  it('without a VIP the next rule holds', async () => {
    await night.govern(vip({ mailboxes: { vip: { addresses: ['ceo@contoso.example'] } } }));
    const { id } = await lands(['ann', 'bob']);
    expect((await plan(id)).terms.purge).toMatchObject({ rule: 'otherwise' });
  });

  it('a mailbox under legal hold can refuse deleting for good', async () => {
    await night.govern(
      policyWith(
        [
          { name: 'hold', when: { action: ['hard-purge'], legalHold: { atLeast: 1 } }, refuse: 'legal hold' },
          ruleFor(['purge', 'hard-purge'], { approver: 1 }),
        ],
        { mailboxes: { legalHold: { addresses: ['cfo@contoso.example'] } } },
      ),
    );
    const held = await lands(['ann', 'cfo']);
    expect(await press(held.id, inSlack('dana'), 'hard-purge')).toMatchObject({
      code: 'policy',
      why: expect.stringContaining('legal hold'),
    });
    const free = await lands(['ann', 'bob']);
    expect(card(free.id)).toMatchObject({ canHardPurge: true });
  });

  describe('the share of the tenant', () => {
    const large = policyWith([
      ruleFor(['purge'], two, { name: 'large', when: { share: { atLeast: 0.5 } } }),
      otherwise,
    ]);
    const ruleNow = async () => {
      await night.govern(large);
      const { id } = await lands(['ann', 'bob']);
      const { purge } = (await plan(id)).terms;
      return purge.rule;
    };

    it('two of a thousand are few', async () => {
      expect(await ruleNow()).toBe('otherwise');
    });

    it('two of three are many', async () => {
      night.directory.users = 3;
      expect(await ruleNow()).toBe('large');
      night.directory.users = 1_000;
    });

    it('where nobody can say how large the tenant is, it counts as all of it', async () => {
      const { size } = night.directory;
      night.directory.size = () => Promise.reject(new Error('not permitted'));
      expect(await ruleNow()).toBe('large');
      night.directory.size = size;
    });
  });

  it('the alert’s confidence, severity and its source by its secret choose the rule', async () => {
    await night.govern(
      policyWith([
        ruleFor(['purge'], two, {
          name: 'sure',
          when: { confidence: { atLeast: 90 }, source: ['TEST'], severity: ['critical'] },
        }),
        otherwise,
      ]),
    );
    const sure = await lands(['ann'], { confidence: 95, severity: 'critical' });
    const silent = await lands(['ann'], { severity: 'critical' });
    expect((await plan(sure.id)).terms.purge.rule).toBe('sure');
    expect((await plan(silent.id)).terms.purge.rule).toBe('otherwise');
    await night.govern(twoOfThree());
  });
});
