/**
 * `fetch` may wait long before it writes: for a name, a connection, a handshake. What must hold when the first byte leaves
 * has to be looked at there, and that is where fetch tells its own handler that the request begins.
 */

interface Dispatcher {
  dispatch(options: unknown, handler: object): unknown;
}
type Abort = (reason: Error) => void;

/** Where Node keeps the dispatcher of its own fetch, a proxy's included (undici, lib/global.js). */
const NODES_OWN = Symbol.for('undici.globalDispatcher.1');

/** As an option of `fetch`: asks `forbids` when the request is about to be written, on a connection that stands. */
export function lastStep(forbids: () => Error | null): object {
  return { dispatcher: dispatcherThatAsks(forbids) };
}

function dispatcherThatAsks(forbids: () => Error | null): Dispatcher {
  return {
    dispatch(options, handler) {
      const plain = (globalThis as { [NODES_OWN]?: Dispatcher })[NODES_OWN];
      if (!plain) throw new Error('this Node has no dispatcher that fetch goes through');
      return plain.dispatch(options, new Proxy(handler, { get: (of, name) => stepOf(of, name, forbids) }));
    },
  };
}

/** The handler's own method; where the request begins, one that asks first. Two names, one for each age of the interface. */
function stepOf(handler: object, name: string | symbol, forbids: () => Error | null): unknown {
  const own: unknown = Reflect.get(handler, name);
  if (typeof own !== 'function') return own;
  if (name !== 'onConnect' && name !== 'onRequestStart') return own.bind(handler);
  return (first: Abort | { readonly abort: Abort }, ...rest: unknown[]) => {
    const reason = forbids();
    if (reason === null) return own.call(handler, first, ...rest);
    if (typeof first === 'function') first(reason);
    else first.abort(reason);
    return undefined;
  };
}
