import { beforeEach, describe, expect, test } from 'vitest';
import type { MailEvidence } from '../../src/ports/evidence.ts';
import { delivered, type MailWorld, PHISH, personIn } from './mail-world.ts';

/** What every `MailEvidence` has to do, whatever is behind it. */
export function evidenceContract(
  name: string,
  make: () => Promise<MailWorld & { readonly evidence: MailEvidence }>,
): void {
  const MOST = 100_000;

  describe(`${name}, as a reader of what a mail was sent as`, () => {
    let world: Awaited<ReturnType<typeof make>>;
    beforeEach(async () => {
      world = await make();
      return () => world.close();
    });
    const arrived = () => delivered(world, personIn(world, 0));
    const both = async (target: Awaited<ReturnType<typeof arrived>>) => [
      await world.evidence.headers(target),
      await world.evidence.mime(target, MOST),
    ];

    test('tells the headers in their order, and the message with them', async () => {
      const target = await arrived();
      const headers = await world.evidence.headers(target);
      const mime = await world.evidence.mime(target, MOST);
      if (headers.status !== 'ok' || mime.status !== 'ok') throw new Error('it can be read');
      expect(headers.value).toContainEqual({ name: 'Message-ID', value: PHISH.internetMessageId });
      const text = Buffer.from(mime.value).toString('utf8');
      expect(text).toContain(`Message-ID: ${PHISH.internetMessageId}\r\n`);
      expect(text).toContain('\r\n\r\n');
      expect([headers.requestId, mime.requestId]).not.toContain('');
    });

    test('tells the same of a copy that was soft-deleted since', async () => {
      const target = await arrived();
      const before = await both(target);
      await world.effects.softDelete([target], { left: () => 10_000 });
      const after = await both(target);
      expect(after.map((got) => got.status === 'ok' && got.value)).toEqual(
        before.map((got) => got.status === 'ok' && got.value),
      );
    });

    test('tells that a copy is not there any more', async () => {
      const target = await arrived();
      await world.erase(target);
      expect((await both(target)).map(({ status }) => status)).toEqual(['absent', 'absent']);
    });

    test('gives a message of as many bytes as it may have, and none of one byte more', async () => {
      const target = await arrived();
      const whole = await world.evidence.mime(target, MOST);
      const length = whole.status === 'ok' ? whole.value.length : 0;
      expect((await world.evidence.mime(target, length)).status).toBe('ok');
      expect((await world.evidence.mime(target, length - 1)).status).toBe('too large');
    });
  });
}
