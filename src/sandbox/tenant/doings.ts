import { createTraces, type Traces } from './traces.ts';
import type { EmailEvent, TenantUser, UrlClick } from './types.ts';

/** What people do with mail that only hunting tells of: answers that leave the house, and links that were pressed. */
export interface Doings extends Traces {
  /** Mail of somebody here to somebody outside, as hunting tells of it. */
  userSends(
    user: string,
    order: { readonly to: readonly string[]; readonly subject: string; readonly internetMessageId: string },
  ): void;
  /** Presses a link of a mail. `blocked`: Safe Links did not let them through. */
  userClicks(
    user: string,
    click: {
      readonly networkMessageId: string;
      readonly url: string;
      readonly blocked?: boolean;
      /** Past a warning. */
      readonly through?: boolean;
      readonly at?: number;
    },
  ): void;
  /** Oldest first. */
  urlClicks(): readonly UrlClick[];
}

export function createDoings(
  need: (user: string) => TenantUser,
  events: EmailEvent[],
  clock: () => number,
  guid: () => string,
): Doings {
  const clicks: UrlClick[] = [];
  const addressOf = ({ mail, userPrincipalName }: TenantUser) => mail ?? userPrincipalName;
  return {
    ...createTraces(need, clock),
    userSends(key, { to, subject, internetMessageId }) {
      const user = need(key);
      const sender = { name: user.displayName, address: addressOf(user) };
      const sent = { at: clock(), networkMessageId: guid(), internetMessageId, messageId: '', sender, subject };
      for (const recipient of to) events.push({ ...sent, recipient, recipientId: '', folder: '' });
    },
    userClicks(key, { networkMessageId, url, blocked = false, through = false, at = clock() }) {
      // By the name of the account, whatever its mail address is.
      const account = need(key).userPrincipalName.toLowerCase();
      clicks.push({ at, networkMessageId: networkMessageId.toLowerCase(), account, url, blocked, through });
    },
    urlClicks: () => clicks,
  };
}
