import type { Image, Measure } from '../core/measure/measure.ts';

/** What was seen of it at one moment. `missing`: the vendor's permission that would be needed. */
export type MeasureLook =
  | { readonly is: 'there'; readonly image: Image }
  | { readonly is: 'gone' }
  | { readonly is: 'denied'; readonly missing: string }
  | { readonly is: 'unknown'; readonly why: string; readonly retryAfterMs: number | null };

/** `unclear`: nobody knows whether it was done; it is looked at again before anything else is tried. */
export type MeasureEffect =
  | { readonly is: 'taken' }
  | { readonly is: 'refused'; readonly why: string; readonly missing: string | null }
  | { readonly is: 'later'; readonly why: string; readonly retryAfterMs: number | null }
  | { readonly is: 'unclear'; readonly why: string };

/** Who carries measures out. One call is one request chain to the vendor, each with a deadline, and never repeats by itself what may have worked. */
export interface Measures {
  look(measure: Measure, signal: AbortSignal): Promise<MeasureLook>;
  /** `image`: as it was seen right before. `requestId`: the id that the request carries, written down before. */
  apply(
    measure: Measure,
    image: Image,
    step: { readonly requestId: string; readonly signal: AbortSignal },
  ): Promise<MeasureEffect>;
  /** `before`: as it was before it was applied. */
  putBack(
    measure: Measure,
    before: Image,
    step: { readonly requestId: string; readonly signal: AbortSignal },
  ): Promise<MeasureEffect>;
}
