import { describe, expect, test } from 'vitest';
import { mailOn } from './graph-loopback.ts';

/** What Microsoft does not offer in a cloud is known before anybody is asked to approve it. */

const canAt = (baseUrl: string) => mailOn({ baseUrl }).mail.can;
const EVERYTHING = {
  locate: 'yes',
  read: 'yes',
  softDelete: 'yes',
  toJunk: 'yes',
  hardDelete: 'yes',
  mark: 'yes',
  putBack: 'yes',
};

describe('mailboxes in the clouds of Microsoft', () => {
  test.each([
    ['the public one', 'https://graph.microsoft.com'],
    ['one that is reached through an address of the customer', 'https://graph.fabrikam.example'],
    ['a stand-in', 'http://127.0.0.1:1'],
  ])('%s: everything can be done', (_which, baseUrl) => {
    expect(canAt(baseUrl)).toEqual(EVERYTHING);
  });

  test.each([
    ['https://graph.microsoft.us', 'US Government'],
    ['https://dod-graph.microsoft.us', 'US Government DoD'],
    ['https://microsoftgraph.chinacloudapi.cn', 'China'],
  ])('%s: everything but deleting for good, and it is said why', (baseUrl, name) => {
    const hardDelete = { no: `Microsoft 365 (${name}) has no way to delete a mail for good` };
    expect(canAt(baseUrl)).toEqual({ ...EVERYTHING, hardDelete });
  });
});
