/** The one place outside this page that its links lead to: the running Clawback's own pages, where people sign in. */

const place = document.querySelector<HTMLMetaElement>('meta[name="clawback-pages"]')?.content ?? '';

/** In a tab of its own. Everything else that a card links to stays closed: it may be an attacker's. */
export function openOurPage(address: string | undefined): void {
  const url = URL.parse(address ?? '');
  if (place !== '' && url?.origin === place) window.open(url.href, '_blank', 'noopener');
}
