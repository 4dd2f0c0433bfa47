import { describe, expect, it } from 'vitest';
import { MEASURE_KINDS, type MeasureKind } from '../../src/core/measure/measure.ts';
import { permissionOf, permissionOfMeasure } from '../../src/doctor/permissions.ts';
import { allRoles } from '../../src/sandbox/graph/roles.ts';
import { contractChecker, ownRequests } from '../sandbox/graph-contract.ts';
import { DEFENDER_ROLES, MEASURE_ROLES, measuresOnGraph, type OnGraph } from '../support/measures-on-graph.ts';

/** What measures ask of Graph: each request as it is documented, each kind by the permission that it is said to take. */

const own = ownRequests();
const contract = contractChecker();

const step = () => ({ requestId: crypto.randomUUID(), signal: new AbortController().signal });

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Looked at, done, seen, put back, seen; and all that was asked for that. */
async function played(world: OnGraph, kinds: readonly MeasureKind[]): Promise<readonly Asked[]> {
  const { graph } = world.sandbox;
  const asked: Asked[] = [];
  const inside = new Map<string, Readonly<Record<string, string>>>();
  graph.onBatch((body) => {
    const { requests } = body as { requests: readonly { headers: Record<string, string> }[] };
    expect(own.request('POST', '/$batch', body)).toEqual([]);
    for (const { headers } of requests) inside.set(headers['client-request-id'] ?? '', headers);
  });
  graph.log.onEntry(({ method, path, body, status, clientRequestId }) =>
    asked.push({ method, path, body, status, headers: inside.get(clientRequestId ?? '') ?? {} }),
  );
  for (const kind of kinds) {
    const measure = world.of[kind];
    const look = await world.measures.look(measure, new AbortController().signal);
    if (look.is !== 'there') throw new Error(`${kind}: ${JSON.stringify(look)}`);
    await world.measures.apply(measure, look.image, step());
    await world.settle();
    await world.measures.look(measure, new AbortController().signal);
    await world.measures.putBack(measure, look.image, step());
    await world.settle();
    await world.measures.look(measure, new AbortController().signal);
  }
  return asked;
}

describe.each([
  ['by the accounts themselves', {}],
  ['by Defender for Identity', { watched: true, roles: [...MEASURE_ROLES, ...DEFENDER_ROLES] }],
])('measures %s', (_name, order) => {
  it('ask nothing that Graph does not document, in no other form', async () => {
    await using world = closing(await measuresOnGraph(order));
    const asked = await played(world.it, MEASURE_KINDS);
    expect(asked.flatMap(({ method, path, body }) => own.request(method, path, body))).toEqual([]);
    expect(asked.flatMap(({ method, path, headers }) => own.headers(method, path, headers))).toEqual([]);
    expect(asked.length).toBeGreaterThan(20);
  });

  if (contract)
    it('agree with the machine-readable contract, or are said to be an addition', async () => {
      await using world = closing(await measuresOnGraph(order));
      const asked = await played(world.it, MEASURE_KINDS);
      const known = asked.filter(({ method, path }) => contract.knows(method, path));
      expect(known.flatMap(({ method, path, body }) => contract.request(method, path, body))).toEqual([]);
      for (const { method, path } of asked.filter((one) => !contract.knows(one.method, one.path)))
        expect(own.operation(method, path)).toMatchObject({ 'x-addition': expect.any(String) });
    });
});

describe.each(MEASURE_KINDS)('%s', (kind) => {
  it('takes the permission that it is said to take, beside the one for people, and no other', async () => {
    const { permission } = permissionOfMeasure(kind);
    const roles = [...new Set([permission, permissionOf('people').permission, ...MAIL_OF[kind]])];
    await using world = closing(await measuresOnGraph({ roles }));
    const asked = await played(world.it, [kind]);
    expect(asked.filter(({ status }) => status === 401 || status === 403)).toEqual([]);
    const held = allRoles(roles);
    const beyond = asked.filter(({ method, path }) => {
      const suffice = (own.operation(method, path)?.['x-permissions'] ?? []) as readonly string[];
      return !suffice.some((one) => held.has(one));
    });
    expect(beyond).toEqual([]);
  });
});

/** An invitation is read to find its calendar entry: the executor holds that permission for the purge. */
const MAIL_OF: Readonly<Record<MeasureKind, readonly string[]>> = {
  'rule-off': [],
  'revoke-sessions': [],
  'disable-account': [],
  'mark-compromised': [],
  'revoke-grant': [],
  'remove-event': ['Mail.ReadWrite'],
  'take-sent-copy': [],
};

function closing(world: OnGraph) {
  return { it: world, [Symbol.asyncDispose]: () => world.close() };
}
