import { z } from 'zod';
import type { Policy } from '../../../core/ask/policy.ts';
import { documentOf } from './document.ts';

/**
 * `policy_version.body`: a policy with everybody who holds its roles. Its digest is over all that it says, so that nothing is
 * added or left out here; what an earlier version would not have taken must not make its plans unreadable.
 */
const Shape = z.looseObject({
  version: z.literal(1),
  roles: z.record(z.string(), z.looseObject({})),
  rules: z.array(z.looseObject({ name: z.string() })).min(1),
});

export const policyDocument = documentOf<Policy>(
  'policy',
  z.custom<Policy>((value) => Shape.safeParse(value).success, 'is no policy of version 1'),
  z.object({ version: z.int().min(2) }),
);
