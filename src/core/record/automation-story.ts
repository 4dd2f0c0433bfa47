import { count, inert, inertOr } from '../text.ts';
import type { Entry } from './ledger.ts';
import type { AUTOMATING } from './payload-automation.ts';

/** As `ledger-story.ts`: what automation took out, and who wants it back. */

type Told = keyof typeof AUTOMATING;

const who = ({ actor }: Entry) => inert(actor.name || actor.id || 'somebody', 80);
const clusterIn = ({ list, cluster }: { readonly list: string; readonly cluster: string }) =>
  `cluster ${inert(cluster, 10)} of ${inert(list, 40)}`;

export const AUTOMATION_TELLERS: { readonly [T in Told]: (entry: Entry<T>) => string } = {
  'automation.listed': ({ detail }) => {
    const copies = detail.clusters.reduce((sum, cluster) => sum + cluster.copies, 0);
    const more = detail.cutAt === null ? '' : '; there may be more than were told';
    return `${inert(detail.list, 40)}: Defender took out ${count(copies, 'copy', 'copies')} on its own, in ${count(detail.clusters.length, 'cluster')}${more}`;
  },
  'automation.opened': (entry) =>
    `${who(entry)} wants ${clusterIn(entry.detail)} put back: ${count(entry.detail.copies, 'copy', 'copies')} as they were listed`,
  'automation.refused': (entry) =>
    `${who(entry)} wanted ${clusterIn(entry.detail)} put back: refused, ${inertOr(entry.outcome, 'no reason', 160)}`,
};
