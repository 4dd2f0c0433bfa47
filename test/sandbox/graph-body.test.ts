import { describe, expect, it } from 'vitest';
import { IMMUTABLE, openSandbox, PHISH } from './graph-stand-in.ts';

/** What a mail says, as Graph tells it: as it was written, or as text where the caller prefers that. */

const AS_TEXT = { Prefer: 'IdType="ImmutableId", outlook.body-content-type="text"' };
const HTML =
  '<html><head><style>p{}</style></head><body><p>Dear Ann,</p><p>pay <a href="https://evil.example/x">here</a>&nbsp;now</p></body></html>';

async function delivered(body: string, bodyType: 'text' | 'html') {
  const world = await openSandbox({ users: ['ann'] });
  const { copies } = world.tenant.deliver({ ...PHISH, to: ['ann'], body, bodyType });
  const [copy] = copies;
  const read = (select: string, headers: Record<string, string>) =>
    world.call('GET', `/users/${copy?.userId}/messages/${copy?.messageId}?$select=${select}`, undefined, headers);
  return { world, read };
}

describe('the body of a message', () => {
  it('is HTML where it was written so, and text where that is preferred, and the answer says what was heeded', async () => {
    const { world, read } = await delivered(HTML, 'html');
    await using _ = world;
    const [asWritten, asText] = [await read('body', IMMUTABLE), await read('body', AS_TEXT)];
    expect(asWritten.body.body).toEqual({ contentType: 'html', content: HTML });
    expect(asWritten.headers.get('preference-applied')).toBe('IdType="ImmutableId"');
    expect(asText.body.body).toEqual({
      contentType: 'text',
      content: 'Dear Ann,\r\npay here<https://evil.example/x>\u00a0now\r\n',
    });
    expect(asText.headers.get('preference-applied')).toBe('IdType="ImmutableId", outlook.body-content-type="text"');
    expect((await read('bodyPreview', IMMUTABLE)).body.bodyPreview).toContain('Dear Ann,');
  });

  it('is text where it was written so', async () => {
    const { world, read } = await delivered('1 < 2', 'text');
    await using _ = world;
    expect((await read('body', IMMUTABLE)).body.body).toEqual({ contentType: 'text', content: '1 < 2' });
  });
});
