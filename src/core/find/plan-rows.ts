import { type Copy, order, type Plan, type UnsureGroup } from './plan.ts';

/**
 * The parts of a plan of which there may be thousands, each as a row of its own: one thing that can be proven, and let go
 * of, by itself.
 */
export interface RowContents {
  /** What an action may be about. */
  readonly target: TargetRow;
  /** An address, and the lists of the plan that it is in. */
  readonly address: { readonly address: string; readonly in: readonly AddressList[] };
  /** Object id of somebody who is proven to have received it. */
  readonly recipient: { readonly person: string };
  readonly group: Omit<UnsureGroup, 'addresses'>;
  /** So many messages of a group are in this mailbox. */
  readonly unsure: { readonly group: string; readonly address: string; readonly times: number };
  readonly 'look-alike': Plan['leftAlone'][number];
  readonly shielded: Plan['shielded'][number];
  /** How the mail was seen to be written. */
  readonly form: { readonly form: 'message id' | 'sender'; readonly text: string };
}

export type RowKind = keyof RowContents;
export type PlanRow = {
  readonly [Kind in RowKind]: { readonly kind: Kind; readonly content: RowContents[Kind] };
}[RowKind];

interface TargetRow {
  readonly target: { readonly kind: 'copy'; readonly owner: string; readonly id: string };
  readonly address: string;
  readonly receivedAt: string | null;
  /** As it was seen: of a copy, what a copy has. */
  readonly before: Pick<Copy, 'folderId' | 'folder' | 'isRead' | 'flag' | 'categories'>;
  readonly refs?: Readonly<Record<string, string>>;
  readonly said?: Readonly<Record<string, string>>;
}

export const ADDRESS_LISTS = [
  'asked',
  'denied',
  'failed',
  'missing',
  'nothing',
  'received',
  'unreachable',
  'unresolved',
] as const satisfies readonly (keyof Plan)[];
type AddressList = (typeof ADDRESS_LISTS)[number];

/** What of a plan is in rows. */
export type Listed = Pick<Plan, AddressList | 'copies' | 'recipients' | 'unsure' | 'leftAlone' | 'shielded' | 'forms'>;

/** Of each kind in their order, which is part of what is proven. `plan`: sorted. */
export function rowsOf(plan: Listed): readonly PlanRow[] {
  return [
    ...plan.copies.map((copy) => ({ kind: 'target', content: targetRow(copy) }) as const),
    ...addressRows(plan),
    ...plan.recipients.map((person) => ({ kind: 'recipient', content: { person } }) as const),
    ...plan.unsure.map(({ addresses: _, ...content }) => ({ kind: 'group', content }) as const),
    ...plan.unsure.flatMap(unsureRows),
    ...plan.leftAlone.map(({ address, why }) => ({ kind: 'look-alike', content: { address, why } }) as const),
    ...plan.shielded.map(({ address, set }) => ({ kind: 'shielded', content: { address, set } }) as const),
    ...plan.forms.internetMessageIds.map((text) => ({ kind: 'form', content: { form: 'message id', text } }) as const),
    ...plan.forms.senders.map((text) => ({ kind: 'form', content: { form: 'sender', text } }) as const),
  ];
}

function targetRow({ mailbox, message, address, receivedAt, refs, said, ...before }: Copy): TargetRow {
  const { folderId, folder, isRead, flag, categories } = before;
  return {
    target: { kind: 'copy', owner: mailbox, id: message },
    address,
    receivedAt,
    before: { folderId, folder, isRead, flag, categories },
    ...(refs ? { refs } : {}),
    ...(said ? { said } : {}),
  };
}

function addressRows(plan: Listed): readonly PlanRow[] {
  const lists = new Map<string, AddressList[]>();
  for (const list of ADDRESS_LISTS)
    for (const address of plan[list]) {
      const known = lists.get(address);
      if (known) known.push(list);
      else lists.set(address, [list]);
    }
  const sorted = [...lists].sort(([a], [b]) => order(a, b));
  return sorted.map(([address, own]) => ({ kind: 'address', content: { address, in: own } }));
}

function unsureRows({ key, addresses }: UnsureGroup): readonly PlanRow[] {
  const times = new Map<string, number>();
  for (const address of addresses) times.set(address, (times.get(address) ?? 0) + 1);
  return [...times].map(([address, n]) => ({ kind: 'unsure', content: { group: key, address, times: n } }));
}

/** The other way round: the rows of each kind in their order. */
export function listedIn(rows: readonly PlanRow[]): Listed {
  const all: { [Kind in RowKind]: RowContents[Kind][] } = {
    target: [],
    address: [],
    recipient: [],
    group: [],
    unsure: [],
    'look-alike': [],
    shielded: [],
    form: [],
  };
  for (const { kind, content } of rows) (all[kind] as (typeof content)[]).push(content);
  const inList = (list: AddressList) => all.address.flatMap((row) => (row.in.includes(list) ? row.address : []));
  const forms = (form: 'message id' | 'sender') => all.form.flatMap((row) => (row.form === form ? row.text : []));
  const unsure = Map.groupBy(all.unsure, ({ group }) => group);
  return {
    copies: all.target.map(copyIn),
    asked: inList('asked'),
    nothing: inList('nothing'),
    denied: inList('denied'),
    missing: inList('missing'),
    unreachable: inList('unreachable'),
    failed: inList('failed'),
    received: inList('received'),
    unresolved: inList('unresolved'),
    recipients: all.recipient.map(({ person }) => person),
    unsure: all.group.map((group) => ({
      ...group,
      addresses: (unsure.get(group.key) ?? []).flatMap(({ address, times }) =>
        Array.from({ length: times }, () => address),
      ),
    })),
    leftAlone: all['look-alike'],
    shielded: all.shielded,
    forms: { internetMessageIds: forms('message id'), senders: forms('sender') },
  };
}

function copyIn({ target, address, receivedAt, before, refs, said }: TargetRow): Copy {
  return {
    mailbox: target.owner,
    message: target.id,
    address,
    receivedAt,
    ...before,
    ...(refs ? { refs } : {}),
    ...(said ? { said } : {}),
  };
}
