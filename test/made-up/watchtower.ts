import { readAlert } from '../../src/core/find/alert-reader.ts';
import type { PulledItem, SourceVendor } from '../../src/ports/source.ts';

/** Made up: a watchtower that never calls. It is asked what it has sighted since, and counts its sightings. */

interface Sighting {
  readonly nr: number;
  readonly mail: object;
  readonly to: readonly string[];
}

export const watchtower = {
  secrets: { form: /^\S{10,}$/, looks: 'a key of 10 or more characters' },
  push: null,
  pull: {
    url: null,
    everyMs: 60_000,
    async ask({ url, secret, now }, cursor, until) {
      const address = `${url}/sightings?after=${cursor ?? '0'}`;
      const answer = await fetch(address, { headers: { authorization: `Key ${secret}` }, signal: until });
      if (!answer.ok) return { kind: 'failed', why: `it said ${answer.status}`, waitMs: null };
      const { sightings, more } = (await answer.json()) as { sightings: Sighting[]; more: boolean };
      const items = sightings.map((sighting) => itemOf(sighting, now));
      return { kind: 'page', items, cursor: String(sightings.at(-1)?.nr ?? cursor ?? 0), more };
    },
  },
} as const satisfies SourceVendor;

function itemOf({ nr, mail, to }: Sighting, now: string): PulledItem {
  const id = `sighting-${nr}`;
  const alert = { source: 'a watchtower', verdict: 'phishing', detectedAt: now, message: mail, recipients: to };
  const read = readAlert(alert, { now, id });
  const understood = 'alert' in read ? read : ({ why: 'invalid-alert', problems: read.problems } as const);
  return { id, body: JSON.stringify({ mail, to }), understood };
}
