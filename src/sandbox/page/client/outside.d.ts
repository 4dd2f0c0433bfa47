/** The one function of react-dom's client that is used here; its types are not among our dependencies. */
declare module 'react-dom/client' {
  import type { ReactNode } from 'react';
  export function createRoot(container: Element): { render(node: ReactNode): void };
}

declare module '*.css';
