import type { SeenCopy } from '../../core/action/copy.ts';
import { isByDefenderAlone, locationIn } from '../../core/action/engine-names.ts';
import type { Ability } from '../../ports/ability.ts';
import type { Effects } from '../../ports/effects.ts';
import type { Lookup, Reader, Reading, ToRead, Unread, Wanted } from '../../ports/reader.ts';
import { createGraphClient, type GraphClientOptions, type Observed } from '../microsoft/client.ts';
import { type Cloud, cloudOf } from '../microsoft/clouds.ts';
import { isGuid, isMailAddress } from '../microsoft/ids.ts';
import {
  type AnalyzedRow,
  analyzedPath,
  isAbout,
  isInMailbox,
  locationOf,
  placeName,
  AnalyzedRow as Row,
  seenIn,
} from './analyzed.ts';
import { type Answer, type AskingTools, askAll, type Rows } from './asking.ts';
import { type LocateTools, locateAll } from './locate.ts';
import { GOALS, remediations } from './remediate.ts';
import { createUnderWay, type UnderWay } from './under-way.ts';

/** Mail as Microsoft Defender for Office 365 knows it, and what it does with it: no mailbox is ever asked. */

export interface DefenderOptions extends GraphClientOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly observe?: (event: Observed) => void;
  /** Whose mailbox is behind an address; null: nobody's. Throws where that cannot be told now. */
  readonly ownerOf: LocateTools['ownerOf'];
  /** For how long an order that is not seen done counts as under way. */
  readonly patienceMs: number;
}

const NOT_HERE: Ability = { no: 'Microsoft offers this way of Defender only in its public cloud' };
/** learn.microsoft.com/graph/api/security-analyzedemail-remediate, and of the list: the global service alone. */
const OFFERED: Readonly<Record<Cloud, Ability>> = {
  global: 'yes',
  usGov: NOT_HERE,
  usGovHigh: NOT_HERE,
  china: NOT_HERE,
  another: 'yes',
};

export interface DefenderMail {
  readonly reader: Reader;
  readonly effects: Effects;
  /** What mailboxes tell of copies that were ordered: what is where it was to be is under way no more. */
  heard(readings: readonly Reading[]): void;
}

/** Throws ClawbackError 'config' for a base URL that is no https origin; after that nothing that Defender says makes it throw. */
export function createDefenderMail(options: DefenderOptions): DefenderMail {
  const { clock, ids, sleep, ownerOf, observe = () => {} } = options;
  const client = createGraphClient(options);
  const offered = OFFERED[cloudOf(options.baseUrl)];
  const underWay = createUnderWay(clock, options.patienceMs);
  const tools = { client, clock, ids, observe };
  return {
    reader: {
      can: { locate: offered, read: offered },
      locate: (addresses, wanted: Wanted): Promise<readonly Lookup[]> =>
        locateAll({ ...tools, sleep, ownerOf }, addresses, wanted),
      folderNames: async (places) =>
        places.map(({ folderId }) => {
          const location = locationIn(folderId);
          return location === null ? null : placeName(location);
        }),
      read: (targets) => readAll(tools, underWay, targets),
    },
    effects: remediations({ ...tools, underWay, offered }),
    heard(readings) {
      for (const reading of readings) {
        const place = placeIn(reading);
        if (place !== null) underWay.seenInMailbox(reading.target, place);
      }
    },
  };
}

/** In Defender's word; null where the mailbox did not tell. */
function placeIn(reading: Reading): string | null {
  if (reading.status === 'absent') return GOALS.softDelete;
  if (reading.status !== 'ok') return null;
  if (reading.state.inRecoverableItems) return GOALS.softDelete;
  return reading.state.junk === 'inside' ? GOALS.moveToJunk : GOALS.moveToInbox;
}

async function readAll(
  tools: AskingTools,
  underWay: UnderWay,
  targets: readonly ToRead[],
): Promise<readonly Reading[]> {
  const names = targets.map(nameOf);
  const asked = names.flatMap((name) => name ?? []);
  const answers = await askAll(
    tools,
    asked.map((name) => analyzedPath(name, tools.clock())),
    Row,
  );
  const next = answers.values();
  return targets.map((target, n) => {
    const name = names[n];
    const answer = name ? next.next().value : undefined;
    const given = { mailbox: target.mailbox, message: target.message };
    if (!name || !answer)
      return { target: given, requestId: '', status: 'failed', detail: 'Defender has no name for it' };
    const reading = readingOf(answer, (row) => isAbout(row, name));
    // Out of its place, or in the Inbox again: whatever was ordered about it is over.
    if (reading.status === 'ok') underWay.seen(name, locationIn(reading.state.folderId) ?? '');
    return { target: given, requestId: answer.requestId, ...reading };
  });
}

function nameOf(target: ToRead) {
  const { message, address = '' } = target;
  if (!isByDefenderAlone(target)) return null;
  const networkMessageId = message.slice(message.indexOf(':') + 1);
  return isGuid(networkMessageId) && isMailAddress(address) ? { networkMessageId, recipient: address } : null;
}

type Read = { readonly status: 'ok'; readonly state: SeenCopy; readonly beside: readonly [] } | Unread;

function readingOf(answer: Answer<Rows<AnalyzedRow>>, isIt: (row: AnalyzedRow) => boolean): Read {
  if (answer.is === 'busy') return { status: 'throttled', waitMs: answer.waitMs };
  if (answer.is === 'not') return { status: answer.why, detail: answer.detail };
  const rows = answer.value.value.filter(isIt);
  const [row] = rows;
  // What it does not know is not gone: it forgets after 30 days, and shows new mail late.
  if (!row) return { status: 'failed', detail: 'Defender does not know this mail, or not any more' };
  const location = locationOf(row);
  if (rows.some((one) => locationOf(one) !== location))
    return { status: 'failed', detail: 'Defender tells of it twice, and differently' };
  if (location === 'onprem_external') return { status: 'unreachable', detail: 'not in a mailbox of the cloud' };
  if (!isInMailbox(location) && location !== 'quarantine')
    return { status: 'failed', detail: 'Defender does not tell where it is' };
  return { status: 'ok', state: seenIn(row), beside: [] };
}
