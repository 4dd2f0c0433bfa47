import { DEFAULT_VENDOR, type VendorName, vendorOf } from '../adapters/sources/vendors.ts';
import { NO_CLAIMS, type Source } from '../core/find/source.ts';
import type { SourceSettings } from './schema.ts';

/** Whoever holds one of the secrets is the source. */
export interface SourceSecrets {
  readonly source: Source;
  readonly vendor: VendorName;
  /** Where it is asked, where the configuration says so. */
  readonly url: string | null;
  /** The one mailbox that it reads; null or left out for a source that reads none. */
  readonly mailbox?: string | null;
  /** Whether whoever keeps that mailbox tells of what is new in it. */
  readonly notify?: boolean;
  /** Whether it is told how its alerts ended. */
  readonly tellEnd?: boolean;
  /** Whether whoever is proven to have reported is told in a chat. */
  readonly tellReporter?: boolean;
  /** In its vendor's form: the current one and those being rotated out. */
  readonly secrets: readonly string[];
}

/** Whoever signs with CLAWBACK_<TENANT>_INTAKE_SECRETS: the command line, and senders that nobody has named yet. */
const INTAKE: Source = { name: 'intake', kind: 'operator', claims: NO_CLAIMS };

export function sourceOf({ name, kind, vendor, claims }: SourceSettings): Source {
  const { confidence, actFirst, facts } = claims;
  return {
    name,
    kind: vendorOf(vendor).kind ?? kind,
    claims: {
      confidence,
      actFirst,
      recipients: facts.includes('recipients'),
      ids: facts.includes('ids'),
      reporters: facts.includes('reporters'),
    },
  };
}

/** All that may send to a tenant: the one without a name of its own, and those of the configuration. */
export function allSources(held: {
  readonly intake: readonly string[];
  readonly sources: readonly SourceSecrets[];
}): readonly SourceSecrets[] {
  const unnamed = { source: INTAKE, vendor: DEFAULT_VENDOR, url: null, secrets: held.intake } as const;
  return [...(held.intake.length > 0 ? [unnamed] : []), ...held.sources];
}
