import type { Row } from './kql.ts';
import { POST_DELIVERY_COLUMNS, postDeliveryRows } from './post-delivery.ts';
import type { Service } from './types.ts';

/** The tables beside EmailEvents: learn.microsoft.com/defender-xdr/advanced-hunting-schema-tables, as far as this service knows them. */

export interface MailTable {
  /** With their types. */
  readonly columns: Readonly<Record<string, string>>;
  rows(service: Service, spanMs: number): Row[];
}

const shown = (service: Service, span: number, lag: (messageId: string) => number) =>
  service.tenant
    .emailEvents()
    .filter(({ at, messageId }) => at > service.clock() - span && at + lag(messageId) <= service.clock());

export function mailTables(lag: (service: Service, messageId: string) => number): Readonly<Record<string, MailTable>> {
  const events = (service: Service, span: number) => shown(service, span, (messageId) => lag(service, messageId));
  return {
    EmailPostDeliveryEvents: { columns: POST_DELIVERY_COLUMNS, rows: postDeliveryRows },
    EmailUrlInfo: {
      columns: { Timestamp: 'DateTime', NetworkMessageId: 'String', Url: 'String', UrlDomain: 'String' },
      rows: (service, span) =>
        events(service, span).flatMap(({ at, networkMessageId, urls = [] }) =>
          urls.map((url) => ({
            Timestamp: at,
            NetworkMessageId: networkMessageId,
            Url: url,
            UrlDomain: URL.parse(url)?.hostname ?? '',
          })),
        ),
    },
    EmailAttachmentInfo: {
      columns: { Timestamp: 'DateTime', NetworkMessageId: 'String', FileName: 'String', SHA256: 'String' },
      rows: (service, span) =>
        events(service, span).flatMap(({ at, networkMessageId, attachments = [] }) =>
          attachments.map(({ name, sha256 }) => ({
            Timestamp: at,
            NetworkMessageId: networkMessageId,
            FileName: name,
            SHA256: sha256,
          })),
        ),
    },
    UrlClickEvents: {
      columns: {
        Timestamp: 'DateTime',
        NetworkMessageId: 'String',
        AccountUpn: 'String',
        Url: 'String',
        ActionType: 'String',
        IsClickedThrough: 'Boolean',
        IPAddress: 'String',
        Workload: 'String',
      },
      rows: (service, span) =>
        service.tenant
          .urlClicks()
          .filter(({ at }) => at > service.clock() - span)
          .map(({ at, networkMessageId, account, url, blocked, through }) => ({
            Timestamp: at,
            NetworkMessageId: networkMessageId,
            AccountUpn: account,
            Url: url,
            ActionType: blocked ? 'ClickBlocked' : 'ClickAllowed',
            IsClickedThrough: through ? 1 : 0,
            IPAddress: '203.0.113.10',
            Workload: 'Email',
          })),
    },
  };
}
