declare const held: unique symbol;
/** Read while its row is held, until the transaction ends. Only a lock answers it, and whoever needs the row held asks for it. */
export type Held<T> = T & { readonly [held]: true };
