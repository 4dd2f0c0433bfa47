/** What the embedded database's thread is asked, and what it tells. Each answer bears the id of its question; 0: it is open. */

export type Asked = { readonly id: number } & (
  | { readonly what: 'begin'; readonly transaction: number }
  | { readonly what: 'end'; readonly transaction: number; readonly commit: boolean }
  | { readonly what: 'exec'; readonly transaction: number | null; readonly sql: string }
  | {
      readonly what: 'query';
      readonly transaction: number | null;
      readonly sql: string;
      readonly parameters: readonly unknown[];
      readonly options: { readonly rowMode?: 'array' | 'object' };
    }
  | { readonly what: 'close' }
  /** Answered as soon as no statement is running. */
  | { readonly what: 'ping' }
);

export type Told = { readonly id: number } & (
  | { readonly value: unknown }
  | {
      readonly failed: {
        readonly name: string;
        readonly message: string;
        readonly stack: string | undefined;
        /** PostgreSQL's code among them. */
        readonly fields: Readonly<Record<string, string | number | boolean>>;
      };
    }
);
