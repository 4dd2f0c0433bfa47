import { ClawbackError } from '../../core/error.ts';

/** Why a database server cannot be used, in words: where it is, and never how to sign in to it. */
export function serverTrouble(url: string, cause: unknown): ClawbackError {
  // Where something of ours was under way, the server's own reason says more.
  const own = cause instanceof ClawbackError ? cause : null;
  const reason = own === null ? cause : own.cause;
  if (own !== null && reason === undefined) return own;
  const where = whereOf(url);
  // What the driver says of an address that it cannot read holds the whole address.
  if (where === null)
    return new ClawbackError(
      'config',
      'DATABASE_URL is no address such as postgres://clawback:…@db.example.com/clawback; write @ in a password as %40, / as %2F',
      { field: 'DATABASE_URL' },
    );
  const code = codeOf(reason);
  const known = wordsOf(code, where);
  if (own !== null && known === undefined) return own;
  const words = known ?? `does not answer as expected (${code ?? 'no reason given'})`;
  return new ClawbackError('unavailable', `the database server named by DATABASE_URL (${where.server}) ${words}`, {
    cause: reason,
    field: 'DATABASE_URL',
  });
}

/** The same for what went wrong later on, where the server is to blame for it; everything else comes back as it is. */
export function serverTroubleIn(url: string, error: unknown): unknown {
  const reason = error instanceof ClawbackError ? error.cause : error;
  const where = whereOf(url);
  const isTheServers = reason instanceof Error && where !== null && wordsOf(codeOf(reason), where) !== undefined;
  return isTheServers ? serverTrouble(url, error) : error;
}

interface Where {
  readonly server: string;
  readonly user: string;
  readonly database: string;
}

function whereOf(url: string): Where | null {
  if (!URL.canParse(url)) return null;
  const { protocol, hostname, port, username, pathname } = new URL(url);
  if (!/^postgres(?:ql)?:$/.test(protocol)) return null;
  return {
    server: `${hostname || 'localhost'}:${port || '5432'}`,
    user: plain(username),
    database: plain(pathname.slice(1)),
  };
}

function plain(escaped: string): string {
  try {
    return decodeURIComponent(escaped) || 'not named';
  } catch {
    return escaped;
  }
}

/** Of several tries (one for each address of a name) the first counts. */
function codeOf(cause: unknown): string | undefined {
  const { code, errors, message } = (cause ?? {}) as { code?: unknown; errors?: unknown; message?: unknown };
  if (typeof code === 'string') return code;
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  const said = String(message);
  if (/does not support SSL/.test(said)) return 'NO_TLS';
  return /timeout|terminated/i.test(said) ? 'ETIMEDOUT' : undefined;
}

function wordsOf(code: string | undefined, { user, database }: Where): string | undefined {
  const certificate =
    'shows a certificate that is not trusted here: add its authority with sslrootcert= in DATABASE_URL';
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'is not there: nobody listens at that address. Start it, or correct DATABASE_URL',
    ENOTFOUND: 'is not known by that name: correct the host in DATABASE_URL, or look at the name service',
    EAI_AGAIN: 'is not known by that name yet: the name service does not answer',
    ETIMEDOUT: 'does not answer: look at the server, and at the firewall between',
    EHOSTUNREACH: 'cannot be reached: look at the network and the firewall',
    ENETUNREACH: 'cannot be reached: look at the network and the firewall',
    ECONNRESET: 'ends the connection: look at its log, and whether it wants TLS (?sslmode=require)',
    NO_TLS: 'offers no TLS, and DATABASE_URL asks for it: switch it on there, or take sslmode out',
    SELF_SIGNED_CERT_IN_CHAIN: certificate,
    DEPTH_ZERO_SELF_SIGNED_CERT: certificate,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificate,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificate,
    CERT_HAS_EXPIRED: 'shows a certificate that has ended: renew it there',
    '08P01':
      'refuses the connection, as a pooler does: its log says why. Take options= out of DATABASE_URL, and see that it knows the user and the database',
    '28P01': `refuses the password of user ${user}: correct it in DATABASE_URL`,
    '28000': `does not let user ${user} in from here: look at its pg_hba.conf, and whether it wants TLS (?sslmode=require)`,
    '3D000': `has no database ${database}: create it (create database …), or correct DATABASE_URL`,
    '42501': `does not let user ${user} make what Clawback needs: make it the owner of database ${database}`,
    '55P03': 'is busy: somebody holds what is asked for. Try again in a moment, or see there who it is (pg_locks)',
    '57014': 'gave the question up, because it took too long: try again, or see there what keeps it (pg_stat_activity)',
    '53100': 'has a full disk: make room there. Nothing was started',
    '53300': 'has no connection left: raise its max_connections, or end other programs there',
    '57P03': 'is just starting or stopping: try again in a moment',
    '25006': 'can only be read: it is a standby, or was set so. Name the one that is written to in DATABASE_URL',
    XX001: 'says that its files are damaged: restore it from a copy (README, “Backup and restore”)',
    XX002: 'says that an index is damaged: see REINDEX in its manual, or restore it from a copy',
  };
  return words[code ?? ''];
}
