import type { SourceVendor } from '../../../ports/source.ts';
import { askGraphList, type GraphList } from '../reading/graph-list.ts';
import { itemOf } from '../reading/item.ts';
import { readJson, textAt } from '../reading/payload.ts';
import { back } from './back.ts';
import { isAboutMail, readDefender } from './read.ts';

/**
 * Microsoft Defender, and Sentinel where it lives in the Defender portal: alerts that were changed since, through the
 * tenant's own Graph (SecurityAlert.Read.All). The list has no order that could be asked for, so it is read to its end
 * before the watermark moves, and the last half hour is read again [learn.microsoft.com/graph/api/security-list-alerts_v2].
 */
export const defender = {
  secrets: { form: /^$/, looks: 'none: it is asked as the mail executor' },
  read: (bytes, known) => {
    const body = readJson(bytes);
    return body ? readDefender(body.value, known) : [{ id: known.id, understood: { why: 'not-json' } }];
  },
  push: null,
  back,
  pull: { byGraph: 'alerts', url: null, everyMs: 60_000, ask: (how, cursor) => askGraphList(ALERTS, how, cursor) },
} as const satisfies SourceVendor;

const PAGE = 50;

const ALERTS: GraphList = {
  what: 'alerts of Defender',
  version: 'v1.0',
  path: '/security/alerts_v2',
  query: (since) => `$top=${PAGE}&$filter=${encodeURIComponent(`lastUpdateDateTime ge ${since}`)}`,
  permission: 'SecurityAlert.Read.All',
  firstBackMs: 24 * 3_600_000,
  overlapMs: 30 * 60_000,
  itemsOf: (alerts, now) =>
    alerts
      .filter(isAboutMail)
      .flatMap((alert) => readDefender(alert, { now, id: textAt(alert, 'id') ?? 'unnamed' }))
      .map(itemOf),
};
