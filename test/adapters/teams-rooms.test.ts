import { describe, expect, test } from 'vitest';
import { type RoomsRig, roomsContract } from '../contract/rooms.ts';
import { WAITS } from '../support/card-pictures/replies.ts';
import { cardStates } from '../support/card-pictures/states.ts';
import { startTeamsRig } from '../support/card-pictures/teams-rig.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';

async function contractRig(): Promise<RoomsRig> {
  const { world, teams, close } = await startTeamsRig();
  const problem = (status: number, headers = {}) => ({
    answer: { status, headers, body: { error: { code: 'Told', message: 'so' } } },
  });
  const activities = () => world.messages().flatMap((thread) => thread.activities);
  const ana = world.members['ana'] ?? expect.fail('nobody called ana');
  return {
    rooms: teams.rooms,
    // Each card begins a thread of its own.
    count: () => Promise.resolve(world.messages().length),
    somebody: { account: ana.aadObjectId, name: ana.name },
    below(ref) {
      const thread = world.messages().find(({ conversationId }) => conversationId === ref.channel);
      const later = (thread?.activities ?? []).filter(({ id }) => id !== ref.message);
      const shown = later.map(({ card, mentions }) => ({ texts: literalTexts(card, 'TextRun'), called: mentions }));
      return Promise.resolve(shown);
    },
    shown(ref) {
      const found = activities().find(({ id }) => id === ref.message);
      return Promise.resolve(found ? literalTexts(found.card, 'TextRun') : null);
    },
    throttle: (seconds) => world.faults.fail('*', problem(429, { 'retry-after': String(seconds) })),
    loseAnswer: () => world.faults.fail('*', { after: true, answer: 'drop' }),
    vanish: () => world.faults.fail('*', problem(404)),
    die: () => world.setInstalled(false),
    elsewhere: world.otherChannelId,
    refuse: () => world.faults.fail('*', problem(400)),
    calls: () => world.calls.length,
    close,
  };
}

roomsContract('Teams', contractRig);

const waiting = cardStates()[1]?.view ?? expect.fail('no state');

test.each([
  [400, 'refused'],
  [401, 'refused'],
  [403, 'doubtful'],
  [404, 'doubtful'],
  [412, 'throttled'],
  [413, 'unfit'],
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

test.each([
  [400, 'BadSyntax', 'create', 'refused'],
  [413, 'MessageSizeTooBig', 'create', 'unfit'],
  [403, 'Forbidden', 'create', 'dead'],
  [403, 'Forbidden', 'send', 'refused'],
  [403, 'MessageWritesBlocked', 'create', 'dead'],
  [404, 'ConversationNotFound', 'create', 'dead'],
  [404, 'ConversationNotFound', 'update', 'doubtful'],
  [404, 'ConversationNotFound', 'send', 'gone'],
  [403, 'BotNotInConversationRoster', 'update', 'dead'],
] as const)('%i %s for %s is called %s', async (status, code, operation, kind) => {
  const { world, teams, close } = await startTeamsRig();
  try {
    const ref = await teams.rooms.post(waiting, 'key-1');
    world.faults.fail(operation, { answer: { status, body: { error: { code } } } });
    const calls = {
      create: () => teams.rooms.post(waiting, 'key-2'),
      update: () => teams.rooms.update(ref, waiting),
      send: () => teams.rooms.nudge(ref, WAITS, []),
    };
    await expect(calls[operation]()).rejects.toMatchObject({ kind });
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

describe('a nudge in Teams', () => {
  const nudged = async (people: readonly { account: string; name: string }[]) => {
    const { world, teams, close } = await startTeamsRig();
    try {
      const ref = await teams.rooms.post(waiting, 'key-1');
      await teams.rooms.nudge(ref, WAITS, people);
      return world.calls.at(-1)?.body ?? expect.fail('nothing was sent');
    } finally {
      await close();
    }
  };
  const [ana, ben] = ['33333333-0000-4000-8000-00000000000a', '33333333-0000-4000-8000-00000000000b'] as const;

  test('names are all that its text holds, and of a name only what is no markup', async () => {
    const { text } = await nudged([{ account: ana, name: '</at>[Ana](https://evil.example) & **Co**_1_ <b>' }]);
    expect(text).toBe('<at>atAnahttpsevil.example  Co1 b</at>');
  });

  test('a name of nothing but markup still calls the person', async () => {
    expect(await nudged([{ account: ana, name: '<>' }])).toMatchObject({ text: '<at>Approver</at>' });
  });

  test('two people of one name are both called', async () => {
    const people = [ana, ben].map((account) => ({ account, name: 'Kim' }));
    expect(await nudged(people)).toMatchObject({
      text: '<at>Kim</at>, <at>Kim 2</at>',
      entities: [{ mentioned: { id: ana } }, { mentioned: { id: ben } }],
    });
  });

  test('whoever has no Entra id is named and not called: Teams would refuse the whole message', async () => {
    const { text, entities } = await nudged([{ account: 'U012AB3CD', name: 'Ana' }]);
    expect([text, entities]).toEqual(['Ana', []]);
  });

  test('it goes to no service URL that is not allowed', async () => {
    const { world, teams, close } = await startTeamsRig();
    try {
      const ref = await teams.rooms.post(waiting, 'key-1');
      const nudge = teams.rooms.nudge({ ...ref, via: 'https://evil.example/' }, WAITS, []);
      await expect(nudge).rejects.toMatchObject({ kind: 'refused' });
      expect(world.calls.map(({ operation }) => operation)).toEqual(['create']);
    } finally {
      await close();
    }
  });
});

test.each([
  [{ stopped: 'Stopped by Ana.' }, 'Clawback is stopped'],
  [{ asks: 'approval' }, 'approval needed'],
  [{ asks: 'confirmation' }, 'confirmation needed'],
  [{ asks: 'nothing' }, 'news'],
] as const)('a card with %j is announced as %s', async (change, words) => {
  const { world, teams, close } = await startTeamsRig();
  try {
    await teams.rooms.post({ ...waiting, ...change }, 'key-1');
    expect(world.calls[0]?.body).toMatchObject({ activity: { summary: `Clawback CB-7F3K2M: ${words}` } });
  } finally {
    await close();
  }
});
