import type { Alert } from '../../core/find/alert.ts';

/** Half of what the intake takes: what is built here is always taken there. */
const MAX_BYTES = 1_048_576;
/** The mail itself is known by less. */
const MAX_SUBJECT = 10_000;

/** Cuts what is least missed first: links, then names of files, then recipients; and says so. */
export function fitted(alert: Alert): Alert {
  const subject = alert.message.subject?.slice(0, MAX_SUBJECT).toWellFormed() ?? null;
  let fitting: Alert = { ...alert, message: { ...alert.message, subject } };
  for (const part of ['urls', 'attachments', 'recipients'] as const) {
    for (let over = excess(fitting); over > 0 && listOf(fitting, part).length > 0; over = excess(fitting)) {
      fitting = withList(fitting, part, cutBy(listOf(fitting, part), over));
    }
  }
  const notes = (['urls', 'attachments', 'recipients'] as const).flatMap((part) => {
    const lost = listOf(alert, part).length - listOf(fitting, part).length;
    return lost === 0 ? [] : [`The mail is too large for one alert: ${lost} of its ${WORDS[part]} were left out.`];
  });
  return { ...fitting, findings: [...notes, ...fitting.findings].slice(0, 50) };
}

const WORDS = { urls: 'links', attachments: 'names of files', recipients: 'recipients' } as const;
type Part = keyof typeof WORDS;

/** Some room is left for what is said about the cutting. */
function excess(alert: Alert): number {
  return Buffer.byteLength(JSON.stringify(alert)) + 2_000 - MAX_BYTES;
}

function listOf(alert: Alert, part: Part): readonly string[] {
  return part === 'recipients' ? alert.recipients : alert.message[part];
}

function withList(alert: Alert, part: Part, list: string[]): Alert {
  return part === 'recipients'
    ? { ...alert, recipients: list }
    : { ...alert, message: { ...alert.message, [part]: list } };
}

/** Without so many of the last ones that at least `over` bytes are gone, or all are. */
function cutBy(list: readonly string[], over: number): string[] {
  const kept = [...list];
  for (let gone = 0; gone < over && kept.length > 0; ) gone += Buffer.byteLength(JSON.stringify(kept.pop())) + 1;
  return kept;
}
