import type { Origin } from '../../core/find/exercise.ts';
import type { WireMessage } from './wire.ts';

/**
 * Where a message came from, by what Exchange Online wrote into its headers when it took it in: the connecting address, and
 * what the check of the envelope sender gave [learn.microsoft.com/defender-office-365/message-headers-eop-mdo]. A header that
 * is there twice may be its writer's own beside Exchange's: then nothing is told. `marks`: names to look for, lower case.
 */
export function originOf({ internetMessageHeaders }: WireMessage, marks: readonly string[]): Origin {
  const headers = internetMessageHeaders ?? [];
  const only = (name: string) => {
    const found = headers.filter((header) => header.name.toLowerCase() === name);
    return found.length === 1 ? (found[0]?.value ?? null) : null;
  };
  const names = new Set(headers.map(({ name }) => name.toLowerCase()));
  return {
    clientIp: /(?:^|;)\s*CIP:([0-9a-fA-F.:]{3,45})(?:;|$)/.exec(only('x-forefront-antispam-report') ?? '')?.[1] ?? null,
    returnPath: passedDomain(only('authentication-results')),
    marks: marks.filter((name) => names.has(name)),
  };
}

/** `spf=pass (sender IP is …) smtp.mailfrom=example.com`, as Exchange Online writes it: without the name of a server first. */
function passedDomain(results: string | null): string | null {
  const found = /^\s*spf=pass\s+\(sender IP is [^()]{3,45}\)\s*smtp\.mailfrom=([^;\s]+)/i.exec(results ?? '')?.[1];
  const domain = found?.slice(found.lastIndexOf('@') + 1).toLowerCase();
  return domain !== undefined && /^[a-z0-9.-]+$/.test(domain) ? domain : null;
}
