import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type SlackStandIn, startSlack } from '../../src/sandbox/slack/start.ts';

/** The Home tab of the stand-in refuses what Slack refuses. */

const OPTIONS = {
  signingSecret: 'secret-of-a-test',
  botToken: 'xoxb-test',
  channel: 'alerts',
  users: [{ key: 'ana', name: 'Ana', email: 'ana@contoso.example' }],
  clock: Date.now,
  random: Math.random,
};
const block = (text: string) => ({ type: 'section', text: { type: 'plain_text', text } });
const viewOf = (blocks: readonly object[]) => ({ type: 'home', blocks });

let slack: SlackStandIn;
beforeEach(async () => {
  slack = await startSlack({ ...OPTIONS, limits: { perMinute: { 'views.publish': 3 } } });
});
afterEach(() => slack.close());

async function publish(view: object, hash?: string): Promise<{ ok: boolean; error?: string; view?: { hash: string } }> {
  const response = await fetch(`${slack.apiUrl}views.publish`, {
    method: 'POST',
    headers: { authorization: 'Bearer xoxb-test', 'content-type': 'application/json' },
    body: JSON.stringify({ user_id: slack.users['ana']?.id, view, ...(hash === undefined ? {} : { hash }) }),
  });
  return response.json() as Promise<{ ok: boolean; error?: string; view?: { hash: string } }>;
}

describe('a view that is published', () => {
  test('holds a hundred blocks and no more', async () => {
    expect(await publish(viewOf(Array(100).fill(block('x'))))).toMatchObject({ ok: true });
    expect(await publish(viewOf(Array(101).fill(block('x'))))).toMatchObject({ ok: false, error: 'invalid_blocks' });
  });

  test('is at most 250 kB', async () => {
    expect(await publish(viewOf(Array(90).fill(block('x'.repeat(2_900)))))).toMatchObject({ error: 'view_too_large' });
  });

  test('goes over the one that the caller has seen, and not over a newer one', async () => {
    const first = await publish(viewOf([block('first')]));
    const second = await publish(viewOf([block('second')]), first.view?.hash);
    expect(second.ok).toBe(true);
    expect(await publish(viewOf([block('late')]), first.view?.hash)).toMatchObject({ error: 'hash_conflict' });
    expect(JSON.stringify(slack.seenBy('ana').home)).toContain('second');
  });

  test('has to wait where there were too many in a minute', async () => {
    for (let n = 0; n < 3; n += 1) await publish(viewOf([block('x')]));
    expect(await publish(viewOf([block('x')]))).toMatchObject({ error: 'ratelimited' });
  });

  test('is refused where the app has no Home tab, and nobody can open one', async () => {
    const other = await startSlack({ ...OPTIONS, homeTab: false });
    const here = slack;
    slack = other;
    expect(await publish(viewOf([block('x')]))).toMatchObject({ error: 'not_enabled' });
    expect(() => other.openHome('ana')).toThrow('has no Home tab');
    slack = here;
    await other.close();
  });

  test('is drawn by the client before it is pressed', async () => {
    await expect(slack.clickInHome('ana', 'cb:queue')).rejects.toThrow('a real user could not click it');
  });
});
