import { beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/cli/command.ts';
import type { FlagList } from '../../src/core/tell/flags.ts';
import { askedOperator } from '../support/asked-operator.ts';
import { flagListOf, flagOf } from '../support/card-pictures/flag-states.ts';
import { ENVIRONMENT } from '../support/configuration.ts';

/** Flagged mailboxes as whoever sits at the machine sees them. */

let folder: string;
let list: FlagList;
const asked: (string | null)[] = [];
beforeEach(async () => {
  asked.length = 0;
  folder = await askedOperator({
    flags(tenant) {
      asked.push(tenant);
      return Promise.resolve([list]);
    },
  });
});

async function run(...argv: string[]) {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const stop = new AbortController().signal;
  const shell = { env: ENVIRONMENT, node: process.versions.node, folder, out: say, err: say, stop };
  return { code: await runCommand(['flags', ...argv], shell), text: lines.join('\n') };
}

describe('flags', () => {
  it('tells of each where it stands, until when, whose it is and what was found', async () => {
    list = flagListOf([flagOf(1)], { differ: ['CF-9'] });
    expect(await run()).toEqual({
      code: 0,
      text: [
        'contoso: Flagged mailboxes (2)',
        '1 is open, 0 yours, 0 overdue.',
        'What is stored differs from the record, and nothing is done with: CF-9. clawback audit verify says more.',
        'CF-7F3K2M11  raised, due 26 Nov 14:05 UTC  person1@contoso[.]example',
        '   phishing mail CB-7F3K21 \u00b7 nobody looks after it \u00b7 findings before 3',
      ].join('\n'),
    });
    expect(asked).toEqual([null]);
  });

  it('says that there is none', async () => {
    list = flagListOf([]);
    expect((await run()).text).toContain('No mailbox is flagged.');
  });

  it('is all of it for a program, and of one tenant where it is named', async () => {
    list = flagListOf([flagOf(1)]);
    const { text } = await run('--json', '--tenant', 'contoso');
    expect([JSON.parse(text), asked]).toEqual([[list], ['contoso']]);
  });
});
