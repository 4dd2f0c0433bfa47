import type { Answer, AnswerBack, Refused } from '../../../ports/source.ts';

/** JSON for what was taken in, RFC 9457 problem details for what was not: they name the field and say what to do. */
export const answerBack: AnswerBack = {
  received: ({ incident, created }) => ({
    status: 202,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ incident, created }),
  }),
  refused(refused) {
    const { status, title, detail, headers = {}, ...more } = problemOf(refused);
    const body = JSON.stringify({ type: `urn:clawback:problem:${refused.why}`, status, title, detail, ...more });
    return { status, headers: { 'content-type': 'application/problem+json', ...headers }, body };
  },
};

interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly headers?: Answer['headers'];
  readonly [extension: string]: unknown;
}

function problemOf(refused: Refused): Problem {
  switch (refused.why) {
    case 'unsigned':
      return { status: 401, title: 'The delivery is not signed', detail: refused.detail };
    case 'bad-signature':
      return { status: 401, title: 'The signature does not verify', detail: HOW_TO_SIGN };
    case 'too-large':
      return {
        status: 413,
        title: 'The delivery is too large',
        detail: `At most ${refused.maxBytes} bytes are taken.`,
      };
    case 'too-many':
      return {
        status: 429,
        title: 'Too many alerts',
        detail: `Send the same delivery again in ${refused.seconds} s.`,
        headers: { 'retry-after': String(refused.seconds) },
      };
    case 'no-answer':
      return {
        status: 503,
        title: 'The mail could not be asked for',
        detail: refused.detail,
        headers: { 'retry-after': String(refused.seconds) },
      };
    case 'not-json':
      return { status: 400, title: 'The body is not JSON', detail: 'Send one alert as a JSON object.' };
    case 'invalid-alert':
      return {
        status: 422,
        title: 'Nothing in the alert can be used',
        detail: refused.problems
          .map(({ field, problem }) => `${field}: ${problem}`)
          .join('; ')
          .slice(0, 1_000),
        errors: refused.problems,
      };
    case 'reused':
      return {
        status: 409,
        title: 'This webhook-id was used for another body',
        detail:
          'Nothing was done. Give every delivery an id of its own; the same delivery may be sent again as it was.',
        ...(refused.incident === undefined ? {} : { incident: refused.incident }),
      };
  }
}

const HOW_TO_SIGN =
  'Sign id, timestamp and the raw body with a current secret (Standard Webhooks); clocks may differ by 5 minutes.';
