import type { TakenAlert } from '../find/alert.ts';
import type { Plan } from '../find/plan.ts';
import type { CardView } from './card.ts';

/**
 * Where to read on: the detector's own page of the alert, and Microsoft's pages about the mail. A link leads to hosts of the
 * configuration only, whatever an alert names; the chats show the label of ours and not the address.
 */
export function linksOf(
  alert: TakenAlert,
  plan: Pick<Plan, 'key' | 'copies'> | null,
  hosts: readonly string[],
): CardView['links'] {
  const own = allowed(alert.link ?? '', hosts);
  return [
    ...(own === null ? [] : [{ label: 'Source alert', url: own }]),
    ...defender(alert, plan, hosts),
    ...hosts
      .filter((host) => host.startsWith('admin.exchange.'))
      .slice(0, 1)
      .map(trace),
  ];
}

const LONGEST = 1_500;

/** In its one spelling; null for all that a browser should not be sent to. Braces mean something in a template. */
function allowed(link: string, hosts: readonly string[]): string | null {
  const url = link.length <= LONGEST ? URL.parse(link) : null;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.port !== '') return null;
  return hosts.includes(url.hostname) && url.href.length <= LONGEST && !/[{}]/.test(url.href) ? url.href : null;
}

/** The page of one message in the Defender portal, which is called by network message id and recipient. */
function defender(
  { message }: TakenAlert,
  plan: Pick<Plan, 'key' | 'copies'> | null,
  hosts: readonly string[],
): CardView['links'] {
  const host = hosts.find((one) => one.startsWith('security.microsoft.'));
  const id = plan?.key.networkMessageId ?? message.networkMessageId;
  const recipient = plan?.copies[0]?.address;
  if (!host || id === null || !recipient) return [];
  const about = `id=${encodeURIComponent(id)}&recipient=${encodeURIComponent(recipient)}`;
  const url = allowed(`https://${host}/emailentity?${about}`, hosts);
  return url === null ? [] : [{ label: 'Defender', url }];
}

/** Searched by hand there [learn.microsoft.com, Message trace in the new EAC]. */
const trace = (host: string) => ({ label: 'Message trace', url: `https://${host}/#/messagetrace` });
