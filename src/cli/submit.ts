import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { signedHeaders } from '../adapters/sources/clawback/signature.ts';
import { ClawbackError } from '../core/error.ts';
import { alertFromFile, check, summaryOf } from './own-alert.ts';
import { secretToSign } from './own-source.ts';
import { chosenTenant, configToAsk } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

/**
 * `clawback submit <file>`: a mail or an alert as it lies on disk is signed and sent to the running Clawback. With
 * `--check` nothing is sent, and no configuration is needed.
 */
export async function submit(shell: Shell, args: Arguments): Promise<number> {
  const file = args.words[0];
  if (file === undefined) {
    shell.err('say which mail: clawback submit <file.eml>');
    return 2;
  }
  if (args.as !== undefined && args.as !== 'mail' && args.as !== 'report') {
    shell.err(`--as ${args.as} is not known: a file is a mail or a report`);
    return 2;
  }
  const options = { verdict: args.verdict, to: args.to, as: args.as ?? 'mail', now: new Date().toISOString() } as const;
  const path = resolve(shell.folder, file);
  if (args.check) return check(shell, path, options, args.json);
  const loaded = configToAsk(shell, args);
  const { tenant, secrets } = chosenTenant(loaded, args.tenant);
  const { alert, body } = await alertFromFile(path, options);
  for (const line of summaryOf(alert)) shell.out(line);
  const { host, port } = loaded.config.listen;
  const answer = await sendAlert(
    `http://${host}:${port}`,
    secretToSign(tenant.name, secrets, args.about['source']),
    body,
  );
  if (answer.incident === null) {
    shell.err(`clawback: the alert was refused (${answer.status}): ${answer.says}`);
    return 1;
  }
  shell.out(
    `incident ${answer.incident} at tenant ${tenant.name}${answer.created ? '' : ' (this mail was reported before)'}`,
  );
  return 0;
}

const WITHIN_MS = 60_000;

export interface AlertAnswer {
  readonly status: number;
  readonly incident: string | null;
  readonly created: boolean;
  readonly says: string;
}

/** Posts one alert, signed after Standard Webhooks. */
export async function sendAlert(
  url: string,
  secret: string,
  alert: object,
  id: string = randomUUID(),
): Promise<AlertAnswer> {
  const body = JSON.stringify(alert);
  const response = await fetch(new URL('/intake/alerts', url), {
    method: 'POST',
    headers: signedHeaders(secret, id, new Date(), body),
    body,
    signal: AbortSignal.timeout(WITHIN_MS),
  }).catch((cause: unknown) => {
    const late = (cause as Error).name === 'TimeoutError';
    const words = late
      ? `the Clawback at ${url} did not answer within ${WITHIN_MS / 1_000} s: whether it has the alert is not known; sent again, it is the same mail to it`
      : `no Clawback answers at ${url}: is it running?`;
    throw new ClawbackError('unavailable', words, { cause });
  });
  // What stands in between answers with a page of its own, or with nothing.
  const answer = (await response.json().catch(() => ({}))) as { incident?: string; created?: boolean; detail?: string };
  return {
    status: response.status,
    incident: response.status === 202 ? (answer.incident ?? null) : null,
    created: answer.created ?? false,
    says: answer.detail ?? 'without a reason that Clawback would give; is something else at that address?',
  };
}
