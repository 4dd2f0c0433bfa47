import { z } from 'zod';

/** What several parts of clawback.yaml are made of. */

export const guid = () => z.guid('must be a GUID').transform((value) => value.toLowerCase());
export const url = () => z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });

export const Credential = z
  .enum(['certificate', 'federated', 'secret'])
  .default('certificate')
  .describe('federated: a token file of the platform, nothing to roll. secret: for trying out only.');
