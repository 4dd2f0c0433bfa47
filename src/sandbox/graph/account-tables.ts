import { createHash } from 'node:crypto';
import type { ColumnType } from './kql-expression.ts';
import type { Sheet } from './kql-union.ts';
import type { Range, Service } from './types.ts';

/**
 * Tables about accounts: learn.microsoft.com/defender-xdr/advanced-hunting-entraidsigninevents-table (which took the place of
 * aadsignineventsbeta, and has its columns) and -cloudappevents-table. What is audited shows an hour and more after it happened, and no two
 * take the same.
 */

const SIGN_IN_COLUMNS: Readonly<Record<string, ColumnType>> = {
  Timestamp: 'DateTime',
  AccountObjectId: 'String',
  AccountUpn: 'String',
  Application: 'String',
  ErrorCode: 'Int64',
  IPAddress: 'String',
  Country: 'String',
  AuthenticationRequirement: 'String',
  IsManaged: 'Int64',
  RiskLevelAggregated: 'Int64',
  RiskState: 'Int64',
};

const CLOUD_COLUMNS: Readonly<Record<string, ColumnType>> = {
  Timestamp: 'DateTime',
  ActionType: 'String',
  Application: 'String',
  AccountObjectId: 'String',
  AccountId: 'String',
  AccountDisplayName: 'String',
  IPAddress: 'String',
  CountryCode: 'String',
  ObjectName: 'String',
  RawEventData: 'Object',
};

export const ACCOUNT_TABLES: Readonly<Record<string, (service: Service, span: number) => Sheet>> = {
  EntraIdSignInEvents: signIns,
  AADSignInEventsBeta: signIns,
  CloudAppEvents: cloudAppEvents,
};

function signIns({ tenant, clock, limits }: Service, span: number): Sheet {
  const rows = tenant
    .signIns()
    .filter(({ at, userId }) => at > clock() - span && at + lag(limits().signInLagMs, `${userId} ${at}`) <= clock())
    .map((one) => ({
      Timestamp: one.at,
      AccountObjectId: one.userId,
      AccountUpn: one.upn,
      Application: one.app,
      ErrorCode: one.failed ? 50_126 : 0,
      IPAddress: one.ip,
      Country: one.country,
      AuthenticationRequirement: `${one.factor}FactorAuthentication`,
      IsManaged: one.managed ? 1 : 0,
      RiskLevelAggregated: one.risk,
      RiskState: one.riskState,
    }));
  return { columns: SIGN_IN_COLUMNS, rows };
}

function cloudAppEvents({ tenant, clock, limits }: Service, span: number): Sheet {
  const rows = tenant
    .audits()
    .filter(
      ({ at, upn, action }) =>
        at > clock() - span && at + lag(limits().auditLagMs, `${upn} ${action} ${at}`) <= clock(),
    )
    .map((one) => ({
      Timestamp: one.at,
      ActionType: one.action,
      Application: one.action.startsWith('Consent') ? 'Office 365' : 'Microsoft Exchange Online',
      AccountObjectId: one.userId,
      AccountId: one.upn,
      AccountDisplayName: one.upn,
      IPAddress: one.ip,
      CountryCode: one.country,
      ObjectName: one.objectName,
      RawEventData: one.raw,
    }));
  return { columns: CLOUD_COLUMNS, rows };
}

/** The same for one event however often it is asked for. */
export function lag([from, to]: Range, event: string): number {
  return from + (createHash('sha256').update(event).digest().readUInt32BE() / 2 ** 32) * (to - from);
}
