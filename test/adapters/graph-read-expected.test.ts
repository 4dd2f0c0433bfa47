import { describe, expect, test } from 'vitest';
import { graph, graphError, guid, type InnerAnswer, mailOn, message, type Script } from './graph-loopback.ts';

/** Where messages are expected, one question for each mailbox tells of all of them; only what it leaves open is asked by id. */

const target = { mailbox: guid(1), message: 'AAkA=/+x#1' };
const other = { mailbox: guid(1), message: 'another' };
const ids = ['<a@mail.example>'];
const inSight = { expected: { internetMessageIds: ids, in: 'sight' } } as const;
const inBin = { expected: { internetMessageIds: ids, in: 'bin' } } as const;

/** A mailbox that answers a search like this, and every question about one message or folder by its id. */
function searched(answer: InnerAnswer): Script {
  return {
    inner: ({ url }) => {
      if (url.includes('/messages?')) return answer;
      if (url.includes('/mailFolders/')) return { status: 200, body: { id: 'f-bin', parentFolderId: 'f-root' } };
      return { status: 200, body: message({ parentFolderId: 'f-bin' }) };
    },
  };
}

async function reading(answer: InnerAnswer, how: typeof inSight | typeof inBin = inSight, targets = [target]) {
  const server = await graph(searched(answer));
  const readings = await mailOn(server).mail.read(targets, how);
  return { readings, asked: server.inner().map(({ url }) => decodeURIComponent(url).replace(/\?.*/, '')) };
}

describe('what a mailbox says of itself', () => {
  test.each([
    [graphError(403, 'ErrorAccessDenied'), 'denied'],
    [graphError(404, 'ErrorNonExistentMailbox'), 'missing'],
    [graphError(404, 'MailboxNotEnabledForRESTAPI'), 'unreachable'],
    [graphError(500, 'InternalServerError'), 'failed'],
    [graphError(429, 'ApplicationThrottled'), 'throttled'],
  ])('is true of all that was expected in it, and is not asked again (%#)', async (answer, status) => {
    const { readings, asked } = await reading(answer, inSight, [target, other]);
    expect(readings).toMatchObject([
      { target, status },
      { target: other, status },
    ]);
    expect(asked).toHaveLength(1);
  });
});

describe('what the question leaves open', () => {
  test.each([
    [graphError(400, 'InefficientFilter')],
    [graphError(404, 'ErrorFolderNotFound')],
    [{ status: 200, body: { value: 'no list' } }],
    [{ status: 200, body: { value: [] } }],
  ])('is read by its id (%#)', async (answer) => {
    const { readings, asked } = await reading(answer, inBin);
    expect(readings).toMatchObject([{ target, status: 'ok', state: { inRecoverableItems: true } }]);
    expect(asked).toContain(`/users/${guid(1)}/messages/${target.message}`);
  });

  test('is whatever has more Message-IDs than one question holds', async () => {
    const many = Array.from({ length: 6 }, (_, n) => `<${n}@mail.example>`);
    const server = await graph(searched({ status: 200, body: { value: [] } }));
    await mailOn(server).mail.read([target], { expected: { internetMessageIds: many, in: 'sight' } });
    expect(server.inner().filter(({ url }) => url.includes('/messages?'))).toEqual([]);
  });
});

test('a draft with the same Message-ID is nothing beside it', async () => {
  const value = [message({ id: target.message }), message({ id: 'a-draft', isDraft: true }), message({ id: 'twin' })];
  const { readings } = await reading({ status: 200, body: { value } });
  expect(readings).toMatchObject([{ status: 'ok', beside: ['twin'] }]);
});

test('what is in the bin is not said to be beside anything in sight', async () => {
  const value = [message({ id: target.message }), message({ id: 'twin' })];
  const { readings } = await reading({ status: 200, body: { value } }, inBin);
  expect(readings[0]).not.toHaveProperty('beside');
});
