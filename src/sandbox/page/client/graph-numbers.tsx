import { useEffect, useState } from 'react';
import type { GraphSection } from '../shapes.ts';

const SAMPLES = 80;
const EVERY_MS = 500;
const HEIGHT = 36;

/** Microsoft Graph as the tenant's administrators would like to see it. */
export function GraphNumbers({ graph }: { readonly graph: GraphSection }) {
  const [samples, setSamples] = useState<readonly number[]>([]);
  const { perSecond } = graph;
  useEffect(() => {
    const timer = setInterval(() => setSamples((before) => [...before, perSecond].slice(-SAMPLES)), EVERY_MS);
    return () => clearInterval(timer);
  }, [perSecond]);
  return (
    <div className="graph">
      <h3>Microsoft Graph</h3>
      <dl>
        <Figure name="requests / s" value={perSecond} />
        <Figure name="in flight" value={graph.inFlight} />
        <Figure name="answered 429" value={graph.throttled} isBad={graph.throttled > 0} />
        <Figure name="in total" value={graph.operations} />
      </dl>
      <Line samples={samples} />
    </div>
  );
}

function Figure(props: { readonly name: string; readonly value: number; readonly isBad?: boolean }) {
  return (
    <div className={props.isBad ? 'bad' : ''}>
      <dd>{props.value.toLocaleString('en')}</dd>
      <dt>{props.name}</dt>
    </div>
  );
}

function Line({ samples }: { readonly samples: readonly number[] }) {
  const top = Math.max(10, ...samples);
  const points = samples
    .map(
      (value, index) => `${SAMPLES - samples.length + index},${(HEIGHT - 1 - (value / top) * (HEIGHT - 4)).toFixed(1)}`,
    )
    .join(' ');
  return (
    <svg className="spark" viewBox={`0 0 ${SAMPLES - 1} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline points={points} />
    </svg>
  );
}
