import { expect, onTestFinished, test } from 'vitest';
import { lastStep } from '../../src/adapters/microsoft/last-step.ts';

/** Node's fetch tells its handler that a request begins, in one of two ways: which one depends on its age. */

const NODES_OWN = Symbol.for('undici.globalDispatcher.1');
const OVER = new Error('the time is over');

/** Dispatches with what stands in for Node's own dispatcher; says what became of the request. */
function dispatched(begin: (handler: Handler, controller: Controller) => void, forbids: () => Error | null) {
  const holder = globalThis as { [NODES_OWN]?: unknown };
  const before = holder[NODES_OWN];
  onTestFinished(() => {
    holder[NODES_OWN] = before;
  });
  const heard: unknown[] = [];
  const controller = { abort: (reason: Error) => void heard.push(['broken off', reason]) };
  holder[NODES_OWN] = { dispatch: (_options: unknown, handler: Handler) => begin(handler, controller) };
  const handler: Handler = {
    retries: 3,
    onConnect: (...told) => void heard.push(['begun', ...told]),
    onRequestStart: (...told) => void heard.push(['begun', ...told]),
    onHeaders: (...told) => void heard.push(['answered', ...told]),
  };
  const { dispatcher } = lastStep(forbids) as { dispatcher: { dispatch(options: object, handler: Handler): void } };
  dispatcher.dispatch({}, handler);
  return { heard, controller };
}

interface Controller {
  abort(reason: Error): void;
}
interface Handler {
  retries: number;
  onConnect(abort: Controller['abort'], context: string): void;
  onRequestStart(controller: Controller, context: string): void;
  onHeaders(status: number): void;
}

test('a request that is forbidden is broken off before it begins, in the old way and in the new', () => {
  const old = dispatched(
    (handler, { abort }) => handler.onConnect(abort, 'context'),
    () => OVER,
  );
  const young = dispatched(
    (handler, controller) => handler.onRequestStart(controller, 'context'),
    () => OVER,
  );
  expect([old.heard, young.heard]).toEqual([[['broken off', OVER]], [['broken off', OVER]]]);
});

test('a request that is allowed begins as if nobody had asked', () => {
  const old = dispatched(
    (handler, { abort }) => handler.onConnect(abort, 'context'),
    () => null,
  );
  const young = dispatched(
    (handler, controller) => handler.onRequestStart(controller, 'context'),
    () => null,
  );
  expect(old.heard).toEqual([['begun', old.controller.abort, 'context']]);
  expect(young.heard).toEqual([['begun', young.controller, 'context']]);
});

test('nobody asks about what comes after the beginning, and what is no step stays as it is', () => {
  const { heard } = dispatched(
    (handler) => {
      expect(handler.retries).toBe(3);
      handler.onHeaders(200);
    },
    () => OVER,
  );
  expect(heard).toEqual([['answered', 200]]);
});
