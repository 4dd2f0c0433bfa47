import { describe, expect, it } from 'vitest';
import { TakenAlert } from '../../src/core/find/alert.ts';
import { linksOf } from '../../src/core/tell/links.ts';
import { copyOf, planOf } from '../support/cases.ts';

const HOSTS = ['detector.example', 'security.microsoft.com', 'admin.exchange.microsoft.com'];
const ID = '11111111-2222-4333-8444-555555555555';
const alert = (change: object) =>
  TakenAlert.parse({
    id: 'a1',
    source: 'Detector',
    verdict: 'phishing',
    detectedAt: '2026-11-20T08:00:00Z',
    message: { subject: 'Invoice' },
    ...change,
  });
const own = (link: unknown) => linksOf(alert({ link }), null, ['detector.example']).map(({ url }) => url);

describe('the page of the source', () => {
  it('is linked to where its host is one of the configuration', () => {
    expect(own('https://detector.example/alerts/7?tab=a')).toEqual(['https://detector.example/alerts/7?tab=a']);
  });

  it.each([
    ['another host', 'https://evil.example/alerts/7'],
    ['a host that only ends like it', 'https://evil-detector.example/'],
    ['a name before an @', 'https://detector.example@evil.example/'],
    ['somebody’s name and password', 'https://a:b@detector.example/'],
    ['no encryption', 'http://detector.example/'],
    ['another port', 'https://detector.example:8443/'],
    ['a script', 'javascript:alert(1)//detector.example'],
    ['a template', 'https://detector.example/?q=\u0024{1+1}'],
    ['no address', 'detector.example'],
    ['nothing', null],
  ])('is not where it names %s', (_name, link) => {
    expect(own(link)).toEqual([]);
  });
});

describe('Microsoft’s pages', () => {
  it('are the one of this message, by network id and a mailbox with a copy, and message trace', () => {
    const plan = planOf({ copies: [copyOf(1)] });
    const links = linksOf(alert({}), { ...plan, key: { ...plan.key, networkMessageId: ID } }, HOSTS);
    expect(links.map(({ label }) => label)).toEqual(['Defender', 'Message trace']);
    expect(links[0]?.url).toBe(
      `https://security.microsoft.com/emailentity?id=${ID}&recipient=${encodeURIComponent(plan.copies[0]?.address ?? '')}`,
    );
  });

  it('are none of this message where nobody knows its network id', () => {
    expect(linksOf(alert({}), planOf(), HOSTS).map(({ label }) => label)).toEqual(['Message trace']);
  });

  it('are none where the configuration allows none', () => {
    expect(linksOf(alert({ link: 'https://detector.example/' }), planOf(), [])).toEqual([]);
  });
});
