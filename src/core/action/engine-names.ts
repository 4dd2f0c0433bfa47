/** How copies and places are named that Defender tells of, beside those that a mailbox tells of. */

/** As Defender names a mail: what was delivered, and to whom. */
export interface DefenderName {
  readonly networkMessageId: string;
  /** Mail address, as Defender has it. */
  readonly recipient: string;
}

/** As much of a copy as shows by whom it is known. */
export interface KnownCopy {
  readonly message: string;
  readonly address: string;
  readonly refs?: Readonly<Record<string, string>>;
}

const BY_DEFENDER = 'defender:';

/** The id of a copy that nobody but Defender has told of: there is no id of a mailbox. */
export function idByDefender(networkMessageId: string): string {
  return `${BY_DEFENDER}${networkMessageId.toLowerCase()}`;
}

export function isByDefenderAlone({ message }: Pick<KnownCopy, 'message'>): boolean {
  return message.startsWith(BY_DEFENDER);
}

/** The same form for where such a copy is: a place, and no folder. */
export function placeByDefender(location: string): string {
  return `${BY_DEFENDER}${location}`;
}

/** Where Defender told it to be, in Defender's own word; null for a folder that a mailbox told of. */
export function locationIn(folderId: string): string | null {
  return folderId.startsWith(BY_DEFENDER) ? folderId.slice(BY_DEFENDER.length) : null;
}

/** What Defender calls a copy that a mailbox told of. The recipient only where it is not the copy's own address. */
export function refsOf({ networkMessageId, recipient }: DefenderName, address: string): Record<string, string> {
  const isOwn = recipient.toLowerCase() === address.toLowerCase();
  return { networkMessageId: networkMessageId.toLowerCase(), ...(isOwn ? {} : { recipient }) };
}

/** Null where Defender was not asked about it, or does not know it. */
export function defenderNameOf(copy: KnownCopy): DefenderName | null {
  const own = isByDefenderAlone(copy) ? copy.message.slice(BY_DEFENDER.length) : copy.refs?.['networkMessageId'];
  return own === undefined ? null : { networkMessageId: own, recipient: copy.refs?.['recipient'] ?? copy.address };
}
