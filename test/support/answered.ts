import type { LossCode } from '../../src/core/ask/refusal.ts';
import type { Answer, FormProblem, PageFor } from '../../src/core/tell/answer.ts';
import type { ContainForm } from '../../src/core/tell/contain-form.ts';
import type { DetailsPage } from '../../src/core/tell/details.ts';
import type { FlagForm, FlagList } from '../../src/core/tell/flags.ts';
import type { FoundPage } from '../../src/core/tell/found-view.ts';
import type { Queue } from '../../src/core/tell/queue.ts';
import type { SearchForm } from '../../src/core/tell/search-form.ts';
import type { Reply } from '../../src/ports/desk.ts';

/** A reply of the desk as tests ask about it: one code with its facts. */
export type Answered =
  | (Answer & { readonly to?: PageFor; readonly url?: string })
  | { readonly code: 'form-needed'; readonly verb: string; readonly problem: FormProblem['code'] | null }
  | ({ readonly code: 'details' } & DetailsPage)
  | ({ readonly code: 'queue' } & Queue)
  | ({ readonly code: 'search-form' } & SearchForm)
  | ({ readonly code: 'found' } & FoundPage)
  | ({ readonly code: 'flags' } & FlagList)
  | ({ readonly code: 'flag-form' } & FlagForm)
  | ({ readonly code: 'contain-form' } & ContainForm);

export function answered(reply: Reply): Answered {
  switch (reply.kind) {
    case 'said':
      return reply.answer;
    case 'link':
      return { ...reply.answer, to: reply.to, url: reply.url };
    case 'form-needed':
      return { code: 'form-needed', verb: reply.verb, problem: reply.problem?.code ?? null };
    case 'details':
      return { code: 'details', ...reply.page };
    case 'queue':
      return { code: 'queue', ...reply.queue };
    case 'search-form':
      return { code: 'search-form', ...reply.form };
    case 'found':
      return { code: 'found', ...reply.page };
    case 'flags':
      return { code: 'flags', ...reply.list };
    case 'people':
      return reply.answer;
    case 'contain-form':
      return { code: 'contain-form', ...reply.form };
    case 'flag-form':
      return { code: 'flag-form', ...reply.form };
  }
}

/** Answers that many stories ask for. */

const counted = (code: Answer['code']) => (n: number, needed: number) => ({ code, counted: n, needed });
export const voteCounted = counted('vote-counted');
export const verbCounted = counted('verb-counted');
export const liftCounted = counted('lift-counted');

export const runStarted = (action: string, copies: number) => ({ code: 'run-started', action, copies });

/** Other roles are asked: so many people of this one. */
export const notAsked = (role: string, count = 1) => ({ code: 'not-asked', seats: [{ role, count }] });

/** Beside what was counted: whose vote was taken back, and who could not be asked about. */
export const lost = (name: string, why: LossCode) => ({ others: { lost: [{ name, why }], unsure: [] } });
export const unsure = (name: string) => ({ others: { lost: [], unsure: [name] } });
