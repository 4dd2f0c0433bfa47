import type { babel } from '@stryker-mutator/instrumenter';

type Node = babel.NodePath['node'];

/**
 * What is changed in the code that decides, one change at a time. Stryker brings comparisons, conditions, arithmetic
 * and list methods; these are the ones it lacks and that cost most here: a lock not taken, a query not narrowed to its
 * tenant (in SQL too), a row not locked, a call not made, a default not given, a membership not asked.
 */
export interface Operator {
  readonly name: string;
  mutate(path: babel.NodePath, options: unknown): Iterable<Node>;
}

/** Of Stryker's own. Left out: texts, whole blocks and literals of objects, which say little about a decision. */
export const FROM_STRYKER: ReadonlySet<string> = new Set([
  'ArithmeticOperator',
  'AssignmentOperator',
  'BooleanLiteral',
  'ConditionalExpression',
  'EqualityOperator',
  'LogicalOperator',
  'MethodExpression',
  'UnaryOperator',
  'UpdateOperator',
]);

const MEMBERSHIP = new Set(['includes', 'has', 'startsWith', 'endsWith', 'test']);
const NARROWING = new Set(['where', 'forUpdate', 'skipLocked', 'orderBy', 'limit', 'having']);
/** Reading in place of locking, by what is locked. */
const UNLOCKED: Readonly<Record<string, string>> = { brake: 'read', incidents: 'get', flagged: 'get', measures: 'get' };

export const OPERATORS: readonly Operator[] = [
  {
    name: 'CallNotMade',
    *mutate({ node }) {
      if (node.type !== 'ExpressionStatement') return;
      const { expression } = node;
      const call = expression.type === 'AwaitExpression' ? expression.argument : expression;
      if (call.type === 'CallExpression')
        yield { type: 'ExpressionStatement', expression: identifier('undefined') } as Node;
    },
  },
  {
    name: 'LockNotTaken',
    *mutate({ node }) {
      const call = methodCall(node);
      if (call?.name !== 'lock') return;
      const { object } = call.callee;
      const locked =
        object.type === 'MemberExpression' && object.property.type === 'Identifier' && object.property.name;
      const read = locked && UNLOCKED[locked];
      if (!read) return;
      const callee = { ...structuredClone(call.callee), property: identifier(read) };
      yield { ...structuredClone(call.node), callee } as Node;
    },
  },
  {
    name: 'RowNotLocked',
    *mutate({ node }) {
      for (const n of textsOf(node).keys()) {
        const text = textsOf(node)[n] ?? '';
        if (/\bfor update\b/.test(text))
          yield withTexts(node, new Map([[n, text.replace(/ ?\bfor update( of \w+)?( skip locked)?/, '')]]));
      }
    },
  },
  {
    name: 'TenantNotAsked',
    *mutate({ node }) {
      const texts = textsOf(node);
      for (const [n, text] of texts.entries()) {
        // Where it is compared with a value, which is given in any case, so that nothing else of the statement changes.
        const column = /([\w.]*\btenant) = $/.exec(text);
        if (column && n + 1 < texts.length) {
          const [whole, name] = column;
          const asked = `${text.slice(0, -whole.length)}${name} = coalesce(${name}, `;
          yield withTexts(
            node,
            new Map([
              [n, asked],
              [n + 1, `)${texts[n + 1]}`],
            ]),
          );
        }
        for (const { 0: joined, index } of text.matchAll(/\b\w+\.tenant = \w+\.tenant\b/g)) {
          const rest = text.slice(index + joined.length);
          yield withTexts(node, new Map([[n, `${text.slice(0, index)}true${rest}`]]));
        }
      }
    },
  },
  {
    name: 'QueryNotNarrowed',
    *mutate({ node }) {
      const call = methodCall(node);
      if (call && NARROWING.has(call.name)) yield structuredClone(call.callee.object);
    },
  },
  {
    name: 'MembershipNotAsked',
    *mutate({ node, parent }) {
      const call = methodCall(node);
      // Where the call is the whole condition, Stryker has put both answers in its place already.
      const isCondition = parent.type === 'IfStatement' || parent.type === 'WhileStatement';
      if (!call || isCondition || !MEMBERSHIP.has(call.name)) return;
      for (const value of [true, false]) yield { type: 'BooleanLiteral', value } as Node;
    },
  },
  {
    name: 'DefaultNotGiven',
    *mutate({ node }) {
      if (node.type !== 'LogicalExpression' || node.operator !== '??' || isNothing(node.right)) return;
      yield structuredClone(node.left);
    },
  },
];

/**
 * What another change stands for already: an equality turned round is wrong wherever "always" or "never" in its place is,
 * a comparison turned round likewise, and `a && b` for `a ?? b` says "no default" in a stranger way.
 */
export function isRepetition(name: string, node: Node, replacement: Node): boolean {
  if (name === 'LogicalOperator') return node.type === 'LogicalExpression' && node.operator === '??';
  if (name !== 'EqualityOperator' || replacement.type !== 'BinaryExpression' || node.type !== 'BinaryExpression')
    return false;
  return replacement.operator.includes('==') || replacement.operator[0] !== node.operator[0];
}

/** Missed only where every transaction has a connection of its own. */
export function isAboutALock({ operator, from }: { readonly operator: string; readonly from: string }): boolean {
  if (operator === 'LockNotTaken' || operator === 'RowNotLocked') return true;
  return /pg_advisory_xact_lock|\.(lock|forUpdate)\(\)|\.lock\([^)]*\);?$/.test(from);
}

/** '', 0, [], null: what the compiler asks for beside an index that is always there. */
function isNothing(node: Node): boolean {
  if (node.type === 'StringLiteral') return node.value === '';
  if (node.type === 'NumericLiteral') return node.value === 0;
  return node.type === 'NullLiteral' || (node.type === 'ArrayExpression' && node.elements.length === 0);
}

function identifier(name: string): Node {
  return { type: 'Identifier', name } as Node;
}

/** What stands between the values of a statement in SQL; nothing of any other node. */
function textsOf(node: Node): readonly string[] {
  const isSql = node.type === 'TaggedTemplateExpression' && node.tag.type === 'Identifier' && node.tag.name === 'sql';
  return isSql ? node.quasi.quasis.map(({ value }) => value.raw) : [];
}

function withTexts(node: Node, changed: ReadonlyMap<number, string>): Node {
  const copy = structuredClone(node);
  if (copy.type !== 'TaggedTemplateExpression') return copy;
  for (const [n, raw] of changed) {
    const text = copy.quasi.quasis[n];
    if (text) text.value = { raw, cooked: raw };
  }
  return copy;
}

function methodCall(node: Node) {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return null;
  const { callee } = node;
  return callee.property.type === 'Identifier' ? { node, callee, name: callee.property.name } : null;
}
