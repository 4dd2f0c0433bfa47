import type { Known } from '../../../core/find/alert-reader.ts';
import type { ReadMail } from '../../../ports/source.ts';
import { marksExercise } from '../reading/exercise.ts';
import {
  addressesOf,
  at,
  firstText,
  listAt,
  namedAddress,
  numberAt,
  percentOf,
  textAt,
  textsAt,
  timeAt,
} from '../reading/payload.ts';
import { type Found, findings, refused, understoodOf } from '../reading/understood.ts';
import { verdictIn } from '../reading/verdict-words.ts';

/** A STIX 2.1 bundle with exactly one `email-message` [OASIS STIX 2.1, 6.6]: of several nobody could say which is meant. */

export function isStix(payload: unknown): boolean {
  return textAt(payload, 'type') === 'bundle';
}

type Objects = ReadonlyMap<string, unknown>;

export function readStix(payload: unknown, known: Known): readonly ReadMail[] {
  const objects = listAt(payload, 'objects');
  const byId: Objects = new Map(objects.flatMap((one) => idOf(one)));
  const mails = objects.filter((one) => textAt(one, 'type') === 'email-message');
  const patterned = mails.length === 0 ? patternedMail(objects) : null;
  const mail = patterned ?? mails[0];
  const id = textAt(mail, 'id') ?? textAt(payload, 'id') ?? known.id;
  if (mails.length > 1) {
    const problem = `holds ${mails.length} email-message objects: send one bundle for each mail`;
    return [{ id, understood: refused('objects', problem) }];
  }
  if (!mail) {
    const problem = 'holds no email-message, and no indicator with the pattern of one Message-ID';
    return [{ id, understood: refused('objects', problem) }];
  }
  return [{ id, understood: understoodOf(found({ objects, byId, mail, id }, known), payload, known, BY_HEADER) }];
}

function idOf(one: unknown): readonly (readonly [string, unknown])[] {
  const id = textAt(one, 'id');
  return id === null ? [] : [[id, one]];
}

const PATTERN = /^\s*\[\s*email-message:message_id\s*=\s*'((?:[^'\\]|\\.)+)'\s*\]\s*$/;

function patternedMail(objects: readonly unknown[]): Found | null {
  const ids = objects.flatMap((one) => {
    const raw = PATTERN.exec(textAt(one, 'pattern') ?? '')?.[1];
    return raw === undefined ? [] : [raw.replaceAll(/\\(.)/g, '$1')];
  });
  const [only, ...others] = new Set(ids);
  return only !== undefined && others.length === 0 ? { message_id: only } : null;
}

interface Bundle {
  readonly objects: readonly unknown[];
  readonly byId: Objects;
  readonly mail: unknown;
  readonly id: string;
}

function found({ objects, byId, mail, id }: Bundle, known: Known): Found {
  const from = senderOf(mail, byId);
  const indicators = ofTypes(objects, 'indicator', 'report', 'grouping', 'observed-data', 'incident', 'sighting');
  const campaign = textAt(ofTypes(objects, 'campaign')[0], 'name');
  const maker = indicators.flatMap((one) => textAt(one, 'created_by_ref') ?? []).map((ref) => byId.get(ref));
  const source = maker.map((one) => textAt(one, 'name')).find((name) => name !== null) ?? 'STIX';
  const isRevoked = indicators.some((one) => at(one, 'revoked') === true);
  return {
    id,
    source,
    verdict: verdictIn(indicators.flatMap(sayingsOf)),
    severity: 'medium',
    detectedAt: times(indicators)[0] ?? known.now,
    confidence: highest(indicators),
    message: {
      internetMessageId: textAt(mail, 'message_id'),
      networkMessageId: headerOf(mail, 'x-ms-exchange-organization-network-message-id'),
      sender: from.address,
      senderName: from.name,
      subject: textAt(mail, 'subject'),
      urls: ofTypes(objects, 'url').flatMap((url) => textAt(url, 'value') ?? []),
      attachments: filesOf(mail, byId).flatMap((file) => textAt(file, 'name') ?? []),
    },
    recipients: recipientsOf(mail, byId),
    campaign: campaign === null ? null : { source, id: campaign },
    vendorAction: isRevoked ? { state: 'withdrawn', says: 'revoked' } : null,
    ...(marksExercise(Object.keys(objectAt(mail, 'additional_header_fields'))) ? { simulation: true } : {}),
    evidence: { files: filesOf(mail, byId).map(fileOf) },
    findings: findings(...indicators.map((one) => textAt(one, 'name') ?? textAt(one, 'description'))),
  };
}

/** STIX knows the recipients of the header alone. */
const BY_HEADER = { delivered: [] };

function ofTypes(objects: readonly unknown[], ...types: readonly string[]): readonly unknown[] {
  return objects.filter((one) => types.includes(textAt(one, 'type') ?? ''));
}

const sayingsOf = (one: unknown) => [
  ...textsAt(one, 'labels'),
  ...textsAt(one, 'indicator_types'),
  ...textsAt(one, 'report_types'),
  textAt(one, 'name'),
  textAt(one, 'description'),
];

function times(indicators: readonly unknown[]): readonly string[] {
  return indicators.flatMap((one) => timeAt(one, 'modified') ?? timeAt(one, 'created') ?? []).toSorted();
}

/** STIX counts confidence from 0 to 100 itself. */
function highest(indicators: readonly unknown[]): number | null {
  const told = indicators.flatMap((one) => percentOf(numberAt(one, 'confidence')) ?? []);
  return told.length === 0 ? null : Math.max(...told);
}

function senderOf(mail: unknown, byId: Objects) {
  const ref = firstText(mail, 'from_ref', 'sender_ref');
  const object = ref === null ? undefined : byId.get(ref);
  const named = namedAddress(textAt(object, 'value') ?? headerOf(mail, 'from'));
  return { address: named.address, name: textAt(object, 'display_name') ?? named.name };
}

function recipientsOf(mail: unknown, byId: Objects): readonly string[] {
  const refs = ['to_refs', 'cc_refs', 'bcc_refs'].flatMap((name) => textsAt(mail, name));
  return addressesOf(refs.map((ref) => textAt(byId.get(ref), 'value')));
}

/** Parts of the body that are files or artifacts of their own. */
function filesOf(mail: unknown, byId: Objects): readonly unknown[] {
  return listAt(mail, 'body_multipart').flatMap((part) => {
    const file = byId.get(textAt(part, 'body_raw_ref') ?? '');
    if (file === undefined) return [];
    const disposition = /filename="?([^";]+)/i.exec(textAt(part, 'content_disposition') ?? '')?.[1];
    const name = textAt(file, 'name') ?? disposition ?? 'unnamed';
    return [{ name, type: textAt(part, 'content_type'), hashes: at(file, 'hashes') }];
  });
}

const fileOf = (file: unknown) => ({
  name: textAt(file, 'name'),
  type: textAt(file, 'type'),
  sha256: textAt(file, 'hashes', 'SHA-256') ?? textAt(file, 'hashes', 'sha256'),
});

function objectAt(value: unknown, name: string): object {
  const found = at(value, name);
  return typeof found === 'object' && found !== null ? found : {};
}

function headerOf(mail: unknown, name: string): string | null {
  const fields = Object.entries(objectAt(mail, 'additional_header_fields'));
  const field = fields.find(([key]) => key.toLowerCase() === name)?.[1];
  return textAt(Array.isArray(field) ? field[0] : field);
}
