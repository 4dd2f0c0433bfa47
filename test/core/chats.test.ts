import { describe, expect, it } from 'vitest';
import { chatName, roomTroubleWords } from '../../src/core/tell/chats.ts';
import { inert } from '../../src/core/text.ts';

describe('a chat', () => {
  const names = new Map([['slack', 'Slack']]);

  it('is told by the name that people have for it', () => {
    expect(chatName(names, 'slack')).toBe('Slack');
  });

  it('that nobody knows is told as it is stored, as inert text and not at length', () => {
    expect(chatName(names, 'pager')).toBe('pager');
    expect(chatName(names, `pa\u202eger\n${'x'.repeat(100)}`)).toBe(inert(`pa\u202eger\n${'x'.repeat(100)}`, 40));
    expect(chatName(names, 'pa\u202eger')).not.toContain('\u202e');
  });

  it('without any name is a chat all the same', () => {
    expect(chatName(names, '')).toBe('a chat');
  });

  it('whose room takes nothing says since when, in its own word', () => {
    const trouble = { since: '2026-11-20T08:00:00.000Z', why: 'is_archived' };
    expect(roomTroubleWords(trouble)).toBe('takes no messages since 2026-11-20T08:00:00.000Z: is_archived');
  });
});
