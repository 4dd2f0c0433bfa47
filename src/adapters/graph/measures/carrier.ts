import type { Image, Measure } from '../../../core/measure/measure.ts';
import type { MeasureEffect, MeasureLook } from '../../../ports/measures.ts';
import type { Asking, Step } from './asking.ts';

/** How one kind of measure is carried out through Graph. A new kind is a file beside these and a line in `measures.ts`. */
export interface Carrier {
  look(asking: Asking, measure: Measure, signal: AbortSignal): Promise<MeasureLook>;
  apply(asking: Asking, measure: Measure, image: Image, step: Step): Promise<MeasureEffect>;
  putBack(asking: Asking, measure: Measure, before: Image, step: Step): Promise<MeasureEffect>;
}

/** Annotations are of the answer and not of the thing. */
export function plain(body: Readonly<Record<string, unknown>>): Image {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !name.includes('@odata.')));
}
