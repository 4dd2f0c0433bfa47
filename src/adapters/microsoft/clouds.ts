/** Which of Microsoft's clouds a tenant is in, as the address of its Graph shows (learn.microsoft.com/graph/deployments). */

export type Cloud =
  | 'global'
  /** GCC High; Microsoft's L4. */
  | 'usGov'
  /** DoD; Microsoft's L5. */
  | 'usGovHigh'
  /** Operated by 21Vianet. */
  | 'china'
  /** An address that is none of Microsoft's own, such as a proxy's: what it offers is found out by asking it. */
  | 'another';

const CLOUDS: Readonly<Record<string, Cloud>> = {
  'graph.microsoft.com': 'global',
  'graph.microsoft.us': 'usGov',
  'dod-graph.microsoft.us': 'usGovHigh',
  'microsoftgraph.chinacloudapi.cn': 'china',
};

export function cloudOf(graphUrl: string): Cloud {
  return CLOUDS[URL.parse(graphUrl)?.hostname ?? ''] ?? 'another';
}

/** For people: `Microsoft 365, …`. */
export const CLOUD_NAMES: Readonly<Record<Exclude<Cloud, 'another'>, string>> = {
  global: 'public cloud',
  usGov: 'US Government',
  usGovHigh: 'US Government DoD',
  china: 'China',
};
