import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readInternetMail } from '../../../src/adapters/eml/internet-mail.ts';
import { mailFactsOf } from '../../../src/adapters/eml/signal-facts.ts';
import { domainOf } from '../../../src/core/address.ts';
import { ClawbackError } from '../../../src/core/error.ts';
import type { Facts } from '../../../src/core/signal/facts.ts';
import { findingsIn } from '../../../src/core/signal/signals.ts';
import { AT, factsOf, NOBODY, NOT_ASKED, OWN, type Told } from '../../support/signal-facts.ts';
import { TENANT } from './sample.ts';

export interface FolderRead {
  readonly mails: number;
  /** Files that are no mail. */
  readonly unread: number;
  /** Signal and strength -> mails, the file alone known, and as if nobody had ever heard of its sender. */
  readonly fromFile: Readonly<Record<string, number>>;
  readonly asStranger: Readonly<Record<string, number>>;
  /** Strong findings, in words. */
  readonly strong: readonly string[];
}

/** Good mails as they lie in a folder and below it. Whoever received one is taken for a person of the tenant. */
export async function readFolder(folder: string): Promise<FolderRead> {
  const files = globSync('**/*.eml', { cwd: folder }).toSorted();
  const counted = { fromFile: new Map<string, number>(), asStranger: new Map<string, number>() };
  const strong: string[] = [];
  let unread = 0;
  for (const file of files) {
    const facts = await factsOfFile(join(folder, file));
    if (facts === null) {
      unread += 1;
      continue;
    }
    for (const way of ['fromFile', 'asStranger'] as const) {
      for (const { signal, strength, sentence } of findingsIn(facts[way])) {
        counted[way].set(`${signal} ${strength}`, (counted[way].get(`${signal} ${strength}`) ?? 0) + 1);
        if (strength === 'strong') strong.push(`${file}: ${signal}: ${sentence}`);
      }
    }
  }
  const { fromFile, asStranger } = counted;
  return {
    ...{ mails: files.length - unread, unread, strong: [...new Set(strong)] },
    fromFile: Object.fromEntries(fromFile),
    asStranger: Object.fromEntries(asStranger),
  };
}

/** Null for what is no mail. */
async function factsOfFile(path: string): Promise<Readonly<Record<'fromFile' | 'asStranger', Facts>> | null> {
  const mail = await readInternetMail(readFileSync(path)).catch((error: unknown) => {
    if (error instanceof ClawbackError) return null;
    throw error;
  });
  if (mail === null) return null;
  const own = [...OWN, ...mail.recipients.slice(0, 1).map(domainOf)];
  const owner = mail.recipients.length === 0 ? null : mail.recipients.slice(0, 1);
  const read = mailFactsOf(mail, AT);
  const of = (told: Told): Facts => ({ ...factsOf({ ...TENANT, own, owner, ...told }), mail: read });
  return {
    fromFile: of({ address: NOT_ASKED, conversation: null, sameIndex: null, judged: null }),
    asStranger: of({ address: NOBODY }),
  };
}
