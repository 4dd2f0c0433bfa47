import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { alertFromEml } from '../adapters/eml/alert.ts';
import { Address, type Alert } from '../core/alert.ts';
import { ClawbackError } from '../core/error.ts';
import { inert } from '../core/text.ts';
import { readMail } from './own-mail.ts';
import { secretToSign } from './own-source.ts';
import { chosenTenant, configToAsk } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

/** `clawback submit <file.eml>`: a real mail becomes an alert, signed and sent to the running Clawback. */
export async function submit(shell: Shell, args: Arguments): Promise<number> {
  const file = args.words[0];
  if (file === undefined) {
    shell.err('say which mail: clawback submit <file.eml>');
    return 2;
  }
  for (const address of args.to) {
    if (!Address.safeParse(address).success)
      throw new ClawbackError('invalid', `--to ${address} is not one plain mail address`, { field: 'to' });
  }
  const loaded = configToAsk(shell, args);
  const { tenant, secrets } = chosenTenant(loaded, args.tenant);
  const alert = await alertFromEml(readMail(resolve(shell.folder, file)), {
    verdict: args.verdict ?? 'suspicious',
    to: args.to,
    now: new Date().toISOString(),
  });
  shell.out(
    `mail from ${inert(alert.message.sender ?? 'an unreadable sender')}: ${inert(alert.message.subject ?? '(no subject)')}`,
  );
  for (const finding of alert.findings) shell.out(`  note: ${inert(finding)}`);
  const { host, port } = loaded.config.listen;
  const answer = await sendAlert(
    `http://${host}:${port}`,
    secretToSign(tenant.name, secrets, args.about['source']),
    alert,
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
  alert: Alert,
  id: string = randomUUID(),
): Promise<AlertAnswer> {
  const body = JSON.stringify(alert);
  const now = new Date();
  const response = await fetch(new URL('/intake/alerts', url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(id, now, body),
    },
    body,
  }).catch((cause: unknown) => {
    throw new ClawbackError('unavailable', `no Clawback answers at ${url}: is it running?`, { cause });
  });
  const answer = (await response.json()) as { incident?: string; created?: boolean; detail?: string };
  return {
    status: response.status,
    incident: response.status === 202 ? (answer.incident ?? null) : null,
    created: answer.created ?? false,
    says: answer.detail ?? '',
  };
}
