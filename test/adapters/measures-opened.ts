import { onTestFinished } from 'vitest';
import type { Image, Measure } from '../../src/core/measure/measure.ts';
import { measuresOnGraph, type OnGraph, type OnGraphOrder } from '../support/measures-on-graph.ts';

/** Closed when the test ends. */
export async function opened(order?: OnGraphOrder): Promise<OnGraph> {
  const world = await measuresOnGraph(order);
  onTestFinished(() => world.close());
  return world;
}

export function open(): AbortSignal {
  return new AbortController().signal;
}

interface Step {
  readonly requestId: string;
  readonly signal: AbortSignal;
}

export function step(n = 1): Step {
  return { requestId: `7e0c1b52-90f5-4c1b-8a55-00000000000${n}`, signal: open() };
}

export async function imageOf(world: OnGraph, measure: Measure): Promise<Image> {
  const look = await world.measures.look(measure, open());
  if (look.is !== 'there') throw new Error(JSON.stringify(look));
  return look.image;
}

/** What was asked, without the questions. */
export const written = ({ sandbox }: OnGraph) =>
  sandbox.graph.log.entries().flatMap(({ method, operation }) => (method === 'GET' ? [] : [operation]));
