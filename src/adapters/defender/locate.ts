import { ClawbackError } from '../../core/error.ts';
import type { Lookup, Wanted } from '../../ports/reader.ts';
import { isGuid, isMailAddress } from '../microsoft/ids.ts';
import { AnalyzedRow, analyzedPath, foundIn, isAbout, isInMailbox, locationOf } from './analyzed.ts';
import { type Answer, type AskingTools, askAll, type Rows } from './asking.ts';
import { GOALS } from './remediate.ts';

/** Which of these addresses Defender knows the mail to have reached, and where it was put there. */

export interface LocateTools extends AskingTools {
  readonly sleep: (ms: number) => Promise<void>;
  /** Whose mailbox is behind an address; null: nobody's. Throws ClawbackError 'unavailable' where that cannot be told now. */
  readonly ownerOf: (address: string) => Promise<string | null>;
}

/** For more addresses than this a mail is asked for as a whole, page by page. */
const FEW = 40;
/** Of one mail: a hundred thousand deliveries and more. */
const MOST_PAGES = 250;
const MOST_IDS = 20;
/** How often, and how long, it is waited for where it asks for that: somebody waits for the plan. */
const ROUNDS = 4;
const LONGEST_WAIT_MS = 10_000;

export async function locateAll(
  tools: LocateTools,
  addresses: readonly string[],
  wanted: Wanted,
): Promise<readonly Lookup[]> {
  const ids = [...new Set((wanted.networkMessageIds ?? []).map((id) => id.toLowerCase()))].filter(isGuid);
  const why = ids.length === 0 ? NO_ID : ids.length > MOST_IDS ? 'too many network message ids to search by' : null;
  if (why !== null) return addresses.map((address) => ({ ...none(address), result: 'failed', detail: why }));
  const usable = addresses.filter(isMailAddress);
  const told = usable.length > FEW ? await wholeMails(tools, ids) : await oneByOne(tools, usable, ids);
  return Promise.all(addresses.map((address) => lookup(tools, address, told, wanted)));
}

const NO_ID = 'Defender cannot be asked: no network message id is known';
const none = (address: string) => ({ address, mailbox: null, messages: [], requestId: '' });

interface Told {
  rowsOf(address: string): readonly AnalyzedRow[];
  /** Why nothing is known of it; null where it is. */
  problemOf(address: string): { readonly result: 'denied' | 'failed'; readonly detail: string } | null;
  requestIdOf(address: string): string;
}

async function oneByOne(tools: LocateTools, addresses: readonly string[], ids: readonly string[]): Promise<Told> {
  const asked = addresses.flatMap((address) => ids.map((id) => ({ networkMessageId: id, recipient: address })));
  const answers = await patiently(
    tools,
    asked.map((name) => analyzedPath(name, tools.clock())),
  );
  // A page may be empty and not the last.
  const told = await Promise.all(
    asked.map(async (name, n) => {
      const first = answers[n];
      const more = first?.is === 'ok' && first.value.next !== null ? await pagesOf(tools, first.value.next) : [];
      return { name, pages: [first, ...more] };
    }),
  );
  const byAddress = Map.groupBy(told, ({ name }) => name.recipient.toLowerCase());
  const of = (address: string) => byAddress.get(address.toLowerCase()) ?? [];
  return {
    rowsOf: (address) =>
      of(address).flatMap(({ name, pages }) =>
        pages.flatMap((page) => (page?.is === 'ok' ? page.value.value.filter((row) => isAbout(row, name)) : [])),
      ),
    problemOf: (address) => problemIn(of(address).flatMap(({ pages }) => pages)),
    requestIdOf: (address) => of(address)[0]?.pages[0]?.requestId ?? '',
  };
}

async function wholeMails(tools: LocateTools, ids: readonly string[]): Promise<Told> {
  const answers: Answer<Rows<AnalyzedRow>>[] = [];
  const rows: AnalyzedRow[] = [];
  for (const networkMessageId of ids) {
    const pages = await pagesOf(tools, analyzedPath({ networkMessageId }, tools.clock()));
    answers.push(...pages);
    const told = pages.flatMap((page) => (page.is === 'ok' ? page.value.value : []));
    rows.push(...told.filter((row) => isAbout(row, { networkMessageId })));
  }
  const byAddress = Map.groupBy(rows, (row) => row.recipientEmailAddress.toLowerCase());
  const problem = problemIn(answers);
  return {
    rowsOf: (address) => byAddress.get(address.toLowerCase()) ?? [],
    // What was told is told; of whoever is not in it nothing can be said.
    problemOf: (address) => (byAddress.has(address.toLowerCase()) ? null : problem),
    requestIdOf: () => answers.at(-1)?.requestId ?? '',
  };
}

async function pagesOf(tools: LocateTools, first: string): Promise<readonly Answer<Rows<AnalyzedRow>>[]> {
  const pages: Answer<Rows<AnalyzedRow>>[] = [];
  let path: string | null = first;
  while (path !== null) {
    if (pages.length >= MOST_PAGES) return [...pages, TOO_MANY];
    const asked: readonly Answer<Rows<AnalyzedRow>>[] = await patiently(tools, [path]);
    const page = asked[0] ?? TOO_MANY;
    pages.push(page);
    path = page.is === 'ok' ? page.value.next : null;
  }
  return pages;
}

const TOO_MANY: Answer<never> = { is: 'not', why: 'failed', detail: 'too many deliveries of this mail', requestId: '' };

function problemIn(answers: readonly (Answer<unknown> | undefined)[]): ReturnType<Told['problemOf']> {
  for (const answer of answers) {
    if (answer?.is === 'not') return { result: answer.why, detail: answer.detail };
    if (answer?.is !== 'ok') return { result: 'failed', detail: 'Defender kept asking to wait' };
  }
  return null;
}

/** Reads may be asked again. */
async function patiently(tools: LocateTools, paths: readonly string[]): Promise<readonly Answer<Rows<AnalyzedRow>>[]> {
  const answers = [...(await askAll(tools, paths, AnalyzedRow))];
  for (let round = 1; round < ROUNDS; round += 1) {
    const busy = answers.flatMap((answer, at) => (answer.is === 'busy' ? [{ at, waitMs: answer.waitMs }] : []));
    const waitMs = Math.max(0, ...busy.map((one) => one.waitMs));
    if (busy.length === 0 || waitMs > LONGEST_WAIT_MS) break;
    await tools.sleep(waitMs);
    const again = await askAll(
      tools,
      busy.map(({ at }) => paths[at] ?? ''),
      AnalyzedRow,
    );
    for (const [n, { at }] of busy.entries()) answers[at] = again[n] ?? answers[at] ?? TOO_MANY;
  }
  return answers;
}

async function lookup(tools: LocateTools, address: string, told: Told, { owners, where }: Wanted): Promise<Lookup> {
  if (!isMailAddress(address)) return { ...none(address), result: 'failed', detail: 'not a mail address' };
  const requestId = told.requestIdOf(address);
  const problem = told.problemOf(address);
  if (problem) return { ...none(address), ...problem, requestId };
  const id = owners?.get(address.toLowerCase()) ?? (await ownerOf(tools, address));
  if (id === 'unclear') return { ...none(address), result: 'failed', detail: 'whose it is cannot be told', requestId };
  if (id === null) return { ...none(address), result: 'missing', detail: 'nobody has this address', requestId };
  const rows = told.rowsOf(address);
  const fits = (location: string) => (where === 'bin' ? location === GOALS.softDelete : isInMailbox(location));
  const here = rows.filter((row) => fits(locationOf(row)));
  const mailbox = { id: id.toLowerCase(), address };
  if (here.length > 0) return { address, mailbox, result: 'found', messages: here.map(foundIn), requestId, detail: '' };
  const isOutside = rows.some((row) => locationOf(row) === 'onprem_external');
  const result = isOutside ? 'unreachable' : 'nothing';
  const places = [...new Set(rows.map(locationOf))].join(', ');
  return {
    address,
    mailbox,
    result,
    messages: [],
    requestId,
    detail: places === '' ? '' : `Defender tells: ${places}`,
  };
}

async function ownerOf({ ownerOf: find }: LocateTools, address: string): Promise<string | null | 'unclear'> {
  try {
    return await find(address);
  } catch (error) {
    if (error instanceof ClawbackError && error.code === 'unavailable') return 'unclear';
    throw error;
  }
}
