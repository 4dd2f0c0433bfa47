import type { PersonFinding } from '../../core/intelligence/finding.ts';
import type { MeasureFindings } from '../../ports/measure-findings.ts';
import type { Flow } from '../flow.ts';
import { peopleNow } from './people.ts';

/** What the newest look at the people of an incident names as an answer to what it found, where that look is as the record has it. */
export function namedByFindings(flow: Pick<Flow, 'hash'>): MeasureFindings {
  return {
    async of(tx, incident) {
      const looks = await tx.ledger.find({ incident, types: ['people.looked'] });
      const people = await peopleNow(flow, tx, incident, looks);
      if (people?.is !== 'looked') return null;
      const findings = people.look.findings.filter(isThere);
      return {
        measures: findings.flatMap(({ measure }) => measure ?? []),
        byHand: findings.flatMap(({ byHand: line, address }) =>
          line === null ? [] : [{ address, line, isFound: true }],
        ),
      };
    },
  };
}

/** Of what was taken back since there is nothing to be done. */
function isThere({ row }: PersonFinding): boolean {
  return row['isThere'] !== false && row['stands'] !== 'off';
}
