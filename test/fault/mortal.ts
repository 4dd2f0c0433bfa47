import type { Entry } from '../../src/core/record/ledger.ts';
import type { Flow } from '../../src/flow/flow.ts';
import type { Reading } from '../../src/ports/reader.ts';
import type { Store, Tx } from '../../src/ports/store.ts';

/**
 * A process that dies. Everything that a flow does to the world goes through its ports: from the moment of its death each of
 * them refuses, and what was under way in a transaction is taken back, as a database does with a connection that breaks. The
 * next process begins with the same store and nothing else.
 */

/**
 * `before`: not asked any more. `half`: of several writes the first ones had their effect. `within`: all of the transaction is
 * done, and it is not committed. `after`: done or committed, and nobody heard the answer.
 */
type When = 'before' | 'half' | 'within' | 'after';

export interface Moment {
  /** `port.method`, or `commit` with the types of what was written into the record. */
  readonly step: string;
  readonly when: When;
}

export interface Fate {
  /** Null: whichever comes. */
  readonly moment: Moment | null;
  /** At the so manieth of those moments. */
  readonly nth: number;
}

export class Killed extends Error {}

export interface Life {
  readonly flow: Flow;
  /** Where it died; null while it lives. */
  died(): Moment | null;
  /** What it said of copies without having seen it since it began, or since it last wrote to them. */
  readonly unseen: readonly string[];
}

type Ports = 'reader' | 'effects' | 'directory' | 'excerpts';

/** These ask nobody. */
const AT_ONCE: ReadonlySet<string | symbol> = new Set(['anew', 'groupsOf', 'answersAreSeen']);

const keyOf = ({ mailbox, message }: { readonly mailbox: string | null; readonly message: string | null }) =>
  `${mailbox} ${message}`;

export function mortal(flow: Flow, fate: Fate): Life {
  let death: Moment | null = null;
  let passed = 0;
  /** Whether each copy was in Recoverable Items when it was last read here; a write makes that unknown. */
  const seen = new Map<string, boolean>();
  const unseen: string[] = [];

  function at(step: string, when: When): void {
    if (death) throw new Killed();
    const { moment, nth } = fate;
    if (moment !== null && (moment.step !== step || moment.when !== when)) return;
    passed += 1;
    if (passed < nth) return;
    death = { step, when };
    throw new Killed();
  }

  function heed(entries: readonly Entry[]): void {
    for (const { type, outcome, mailbox, message } of entries) {
      if (type !== 'copy.outcome') continue;
      const isGone = seen.get(keyOf({ mailbox, message }));
      const fits = outcome === 'removed' ? isGone === true : outcome === 'restored' ? isGone === false : true;
      if (!fits) unseen.push(`${outcome} ${message}`);
    }
  }

  const store: Store = {
    async transact(work) {
      at('commit', 'before');
      let step = 'commit';
      const result = await flow.store.transact(async (tx) => {
        const types = new Set<string>();
        const append: Tx['ledger']['append'] = (entries) => {
          for (const { type } of entries) types.add(type);
          heed(entries);
          return tx.ledger.append(entries);
        };
        const done = await work({ ...tx, ledger: { ...tx.ledger, append } });
        step = ['commit', ...types].join(' ');
        at(step, 'within');
        return done;
      });
      at(step, 'after');
      return result;
    },
  };

  /** Each method of it is a step; what it answers is heard only by the living. */
  function port<T extends object>(name: string, methods: T, heard: (answer: unknown) => void = () => undefined): T {
    return new Proxy(methods, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (!isMethod(value) || AT_ONCE.has(key)) return value;
        const step = `${name}.${String(key)}`;
        return async (...given: readonly unknown[]) => {
          at(step, 'before');
          if (name === 'effects') await halfOf(step, value, given);
          const answer: unknown = await value.apply(target, [...given]);
          at(step, 'after');
          heard(answer);
          return answer;
        };
      },
    });
  }

  /** Dies with the first half of the writes done, or goes on without having done any. */
  async function halfOf(
    step: string,
    write: (...given: readonly unknown[]) => unknown,
    given: readonly unknown[],
  ): Promise<void> {
    const [orders, ...rest] = given as [readonly { mailbox: string; message: string }[]];
    for (const order of orders) seen.delete(keyOf(order));
    if (orders.length < 2) return;
    try {
      at(step, 'half');
    } catch (killed) {
      await write(orders.slice(0, Math.ceil(orders.length / 2)), ...rest);
      throw killed;
    }
  }

  const read = (answer: unknown) => {
    for (const reading of Array.isArray(answer) ? (answer as readonly Partial<Reading>[]) : [])
      if (reading.status === 'ok' && reading.target && 'state' in reading)
        seen.set(keyOf(reading.target), (reading as Extract<Reading, { status: 'ok' }>).state.inRecoverableItems);
  };
  const ports: Pick<Flow, Ports> = {
    reader: port('reader', flow.reader, read),
    effects: port('effects', flow.effects),
    directory: port('directory', flow.directory),
    excerpts: port('excerpts', flow.excerpts),
  };
  return {
    flow: {
      ...flow,
      ...ports,
      store,
      ...(flow.measures ? { measures: { ...flow.measures, service: port('measures', flow.measures.service) } } : {}),
      finders: flow.finders.map((finder) => port('finder', finder)),
      rooms: flow.rooms.map((room) => port(room.platform, room)),
      chats: new Map([...flow.chats].map(([platform, people]) => [platform, port(`${platform} people`, people)])),
    },
    died: () => death,
    unseen,
  };
}

function isMethod(value: unknown): value is (...given: readonly unknown[]) => unknown {
  return typeof value === 'function';
}
