import { type Fresh, keepFresh } from '../../core/fresh.ts';
import { RISK_LIMIT } from '../../core/limit.ts';
import type { Limits } from '../../ports/limits.ts';
import type { Directory, DirectoryPerson, Expansion } from '../../ports/people.ts';
import type { RequestLog } from '../../ports/requests.ts';
import type { Observed } from '../microsoft/client.ts';
import { createGraphClient } from '../microsoft/client.ts';
import { isGuid, isMailAddress } from '../microsoft/ids.ts';
import { ownLimits } from '../microsoft/own-limits.ts';
import { awaitTurn } from '../microsoft/turn.ts';
import { createBatcher } from './batch.ts';
import { unavailable } from './directory-wire.ts';
import { expand } from './expand.ts';
import { ask, budgetOf, type Patience } from './patient.ts';
import { type Asking, byAddress, countUsers, isAtRisk, members, person } from './questions.ts';

export interface GraphDirectoryOptions {
  /** Origin of Microsoft Graph, such as https://graph.microsoft.com. http only on this machine. */
  readonly baseUrl: string;
  readonly token: (claims?: string) => Promise<string>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Fresh GUIDs, for `client-request-id`. */
  readonly ids: () => string;
  readonly sleep: (ms: number) => Promise<void>;
  /** Whether Identity Protection is asked about people at risk. */
  readonly identityProtection: boolean;
  readonly observe?: (event: Observed) => void;
  /** How long finding out who is behind one address may take. Default 20 s. */
  readonly patienceMs?: number;
  /** Per HTTP request. Default 5 s: a person waits for the answer. */
  readonly timeoutMs?: number;
  /** Where each request is written down before it leaves. */
  readonly requests?: RequestLog;
  /** Turns at Identity Protection, over all processes of the tenant. Left out: this process is alone. */
  readonly limits?: Limits;
}

const TIMEOUT_MS = 5_000;
/** Longer than this nobody is kept waiting by a throttled directory. */
const LONGEST_WAIT_MS = 2_000;
/** Somebody waits for the plan, but not for an answer to a press. */
const PATIENT_ROUNDS = 8;
const PATIENCE_MS = 20_000;
/** Identity Protection takes one request a second and throttles without saying for how long. */
const UNTOLD_WAIT_MS = 1_000;
/** Somebody who presses waits so long for those who are asked about before; five people fit in. */
const LONGEST_QUEUE_MS = 5_000;
/** Other processes, and other apps of the tenant, ask as well. */
const RISK_ROUNDS = 4;
const PERSON_FRESH_MS = 15_000;
const GROUP_FRESH_MS = 300_000;
const SIZE_FRESH_MS = 3_600_000;
const MOST_PEOPLE = 5_000;
/** One of them may hold as many ids as the tenant has people. */
const MOST_GROUPS = 200;

/** The directory of one tenant through Microsoft Graph. Everything but a clear answer throws 'unavailable'. */
export function createDirectory(options: GraphDirectoryOptions): Directory {
  const { clock, ids, observe = () => {}, identityProtection } = options;
  const client = createGraphClient({ ...options, timeoutMs: options.timeoutMs ?? TIMEOUT_MS });
  const batcher = createBatcher({ client, clock, ids, observe });
  const quick: Patience = {
    batcher,
    rounds: 2,
    lostTries: 1,
    untoldWaitMs: UNTOLD_WAIT_MS,
    sleep: (ms) =>
      ms > LONGEST_WAIT_MS ? Promise.reject(unavailable('Microsoft Graph asks to wait')) : options.sleep(ms),
  };
  const patient: Patience = { batcher, rounds: PATIENT_ROUNDS, sleep: options.sleep };
  const askingWith = (patience: Patience): Asking => ({
    origin: client.origin,
    get: (operation, path, shape, headers) => ask(patience, `directory ${path}`, operation, path, shape, headers),
  });
  const atOnce = askingWith(quick);
  // Each address its own: one that the directory is slow about is told as unclear, and the plan is made.
  const inTime = () => askingWith({ ...patient, budget: budgetOf(options.patienceMs ?? PATIENCE_MS, clock) });
  const turns = { clock, sleep: options.sleep, limits: options.limits ?? ownLimits(clock) };
  const riskTurn = async () => {
    if ((await awaitTurn(turns, RISK_LIMIT, LONGEST_QUEUE_MS)) !== null)
      throw unavailable('too many people are asked about at once');
  };
  // Asked once more it takes another turn, behind everybody of every process who waits by then.
  const restAndQueue = async (ms: number) => {
    await turns.limits.rest(RISK_LIMIT, ms);
    await riskTurn();
  };
  const aboutRisk = askingWith({ ...quick, rounds: RISK_ROUNDS, sleep: restAndQueue });
  const fresh = <T>(lifetimeMs: number, most: number, load: (key: string) => Promise<T>) =>
    keepFresh({ lifetimeMs, now: clock, most }, load);
  return directoryFrom(
    {
      people: fresh(PERSON_FRESH_MS, MOST_PEOPLE, (id) => person(atOnce, id)),
      addresses: fresh(PERSON_FRESH_MS, MOST_PEOPLE, (address) => byAddress(atOnce, address)),
      recipients: fresh(GROUP_FRESH_MS, MOST_GROUPS, (address) => expand(inTime(), address)),
      groups: fresh(GROUP_FRESH_MS, MOST_GROUPS, (id) => members(atOnce, id)),
      risks: fresh(PERSON_FRESH_MS, MOST_PEOPLE, async (id) => {
        await riskTurn();
        return isAtRisk(aboutRisk, id);
      }),
      size: fresh(SIZE_FRESH_MS, 1, () => countUsers(atOnce)),
    },
    identityProtection,
  );
}

interface Memories {
  readonly people: Fresh<DirectoryPerson | null>;
  readonly addresses: Fresh<readonly DirectoryPerson[]>;
  readonly recipients: Fresh<Expansion>;
  readonly groups: Fresh<ReadonlySet<string>>;
  readonly risks: Fresh<boolean>;
  readonly size: Fresh<number>;
}

function directoryFrom(memories: Memories, identityProtection: boolean): Directory {
  const { people, addresses, recipients, groups, risks, size } = memories;
  return {
    person: (id) => (isGuid(id) ? people(id.toLowerCase()) : Promise.resolve(null)),
    byAddress: (address) =>
      isMailAddress(address) ? addresses(address.toLowerCase()) : Promise.reject(unavailable('not a mail address')),
    expand: (address) =>
      isMailAddress(address)
        ? recipients(address.toLowerCase())
        : Promise.resolve({ kind: 'unclear', why: 'not a mail address' }),
    members: (id) => (isGuid(id) ? groups(id.toLowerCase()) : Promise.reject(unavailable('a group id is no GUID'))),
    async atRisk(id) {
      if (!identityProtection) return false;
      if (!isGuid(id)) throw unavailable('an object id is no GUID');
      return risks(id.toLowerCase());
    },
    size: () => size('all'),
    anew: () =>
      directoryFrom(
        {
          people: people.anew(),
          addresses: addresses.anew(),
          recipients: recipients.anew(),
          groups: groups.anew(),
          risks: risks.anew(),
          size: size.anew(),
        },
        identityProtection,
      ),
  };
}
