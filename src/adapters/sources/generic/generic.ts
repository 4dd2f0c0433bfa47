import type { Known } from '../../../core/find/alert-reader.ts';
import { isRecord, own } from '../../../core/find/reading.ts';
import type { Push, ReadMail, SentHeaders, SourceVendor, Understood } from '../../../ports/source.ts';
import { answerBack } from '../clawback/answers.ts';
import { clawback } from '../clawback/clawback.ts';
import { readJson, textAt } from '../reading/payload.ts';
import { refused, understoodOf } from '../reading/understood.ts';
import { openEvent } from './cloud-event.ts';
import { isOcsf, readOcsf } from './ocsf.ts';
import { isStix, readStix } from './stix.ts';

/**
 * Senders that speak a common form: OCSF, STIX 2.1, our own alert, each also as a CloudEvent. What it is shows in its shape;
 * it is signed as our own form is. Headers of a CloudEvent are not signed: they only stand in for an id that is missing.
 */
export const generic = {
  secrets: clawback.secrets,
  read: readAll,
  push: {
    unsigned: clawback.push.unsigned,
    verifier: clawback.push.verifier,
    toAlert: (bytes, known, headers) => asOne(readAll(bytes, known, headers)),
    answerBack,
  },
  pull: null,
} as const satisfies SourceVendor & { readonly push: Push };

/** More mails than these in one body are sent in several. */
const MOST_AT_ONCE = 100;

function readAll(bytes: Uint8Array, known: Known, headers: SentHeaders): readonly ReadMail[] {
  const body = readJson(bytes);
  if (!body) return [{ id: known.id, understood: { why: 'not-json' } }];
  const list = Array.isArray(body.value) ? body.value : [body.value];
  if (list.length > MOST_AT_ONCE || list.length === 0) {
    const problem = `holds ${list.length} entries, and 1 to ${MOST_AT_ONCE} are taken at once`;
    return [{ id: known.id, understood: refused('the list', problem) }];
  }
  return list.flatMap((entry, n) =>
    readOne(entry, n === 0 ? known : { ...known, id: `${known.id}#${n + 1}` }, headers),
  );
}

function readOne(entry: unknown, known: Known, headers: SentHeaders): readonly ReadMail[] {
  const { payload, id, problem } = openEvent(entry, headers);
  const as = { ...known, id: id === null ? known.id : plain(id, known.id) };
  if (problem) return [{ id: as.id, understood: refused(problem.field, problem.problem) }];
  if (isStix(payload)) return readStix(payload, as);
  if (isOcsf(payload)) return readOcsf(payload, as);
  if (isOwn(payload)) return [{ id: textAt(payload, 'id') ?? as.id, understood: understoodOf(payload, payload, as) }];
  return [{ id: as.id, understood: refused('the payload', UNKNOWN) }];
}

const UNKNOWN =
  'has no shape that is known here: an OCSF event has class_uid, a STIX bundle has type bundle, a CloudEvent has specversion, and our own alert has message';

/** What can be an alert's id, or what stands in for it. */
const plain = (id: string, instead: string) => (/^[\x21-\x7e ]{1,200}$/.test(id) ? id : instead);

function isOwn(payload: unknown): payload is Readonly<Record<string, unknown>> {
  return isRecord(payload) && (isRecord(own(payload, 'message')) || Array.isArray(own(payload, 'recipients')));
}

/** The mails of one body that can be used; where none can, why the first cannot. */
function asOne(mails: readonly ReadMail[]): Understood {
  const alerts = mails.flatMap(({ understood }) => ('alert' in understood ? [understood.alert] : []));
  const [alert, ...more] = alerts;
  if (alert) return more.length === 0 ? { alert } : { alert, more };
  return mails[0]?.understood ?? refused('the payload', UNKNOWN);
}
