import { setTimeout as delay } from 'node:timers/promises';
import { sendAlert } from '../../src/cli/submit.ts';
import { loadConfig } from '../../src/config/load.ts';
import { Alert } from '../../src/core/find/alert.ts';
import type { Extra } from './extras.ts';
import type { Options } from './options.ts';
import { openProduct, openStandIn, type Place, planned, type Releases, recordAfter, say } from './place.ts';

/** A flood of alerts, each about a mail of its own in one mailbox, at a pace that does not wait for answers. */

/** The tenant of the flood: mails are dealt out to these in turn. */
const MAILBOXES = 200;
const PRESS_EVERY_MS = 1_000;

interface Answer {
  readonly id: string;
  readonly status: number;
  /** From the moment at which it was to be sent. */
  readonly ms: number;
}

export async function measureAlerts(options: Options, releases: Releases): Promise<Extra> {
  const { alertsPerSecond, forSeconds } = options.extras;
  const standIn = await openStandIn(MAILBOXES, options.serviceMs, releases);
  const addresses = await standIn.ask('flood', alertsPerSecond * forSeconds);
  await standIn.ask('land', { name: 'standing', copies: 3 });
  const { place } = await openProduct(options, standIn, releases);
  const { incident } = await planned(place, 'standing');
  say(`${alertsPerSecond} alerts a second for ${forSeconds} s`);
  const ended = new AbortController();
  const pressing = pressed(place, incident, ended.signal);
  const answers = await flooded(place, addresses, alertsPerSecond, forSeconds);
  ended.abort();
  const presses = await pressing;
  const taken = answers.filter(({ status }) => status === 202);
  const known = await deliveriesIn(place);
  const lost = taken.filter(({ id }) => !known.has(id)).length;
  const refused = answers.length - taken.length;
  const { stallMs, peakMb } = await place.product.ask('usage');
  return {
    figures: {
      alertsPerSecond,
      alertsSeconds: forSeconds,
      alertsSent: answers.length,
      alertsTaken: taken.length,
      alertsLost: lost,
      alertP50Ms: percentile(
        answers.map(({ ms }) => ms),
        0.5,
      ),
      alertP99Ms: percentile(
        answers.map(({ ms }) => ms),
        0.99,
      ),
      alertPresses: presses.length,
      alertPressP99Ms: percentile(presses, 0.99),
      alertStallMs: Math.round(stallMs),
      alertPeakMb: Math.round(peakMb),
    },
    doubts: [
      ...(refused > 0 ? [`${refused} of ${answers.length} alerts were not taken`] : []),
      ...(lost > 0 ? [`${lost} alerts were taken and are not in the record`] : []),
    ],
  };
}

async function flooded(place: Place, addresses: readonly string[], rate: number, seconds: number): Promise<Answer[]> {
  const { config, secrets } = loadConfig(place.configFile, {});
  const [tenant] = config.tenants;
  const secret = (tenant && secrets.tenants[tenant.id]?.sources[0]?.secrets[0]) ?? '';
  const url = `http://127.0.0.1:${config.listen.port}`;
  const run = performance.timeOrigin.toFixed(0);
  await place.product.ask('watch');
  const begun = performance.now();
  const answers: Promise<Answer>[] = [];
  for (let n = 0; n < rate * seconds; n += 1) {
    const due = begun + (1_000 * n) / rate;
    if (due > performance.now()) await delay(due - performance.now());
    const id = `flood-${run}-${n}`;
    answers.push(
      sendAlert(url, secret, alertOf(n, addresses[n % addresses.length] ?? ''), id).then(
        ({ status }) => ({ id, status, ms: performance.now() - due }),
        () => ({ id, status: 0, ms: performance.now() - due }),
      ),
    );
  }
  return Promise.all(answers);
}

function alertOf(n: number, recipient: string): Alert {
  return Alert.parse({
    id: `flood-${n}`,
    source: 'a flood',
    verdict: 'phishing',
    severity: 'high',
    detectedAt: new Date().toISOString(),
    message: {
      internetMessageId: `<flood-${n}@mailer.example>`,
      sender: 'billing@fabrikam-invoices.example',
      subject: 'Overdue',
    },
    recipients: [recipient],
  });
}

/** How long each press took to be answered: one a second, on the card of an incident that has nothing to do with it. */
async function pressed({ standIn }: Place, incident: string, ended: AbortSignal): Promise<readonly number[]> {
  const times: number[] = [];
  while (!ended.aborted) {
    const { at, answered } = await standIn.ask('pressInTeams', { who: 'lena', incident, verb: 'details' });
    times.push(answered - at);
    await delay(Math.max(0, PRESS_EVERY_MS - (answered - at)));
  }
  return times;
}

/** Deliveries that the record tells of. */
async function deliveriesIn(place: Place): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (let after = 0; ; ) {
    const { last, entries } = await recordAfter(place, after);
    for (const entry of entries)
      if (entry.type === 'alert.received' || entry.type === 'alert.repeated') known.add(entry.detail.delivery);
    if (last === after) return known;
    after = last;
  }
}

/** The value that so many of them (0 to 1) do not exceed; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0);
}
