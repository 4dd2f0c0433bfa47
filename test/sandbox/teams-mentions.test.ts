import type { Entity } from 'botbuilder';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Botted, startBot } from './teams-bot.ts';

let world: Botted;
beforeEach(async () => {
  world = await startBot();
});
afterEach(() => world.close());

/** Says it in a thread, through botbuilder. */
async function reply(text: string, id: string, said = '<at>Alice Adams</at>'): Promise<void> {
  const { conversationId } = await world.post();
  const mention: Entity = { type: 'mention', text: said, mentioned: { id, name: 'Alice Adams' } };
  await world.inThread(conversationId, (context) =>
    context.sendActivity({ type: 'message', text, entities: [mention] }),
  );
}

const heard = () => world.teams.messages()[0]?.activities.at(-1);

test.each(['aadObjectId', 'id'] as const)('a reply mentions somebody by %s', async (name) => {
  const id = world.teams.members['alice']?.[name] ?? '';
  await reply('<at>Alice Adams</at>, your turn', id);
  expect(heard()).toMatchObject({ text: '<at>Alice Adams</at>, your turn', mentions: [id] });
});

test.each([
  ['whose text is not in the message', 'Alice, your turn', '<at>Alice Adams</at>'],
  ['whose text is no mention', 'Alice Adams, your turn', 'Alice Adams'],
])('a mention %s is refused', async (_, text, said) => {
  const id = world.teams.members['alice']?.id ?? '';
  await expect(reply(text, id, said)).rejects.toMatchObject({ statusCode: 400 });
  expect(heard()?.mentions).toEqual([]);
});

test('a mention of nobody is refused', async () => {
  await expect(reply('<at>Alice Adams</at>', '29:stranger')).rejects.toMatchObject({ statusCode: 400 });
});
