import type { PersonFinding } from '../../core/intelligence/finding.ts';
import type { PeopleLook } from '../../core/intelligence/look.ts';
import { unwrittenIn } from '../../core/intelligence/unwritten.ts';
import type { Answers, MeasureFindings } from '../../ports/measure-findings.ts';
import type { Flow } from '../flow.ts';
import { looksNow } from './people.ts';

/** What the newest look at the people of an incident names as an answer to what it found, where that look is as the record has it; of what it was not told, the one before. */
export function namedByFindings(flow: Pick<Flow, 'hash'>): MeasureFindings {
  return {
    async of(tx, incident) {
      const looks = await tx.ledger.find({ incident, types: ['people.looked'] });
      const known = await looksNow(flow, tx, incident, looks);
      return known === null || known === 'differs' ? null : answersIn(known);
    },
  };
}

/** What these looks name as an answer to what they found. */
export function answersIn(looks: readonly Pick<PeopleLook, 'findings'>[]): Answers {
  const there = looks.flatMap(({ findings }) => findings).filter(isThere);
  return {
    measures: there.flatMap(({ measure }) => measure ?? []),
    byHand: there.flatMap(({ byHand: line, address }) => (line === null ? [] : [{ address, line, isFound: true }])),
    unwritten: there.flatMap((finding) => {
      const unwritten = unwrittenIn(finding);
      return unwritten === null ? [] : [{ address: finding.address, ...unwritten }];
    }),
  };
}

/** Of what was taken back since there is nothing to be done. */
function isThere({ row }: PersonFinding): boolean {
  return row['isThere'] !== false && row['stands'] !== 'off';
}
