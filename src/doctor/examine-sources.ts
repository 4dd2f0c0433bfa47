import { vendorOf } from '../adapters/sources/vendors.ts';
import type { SourceSecrets } from '../config/sources.ts';
import type { GraphReading, MimeReading } from '../ports/source.ts';
import { type Finding, fail, ok, skip, warn } from './finding.ts';

/** Sources of other vendors are asked once, as they are asked later: what they answer is thrown away. */

const WITHIN_MS = 60_000;

interface At {
  readonly now: () => number;
  readonly graph: GraphReading | null;
  readonly mime?: MimeReading | null;
  /** Permissions in the token of the mail executor. */
  readonly roles?: readonly string[];
}

export async function examineSources(held: readonly SourceSecrets[], at: At): Promise<Finding[]> {
  const findings = await Promise.all(held.map((one) => examineSource(one, at)));
  const { roles = [] } = at;
  return [
    ...findings.flatMap((finding) => finding ?? []),
    ...held.flatMap((one) => reachFinding(one, roles)),
    ...held.flatMap(reporterFinding),
    ...held.flatMap(toldFinding),
    ...held.flatMap(reporterTold),
  ];
}

/** What Exchange gives is not in the token: whether its scope is this mailbox alone, only Exchange shows. */
function reachFinding({ source, mailbox }: SourceSecrets, roles: readonly string[]): Finding[] {
  if (!mailbox) return [];
  const check = `source ${source.name} reads one mailbox`;
  if (roles.includes('Mail.Read'))
    return [
      warn(
        check,
        `Mail.Read is granted in Entra, where it reaches every mailbox and not ${mailbox} alone`,
        'take it away there, and give the Exchange role “Application Mail.Read” with a scope of this mailbox: manifest/README.md',
      ),
    ];
  return [
    ok(
      check,
      roles.includes('Mail.ReadWrite')
        ? `it asks for ${mailbox} alone; Mail.ReadWrite in Entra, which removal uses, reaches every mailbox`
        : `it asks for ${mailbox} alone, and nothing in Entra reaches another one; Test-ServicePrincipalAuthorization shows the scope`,
    ),
  ];
}

/** Whoever reports does not decide about it: that is for the configuration to say. */
function reporterFinding({ source, vendor }: SourceSecrets): Finding[] {
  if (vendorOf(vendor).kind !== 'report' || source.claims.reporters) return [];
  return [
    warn(
      `source ${source.name} names reporters`,
      'whom it names is not believed to have reported: they may decide about their own report',
      'set claims.facts: [reporters] of this source',
    ),
  ];
}

/** Nobody is written to, to try it. */
function reporterTold({ source, tellReporter }: SourceSecrets): Finding[] {
  if (!tellReporter) return [];
  const words =
    'how it ended, alone: in Teams where the app is installed for them or for a team of theirs, in Slack where slack.files is on and their account is known';
  return [ok(`source ${source.name} tells reporters`, words)];
}

/** Nothing is told to try it: that would stand in the vendor's alert. Of Graph the permission is judged with the others. */
function toldFinding({ source, vendor, tellEnd }: SourceSecrets): Finding[] {
  const { back } = vendorOf(vendor);
  return tellEnd && back ? [ok(`source ${source.name} is told`, `how its alerts ended; that takes ${back.needs}`)] : [];
}

async function examineSource(
  { source, vendor, url, secrets, mailbox = null }: SourceSecrets,
  { now, graph, mime = null }: At,
): Promise<Finding | null> {
  const check = `source ${source.name} answers`;
  const { pull, push } = vendorOf(vendor);
  const until = AbortSignal.timeout(WITHIN_MS);
  if (push?.reach) return judged(check, await push.reach({ url, secrets }, until));
  if (!pull) return null;
  if (pull.byGraph && !graph) return skip(check, 'there is no token for Graph');
  const how = {
    ...{ url: url ?? pull.url ?? '', secret: secrets[0] ?? '', now: new Date(now()).toISOString() },
    ...{ graph, mime, mailbox },
  };
  const answer = await pull
    .ask(how, null, until)
    .catch((error: unknown) => ({ kind: 'failed', why: String(error) }) as const);
  if (answer.kind === 'failed') return judged(check, answer.why);
  const unusable = answer.items.filter(({ understood }) => 'why' in understood).length;
  const words = `its first page tells of ${answer.items.length} mails of the last day`;
  return unusable > 0 && unusable === answer.items.length
    ? warn(check, `${words}, of which none can be used`, 'try one: clawback source try <vendor> <file>')
    : ok(check, words);
}

function judged(check: string, why: string | null): Finding {
  return why === null
    ? ok(check, 'it takes the secret of this source')
    : fail(check, why, 'look at its secret, its address and its rights; then at the firewall and the service itself');
}
