import { createHmac, timingSafeEqual } from 'node:crypto';
import { readAlert } from '../../src/core/find/alert-reader.ts';
import type { Refused, SentHeaders, SourceVendor } from '../../src/ports/source.ts';

/** Made up: a bell at a front desk that sends lines of text, with a proof of its own, and wants to hear plain words. */

const WITHIN_S = 300;
const text = (status: number, body: string) => ({ status, headers: { 'content-type': 'text/plain' }, body });
const header = (headers: SentHeaders, name: string) => String(headers[name] ?? '');

export const bell = {
  secrets: { form: /^bell-[a-z0-9]{20,}$/, looks: 'bell-…' },
  push: {
    unsigned: (headers) => (header(headers, 'x-bell-proof') === '' ? 'who rings?' : null),
    verifier: (secret) => (sent) => {
      const [ring, at, proof] = ['ring', 'at', 'proof'].map((name) => header(sent.headers, `x-bell-${name}`));
      if (!ring || !at || !proof || Math.abs(sent.at / 1_000 - Number(at)) > WITHIN_S) return null;
      const own = createHmac('sha256', secret).update(`${ring} ${at} `).update(sent.bytes).digest();
      const given = Buffer.from(proof, 'hex');
      return given.length === own.length && timingSafeEqual(given, own) ? ring : null;
    },
    toAlert(bytes, known) {
      const said = new Map(
        Buffer.from(bytes)
          .toString('utf8')
          .split('\n')
          .map((line) => [line.split(' ')[0] ?? '', line.slice(line.indexOf(' ') + 1)] as const),
      );
      const read = readAlert(
        {
          source: 'a bell',
          verdict: 'phishing',
          severity: 'high',
          detectedAt: known.now,
          message: { internetMessageId: said.get('id'), sender: said.get('from'), subject: said.get('about') },
          recipients: said.has('to') ? [said.get('to')] : [],
        },
        known,
      );
      return 'alert' in read ? read : { why: 'invalid-alert', problems: read.problems };
    },
    answerBack: {
      received: ({ incident, created }) => text(created ? 201 : 200, `heard: ${incident}`),
      refused: (refused: Refused) => text(refused.why === 'too-many' ? 503 : 400, `not heard: ${refused.why}`),
    },
  },
  pull: null,
} as const satisfies SourceVendor;
