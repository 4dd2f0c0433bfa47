import { expect, test } from 'vitest';
import { type RoomsRig, roomsContract } from '../contract/rooms.ts';
import { cardStates } from '../support/card-pictures/states.ts';
import { startTeamsRig } from '../support/card-pictures/teams-rig.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';

async function contractRig(): Promise<RoomsRig> {
  const { world, teams, close } = await startTeamsRig();
  const problem = (status: number, headers = {}) => ({
    answer: { status, headers, body: { error: { code: 'Told', message: 'so' } } },
  });
  const activities = () => world.messages().flatMap((thread) => thread.activities);
  return {
    rooms: teams.rooms,
    count: () => Promise.resolve(activities().length),
    shown(ref) {
      const found = activities().find(({ id }) => id === ref.message);
      return Promise.resolve(found ? literalTexts(found.card, 'TextRun') : null);
    },
    throttle: (seconds) => world.faults.fail('*', problem(429, { 'retry-after': String(seconds) })),
    loseAnswer: () => world.faults.fail('*', { after: true, answer: 'drop' }),
    vanish: () => world.faults.fail('*', problem(404)),
    refuse: () => world.faults.fail('*', problem(403)),
    calls: () => world.calls.length,
    close,
  };
}

roomsContract('Teams', contractRig);

const waiting = cardStates()[1]?.view ?? expect.fail('no state');

test.each([
  [400, 'refused'],
  [401, 'refused'],
  [403, 'refused'],
  [404, 'gone'],
  [412, 'throttled'],
  [413, 'refused'],
  [429, 'throttled'],
  [500, 'lost'],
  [502, 'lost'],
  [503, 'throttled'],
  [504, 'lost'],
])('an answer of %i to an update is called %s', async (status, kind) => {
  const { world, teams, close } = await startTeamsRig();
  try {
    const ref = await teams.rooms.post(waiting, 'key-1');
    world.faults.fail('update', { answer: { status, body: {} } });
    await expect(teams.rooms.update(ref, waiting)).rejects.toMatchObject({ kind });
  } finally {
    await close();
  }
});

test('a redirect is not followed: the token stays with the service', async () => {
  const { world, teams, close } = await startTeamsRig();
  try {
    world.faults.fail('create', { answer: { status: 307, headers: { location: `${world.url}/v3/conversations` } } });
    await expect(teams.rooms.post(waiting, 'key-1')).rejects.toMatchObject({ kind: 'refused' });
  } finally {
    await close();
  }
});

test('a card is never updated at a service URL that is not allowed', async () => {
  const { world, teams, close } = await startTeamsRig();
  try {
    const ref = await teams.rooms.post(waiting, 'key-1');
    const elsewhere = { ...ref, via: 'https://evil.example/' };
    await expect(teams.rooms.update(elsewhere, waiting)).rejects.toMatchObject({ kind: 'refused' });
    expect(world.calls.map(({ operation }) => operation)).toEqual(['create']);
  } finally {
    await close();
  }
});

test('an answer that does not say where the card is counts as lost', async () => {
  const { world, teams, close } = await startTeamsRig();
  try {
    world.faults.fail('create', { after: true, answer: { status: 201, body: {} } });
    await expect(teams.rooms.post(waiting, 'key-1')).rejects.toMatchObject({ kind: 'lost' });
  } finally {
    await close();
  }
});

test('a bot without a token sends nothing and comes back later', async () => {
  const { world, teams, close } = await startTeamsRig({ token: () => Promise.reject(new Error('no token today')) });
  try {
    await expect(teams.rooms.post(waiting, 'key-1')).rejects.toMatchObject({ kind: 'throttled' });
    expect(world.calls).toEqual([]);
  } finally {
    await close();
  }
});

test('a connector that cannot be reached asks to come back later: nothing was sent', async () => {
  const { teams, close } = await startTeamsRig();
  await close();
  await expect(teams.rooms.post(waiting, 'key-1')).rejects.toMatchObject({ kind: 'throttled' });
});

test('a card is posted where the channel said last that it can be reached', async () => {
  const { world, teams, close } = await startTeamsRig({
    serviceUrl: 'https://smba.trafficmanager.net/',
    reference: (serviceUrl) => serviceUrl,
  });
  try {
    expect((await teams.rooms.post(waiting, 'key-1')).via).toBe(world.serviceUrl);
  } finally {
    await close();
  }
});
