import { folderProblem, type Privacy, secretProblem } from '../adapters/files/privacy.ts';
import { FORGETFUL, KEEP } from '../adapters/store/pooler.ts';
import type { StoreFacts } from '../adapters/store/probe.ts';
import type { SourceSecrets } from '../config/sources.ts';
import type { Policy } from '../core/ask/policy.ts';
import { APPROVER } from '../core/ask/seat.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

export interface HostFacts {
  /** `problem` null: it can be written, or made. */
  readonly folder: {
    readonly problem: string | null;
    readonly path: string;
    readonly exists: boolean;
    /** The first thing in it that others can read; null when there is none. */
    readonly open: { readonly path: string; readonly privacy: Privacy } | null;
  };
  /** Null when the file system does not say. */
  readonly freeBytes: number | null;
  readonly store: StoreFacts;
  /** Whether a running Clawback answers on its operator socket. */
  readonly operator: boolean;
  readonly endpoint: { readonly url: string; readonly status: number | null; readonly healthy: boolean };
}

const MIB = 1_048_576;
/** A purge of 10,000 copies writes some tens of megabytes; PostgreSQL's own files begin at 40. */
const LEAST_BYTES = 200 * MIB;
const SCARCE_BYTES = 1_024 * MIB;

export function judgeHost(facts: HostFacts): Finding[] {
  return [judgeFolder(facts), judgeDisk(facts), judgeStore(facts), judgeEndpoint(facts)];
}

/** The worst of them. What the next start corrects by itself is worth a word; what keeps it from starting is a failure. */
export function judgeSecretFiles(
  files: readonly { readonly file: string; readonly privacy: Privacy | null }[],
): Finding {
  const check = 'secrets';
  const there = files.flatMap(({ file, privacy }) => (privacy ? [{ file, privacy }] : []));
  const worst = (['foreign', 'fixed', 'open', 'mounted'] as const)
    .map((kind) => there.find(({ privacy }) => privacy.is === kind))
    .find((one) => one !== undefined);
  if (worst?.privacy.is === 'open')
    return warn(
      check,
      `${worst.file} can be read by others: the next start takes that away`,
      `chmod 600 ${worst.file}`,
    );
  if (worst) {
    const { found, mend } = secretProblem(worst.file, worst.privacy);
    return worst.privacy.is === 'mounted' ? warn(check, found, mend) : fail(check, found, mend);
  }
  return there.length === 0
    ? ok(check, 'all there, from the environment')
    : ok(check, `all there; ${there.map(({ file }) => file).join(', ')} can be read by the owner only`);
}

function judgeFolder({ folder }: HostFacts): Finding {
  const check = 'data folder';
  if (folder.problem !== null)
    return fail(
      check,
      `${folder.path} cannot be written: ${folder.problem}`,
      'give the folder to the user that Clawback runs as, or set data: to another',
    );
  if (folder.open?.privacy.is === 'open')
    return warn(
      check,
      `${folder.open.path} can be read by others: the next start takes that away`,
      `chmod -R go= ${folder.path}`,
    );
  if (folder.open) {
    const { found, mend } = folderProblem(folder.path, folder.open.path, folder.open.privacy);
    return fail(check, found, mend);
  }
  return ok(check, folder.exists ? `${folder.path} can be written` : `${folder.path} will be made at the first start`);
}

function judgeDisk({ freeBytes, folder }: HostFacts): Finding {
  const check = 'disk space';
  if (freeBytes === null) return ok(check, 'unknown');
  const words = `${Math.floor(freeBytes / MIB)} MiB free at ${folder.path}`;
  if (freeBytes < LEAST_BYTES)
    return fail(check, words, 'make room: without it nothing can be recorded, so nothing is purged');
  return freeBytes < SCARCE_BYTES ? warn(check, words, 'make room before the next wave') : ok(check, words);
}

function judgeStore({ store, operator }: HostFacts): Finding {
  const check = 'database';
  const { kind, state, pending, unknown } = store;
  if (state === 'busy') {
    return operator
      ? ok(check, 'embedded, in use by the running Clawback, which answers on its operator socket')
      : warn(
          check,
          'embedded, in use by a process that does not answer on the operator socket',
          'another command may be using it; else stop that Clawback and start it again',
        );
  }
  if (state === 'fresh') return ok(check, 'embedded, will be made at the first start');
  if (state === 'dead') {
    return kind === 'server'
      ? fail(
          check,
          'the server named by DATABASE_URL does not answer or refuses the sign-in',
          'look at DATABASE_URL, the server, and the firewall',
        )
      : fail(
          check,
          'the embedded database cannot be opened',
          'look at the rights and the disk; restore the data folder from a copy if it is damaged',
        );
  }
  if (!store.keepsWhatIsSet) return fail(check, FORGETFUL, KEEP);
  if (unknown.length > 0)
    return fail(
      check,
      `made by a newer Clawback: ${unknown.join(', ')}`,
      'run that version, or restore the database from before',
    );
  return ok(
    check,
    pending.length === 0 ? `${kind}, schema up to date` : `${kind}, the next start makes ${pending.join(', ')}`,
  );
}

function judgeEndpoint({ endpoint }: HostFacts): Finding {
  const check = 'endpoint';
  if (endpoint.status === null) return ok(check, `Clawback is not running: nobody listens at ${endpoint.url}`);
  return endpoint.healthy
    ? ok(check, `Clawback answers at ${endpoint.url}`)
    : fail(
        check,
        `something else answers at ${endpoint.url} (${endpoint.status})`,
        'stop it, or set listen.port to another',
      );
}

const SKEW_WARN_MS = 60_000;
/** Slack and the webhook signatures allow 5 minutes, Entra's assertions too. */
const SKEW_FAIL_MS = 300_000;

/** `skews`: what the clock here is ahead of each service, milliseconds. */
export function judgeClock(skews: ReadonlyMap<string, number>): Finding {
  const check = 'clock';
  const worst = [...skews].sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))[0];
  if (!worst) return ok(check, 'no service told the time');
  const [service, ms] = worst;
  const gap =
    Math.abs(ms) < 120_000 ? `${Math.round(Math.abs(ms) / 1_000)} s` : `${Math.round(Math.abs(ms) / 60_000)} min`;
  const words = `this machine is ${gap} ${ms < 0 ? 'behind' : 'ahead of'} ${service}`;
  const mend = 'set the clock (NTP): signed requests of other times are refused';
  if (Math.abs(ms) >= SKEW_FAIL_MS) return fail(check, words, mend);
  return Math.abs(ms) >= SKEW_WARN_MS ? warn(check, words, mend) : ok(check, words);
}

/** Standard Webhooks asks for 24 to 64 random bytes. */
const LEAST_SECRET_BYTES = 24;

/** One line for each source of alerts. */
export function judgeSources(held: readonly Pick<SourceSecrets, 'source' | 'secrets'>[]): Finding[] {
  return held.map(({ source, secrets }) => {
    const check = source.name === 'intake' ? 'intake secret' : `source ${source.name}`;
    const { actFirst, recipients, ids, reporters } = source.claims;
    const strength = judgeSecrets(check, secrets);
    return strength.state === 'ok' && actFirst && !(recipients || ids || reporters)
      ? warn(
          check,
          'may act first, and nothing that it says is a fact: a containment would rest on its word alone',
          'list under claims.facts what it knows for certain (ids, recipients), or take actFirst away',
        )
      : strength;
  });
}

function judgeSecrets(check: string, secrets: readonly string[]): Finding {
  if (secrets.length === 0) return ok(check, 'none: it is asked as the mail executor');
  // Those of other vendors are made by them.
  const weak = secrets.filter((secret) => {
    if (!secret.startsWith('whsec_')) return false;
    const bytes = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return bytes.length < LEAST_SECRET_BYTES || new Set(bytes).size < LEAST_SECRET_BYTES / 3;
  });
  if (weak.length > 0)
    return warn(
      check,
      `${weak.length} of ${secrets.length} can be guessed: short, or of few different bytes`,
      'echo "whsec_$(openssl rand -base64 32)"',
    );
  return ok(
    check,
    secrets.length === 1 ? 'strong' : `${secrets.length}, all strong; take the old ones out after a change`,
  );
}

/** `able`: approvers who can press a button somewhere, as far as could be seen. */
export function judgeQuorum(policy: Policy, able: readonly string[]): Finding {
  const check = 'quorum';
  const needs = policy.rules.flatMap(({ name, approve }) =>
    (approve ?? []).filter(({ role }) => role === APPROVER).map((seat) => [`\u201c${name}\u201d`, seat.count] as const),
  );
  const short = needs.filter(([, needed]) => needed > able.length);
  if (short.length > 0) {
    const words = short.map(([action, needed]) => `${action} needs ${needed}`).join(', ');
    return fail(
      check,
      `only ${able.length} approvers can press a button (${words})`,
      'mend what is said about approvers above, or list more of them',
    );
  }
  const tight = needs.filter(([, needed]) => needed === able.length);
  return tight.length > 0
    ? warn(
        check,
        `all ${able.length} approvers are needed for ${tight.map(([rule]) => rule).join(' and ')}: one who received the mail blocks it`,
        'list at least one more approver',
      )
    : ok(check, `${able.length} people can approve`);
}

export function judgeCacheKey(cacheKey: string | null): Finding {
  const check = 'token cache';
  if (cacheKey === null) return ok(check, 'in memory only: CLAWBACK_CACHE_KEY is not set');
  return cacheKey.length < 32
    ? warn(check, 'CLAWBACK_CACHE_KEY is short', 'openssl rand -hex 32')
    : ok(check, 'encrypted');
}
