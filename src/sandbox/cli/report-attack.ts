import { operatorSocket } from '../../adapters/http/operator.ts';
import type { AutomationAnswer } from '../../cli/automation.ts';
import { askOperator } from '../../cli/operator.ts';
import { sendAlert } from '../../cli/submit.ts';
import { loadConfig } from '../../config/load.ts';
import { ClawbackError } from '../../core/error.ts';
import { Alert } from '../../core/find/alert.ts';
import type { Attack } from '../attacks.ts';

/** What a detector would know of the attack: the mail and its first recipients. Hunting has to find the others. */
export function alertOf(attack: Attack): Alert {
  return Alert.parse({
    id: attack.networkMessageId,
    source: 'Sandbox detector',
    verdict: attack.verdict,
    severity: attack.severity,
    confidence: attack.confidence,
    findings: attack.findings,
    detectedAt: new Date().toISOString(),
    message: {
      internetMessageId: attack.internetMessageId,
      networkMessageId: attack.networkMessageId,
      sender: attack.sender,
      senderName: attack.senderName,
      subject: attack.subject,
      receivedAt: attack.receivedAt,
      urls: attack.urls,
      attachments: attack.attachments,
    },
    recipients: attack.recipients.slice(0, 2),
  });
}

/** Asks at once what is asked once a day, as `clawback automation` does; answers the name of the list. */
export async function askForAutomation(data: string): Promise<string> {
  const path = `/automation?${new URLSearchParams({ tenant: SANDBOX_NAME })}`;
  const { asked } = await askOperator<AutomationAnswer>(operatorSocket(data), path, { method: 'POST' });
  if (asked.is === 'listed' && asked.list !== null) return asked.list;
  throw new ClawbackError('unavailable', 'the list of what Defender took out is not there yet');
}

/** As its configuration calls the only tenant. */
const SANDBOX_NAME = 'sandbox';

/** Sends the alert to the Clawback that `file` configures; answers the incident's id. */
export async function reportAttack(file: string, attack: Attack, alert: Alert = alertOf(attack)): Promise<string> {
  const { config, secrets } = loadConfig(file, {});
  const tenant = config.tenants[0];
  const held = tenant && secrets.tenants[tenant.id];
  // Its first named source: the detector.
  const secret = held?.sources[0]?.secrets[0] ?? held?.intake[0];
  const url = `http://${config.listen.host}:${config.listen.port}`;
  const answer = await sendAlert(url, secret ?? '', alert);
  if (answer.incident === null) throw new ClawbackError('unavailable', `the alert was refused: ${answer.says}`);
  return answer.incident;
}
