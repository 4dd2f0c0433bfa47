import { beforeEach, describe, expect, it } from 'vitest';
import { Policy, type TenantPolicy, withApprovers } from '../../src/core/ask/policy.ts';
import { whomToCall } from '../../src/flow/decide/called.ts';
import type { OnCallAnswer, OnCallPerson } from '../../src/ports/on-call.ts';
import { createWorld, type World } from '../fault/world.ts';
import { guid } from './telling.ts';

/** Who is called, and what is said of it: what the on-call source says, held against who may decide. */

const [ANA, BEN, CAS, ELSA] = [guid(1), guid(2), guid(3), guid(4)] as const;
const GROUP = guid(90);
const roles = { lead: { people: [CAS], entraGroups: [] }, team: { people: [], entraGroups: [GROUP] } };
const policy: TenantPolicy = withApprovers(
  Policy.parse({
    version: 1,
    rules: [{ name: 'purge', when: { action: ['purge'] }, approve: [{ role: 'approver', count: 1 }] }],
    roles,
  }),
  [ANA, BEN],
);

let world: World;
let results: string[];
beforeEach(() => {
  world = createWorld();
  results = [];
});

const id = (person: string, level?: number): OnCallPerson => ({
  ...{ by: 'entra-id', id: person },
  ...(level === undefined ? {} : { level }),
});
const address = (words: string): OnCallPerson => ({ by: 'address', address: words });
const person = (entraId: string, ...addresses: string[]) =>
  world.directory.people.set(entraId, { id: entraId, name: 'Somebody', addresses, enabled: true, guest: false });

function called(
  people: readonly OnCallPerson[] | 'silent' | null,
  { alone = false, asked = ['approver'] as readonly string[] } = {},
) {
  const answer: OnCallAnswer =
    people === 'silent' ? { is: 'silent', why: '503' } : { is: 'known', people: people ?? [] };
  const onCall = people === null ? null : { at: () => Promise.resolve(answer) };
  const observe: typeof world.flow.observe = (seen) => void (seen.what === 'on-call' && results.push(seen.result));
  return whomToCall({ ...world.flow, onCall, observe } as typeof world.flow, asked, policy, alone);
}

describe('everybody of the roles that are asked', () => {
  it('is called once, whatever they hold, where there is no on-call', async () => {
    const asked = ['approver', 'lead', 'approver', 'nobody has it'];
    expect(await called(null, { asked })).toEqual({ people: [ANA, BEN, CAS], called: undefined });
    expect(results).toEqual([]);
  });

  it.each<[string, Parameters<typeof called>[0], string]>([
    ['nothing is answered', 'silent', 'no answer'],
    ['nobody is on call', [], 'nobody on call'],
    ['nobody who is on call may decide', [id(ELSA)], 'none may decide'],
    ['nobody who is on call is known here', [address('x@contoso.example')], 'no answer'],
  ])('is called where %s, and that is said', async (_what, people, words) => {
    expect(await called(people, { alone: true })).toEqual({ people: [ANA, BEN], called: words });
  });

  it('is called after whoever is on call where these are not called alone', async () => {
    expect(await called([id(BEN)])).toEqual({ people: [BEN, ANA], called: 'everybody' });
  });

  it('is counted as an answer or as silence', async () => {
    await called([]);
    await called('silent');
    expect(results).toEqual(['answered', 'silent']);
  });
});

describe('whoever is on call', () => {
  const alone = { alone: true };

  it('is called alone, each once, and of the lowest level that anybody has', async () => {
    const people = [id(ANA, 3), id(BEN, 2), id(ELSA, 1), id(BEN, 2)];
    expect(await called(people, alone)).toEqual({ people: [BEN], called: 'on call' });
    expect(await called(people)).toEqual({ people: [BEN, ANA], called: 'everybody' });
  });

  it('is of the first level where none is said', async () => {
    expect(await called([id(BEN, 2), id(ANA)], alone)).toEqual({ people: [ANA], called: 'on call' });
  });

  it('is called by the address that the directory knows as theirs alone', async () => {
    person(ANA, 'ana@contoso.example');
    expect(await called([address('ana@contoso.example')], alone)).toEqual({ people: [ANA], called: 'on call' });
    person(ELSA, 'ana@contoso.example');
    expect(await called([address('ana@contoso.example')], alone)).toEqual({ people: [ANA, BEN], called: 'no answer' });
  });

  it('is called although one beside them is not known', async () => {
    expect(await called([address('x@contoso.example'), id(BEN)], alone)).toEqual({ people: [BEN], called: 'on call' });
  });

  it('is believed to hold the role while nobody can say who is in its group', async () => {
    world.directory.groups.set(GROUP, [CAS]);
    const asked = ['approver', 'team'];
    expect(await called([id(ELSA)], { alone: true, asked })).toEqual({
      people: [ANA, BEN, CAS],
      called: 'none may decide',
    });
    world.directory.down = true;
    expect(await called([id(ELSA)], { alone: true, asked })).toEqual({ people: [ELSA], called: 'on call' });
    expect(await called([id(ELSA)], { asked })).toEqual({ people: [ELSA, ANA, BEN], called: 'everybody' });
  });
});
