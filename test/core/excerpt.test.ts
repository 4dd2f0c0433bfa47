import { describe, expect, it } from 'vitest';
import { linesOf } from '../../src/core/tell/answer.ts';
import { excerptOf } from '../../src/core/tell/excerpt.ts';

const text = (content: string) => excerptOf({ type: 'text', content }).lines;
const html = (content: string) => excerptOf({ type: 'html', content }).lines;

describe('an excerpt of a mail', () => {
  it('of a mail without text says that there is none', () => {
    const excerpt = excerptOf({ type: 'html', content: '<p> </p><img src="https://evil.example/pixel">' });
    const answer = { code: 'excerpt-shown', incident: 'CB-1', mailbox: 'ann@contoso.example', ...excerpt } as const;
    expect(linesOf(answer).slice(1)).toEqual(['The mail has no text.']);
  });

  it('is its text, line by line, without what is empty', () => {
    expect(text('Dear Ann,\r\n\r\n  your   invoice\tis overdue.\n')).toEqual(['Dear Ann,', 'your invoice is overdue.']);
  });

  it('ends after five hundred characters and says that there is more', () => {
    const long = excerptOf({ type: 'text', content: `${'a'.repeat(300)}\n${'b'.repeat(300)}\nc` });
    expect([long.lines.map((line) => line.length), long.characters, long.cut]).toEqual([[300, 200], 500, true]);
    expect(excerptOf({ type: 'text', content: 'short' })).toEqual({ lines: ['short'], characters: 5, cut: false });
  });

  it('has few lines however short they are', () => {
    const { lines, cut } = excerptOf({ type: 'text', content: 'a\n'.repeat(200) });
    expect([lines.length, cut]).toEqual([25, true]);
  });

  it.each([
    ['pay at https://evil.example/t?who=ann now', 'pay at [link to evil.example] now'],
    ['Pay<https://evil.example/t?who=ann>', 'Pay [link to evil.example]'],
    ['HTTPS://user:pw@EVIL.example:8443/x', '[link to evil.example]'],
    ['hxxps://evil.example/x', '[link to evil.example]'],
    ['http://\u0430pple.example/', '[link to xn--pple-43d.example]'],
    ['https://%%/x', '[link to an address that cannot be read]'],
    ['https://[2001:db8::1]/t?who=ann', '[link to [2001:db8::1]]'],
  ])('says of a link only where it leads: %s', (said, line) => {
    expect(text(said).join(' ')).toBe(line);
  });

  it('of HTML is what people see of it, and links in the place of what they hide', () => {
    const mail = `<!DOCTYPE html><html><head><title>T</title><style>p{x:1}</style></head><body>
      <!-- not <b>seen</b> --><p>Dear&nbsp;Ann,<br>pay <a class="b" href="https://evil.example/?a=1&amp;b=2">here</a></p>
      <script>alert("<p>x</p>")</script><table><tr><td>1</td></tr></table><img src="https://evil.example/pixel"></body></html>`;
    expect(html(mail)).toEqual(['Dear Ann,', 'pay [link to evil.example] here', '1']);
  });

  it.each([
    ['<p>&lt;script&gt;x&lt;/script&gt;</p>', '<script>x</script>'],
    ['<p>&#104;ttps&#58;//evil.example/x</p>', '[link to evil.example]'],
    ['<p>&#x110000;&#0;&unknown;</p>', '\ufffd\ufffd&unknown;'],
    ['1 < 2 <b>x</b>', '1 < 2 x'],
    ['<style>never closed <p>x</p>', ''],
    ['<!-- never closed', ''],
    ['<a href=javascript:alert(1)>x</a>', 'x'],
    ["<A HREF='https://evil.example/a'>x</A>", '[link to evil.example] x'],
  ])('of HTML takes nothing twice: %s', (mail, line) => {
    expect(html(mail).join(' ')).toBe(line);
  });

  it.each([
    ['open tags', '<'.repeat(400_000)],
    ['open comments', '<!--'.repeat(100_000)],
    ['open styles', '<style>'.repeat(60_000)],
    ['open links', '<a href="'.repeat(50_000)],
    ['addresses', 'https://'.repeat(50_000)],
    ['ampersands', '&#'.repeat(200_000)],
  ])('of %s is read to its end', (_what, content) => {
    expect(excerptOf({ type: 'html', content }).characters).toBeLessThanOrEqual(500);
  });
});
