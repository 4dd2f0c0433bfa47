import { z } from 'zod';
import { ENGINE_PLAN_VERSION, type Manifest, PLAN_VERSION } from '../../../core/find/manifest.ts';
import type { Plan } from '../../../core/find/plan.ts';
import { OldPlan } from './old-plan.ts';
import { actionsKnown, StoredEngine, StoredFinder, StoredKey, StoredTerms, termsKnown } from './plan-parts.ts';

/** What a plan is filed as: up to version 2 all of it, since then its manifest. Its digest is over the bytes as they are. */

const Stream = z.strictObject({ count: z.int().min(1), digest: z.string() });

const StoredManifest = z
  .strictObject({
    version: z.literal([PLAN_VERSION, ENGINE_PLAN_VERSION]),
    id: z.string(),
    tenant: z.string(),
    incident: z.string(),
    mode: z.enum(['live', 'dry-run']),
    policy: z.string(),
    terms: z.record(z.string(), StoredTerms),
    engine: StoredEngine.exactOptional(),
    grownFrom: z.string().nullable(),
    key: StoredKey,
    foundBy: z.string(),
    finders: z.array(StoredFinder),
    resolvedAt: z.string(),
    takenIn: z.array(z.string()),
    vip: z.number(),
    legalHold: z.number(),
    trackingCut: z.boolean(),
    notLooked: z.number(),
    tooFew: z.array(z.string()),
    rows: z.strictObject({
      target: Stream.exactOptional(),
      address: Stream.exactOptional(),
      recipient: Stream.exactOptional(),
      group: Stream.exactOptional(),
      unsure: Stream.exactOptional(),
      'look-alike': Stream.exactOptional(),
      shielded: Stream.exactOptional(),
      form: Stream.exactOptional(),
    }),
  })
  .refine(({ version, engine }) => (version === ENGINE_PLAN_VERSION) === (engine !== undefined))
  .transform(
    (stored): Manifest => ({ ...stored, terms: termsKnown(stored.terms), tooFew: actionsKnown(stored.tooFew) }),
  );

export type PlanBody =
  | { readonly is: 'manifest'; readonly manifest: Manifest }
  /** From before plans had rows. */
  | { readonly is: 'whole'; readonly plan: Plan }
  /** Of a version that this one does not know. */
  | { readonly is: 'newer' }
  /** No plan any more: somebody has written into it. */
  | { readonly is: 'unreadable' };

const Versioned = z.object({ version: z.int().min(1) });

export function readPlanBody(body: string): PlanBody {
  const text = parsed(body);
  const version = Versioned.safeParse(text).data?.version;
  if (version !== undefined && version > ENGINE_PLAN_VERSION) return { is: 'newer' };
  if (version === PLAN_VERSION || version === ENGINE_PLAN_VERSION) {
    const read = StoredManifest.safeParse(text);
    return read.success ? { is: 'manifest', manifest: read.data } : { is: 'unreadable' };
  }
  const read = OldPlan.safeParse(text);
  return read.success ? { is: 'whole', plan: read.data } : { is: 'unreadable' };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
