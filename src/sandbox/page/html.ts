// A letter and the way back: drawn here, because the page fetches nothing.
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%230f5c63'/%3E%3Cpath d='M7 11h18v11H7zM7 11l9 7 9-7' fill='none' stroke='white' stroke-width='2' stroke-linejoin='round'/%3E%3C/svg%3E";

/**
 * The page before its script runs. `token` proves to the server that a request comes from this page; `pagesAt`: origin of
 * the pages of the running Clawback.
 */
export function shell(token: string, pagesAt: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="page-token" content="${token}">
<meta name="clawback-pages" content="${pagesAt}">
<title>Clawback sandbox</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script>
</head>
<body>
<div id="page"><p class="waiting">Opening the sandbox…</p></div>
<noscript>This page draws the chats with the vendors’ own renderers and needs JavaScript.</noscript>
</body>
</html>
`;
}
