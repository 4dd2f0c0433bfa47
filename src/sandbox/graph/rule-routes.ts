import type { Mailbox } from '../tenant/mailbox.ts';
import type { MailboxRule } from '../tenant/types.ts';
import { fail, type Json, ok, type Reply, record } from './reply.ts';
import { picked } from './shape.ts';
import type { Route, Task } from './types.ts';

/** Rules of the Inbox (learn.microsoft.com/graph/api/resources/messagerule). Hidden ones work and are not there. */

const RULES = ['users', ':user', 'mailfolders', 'inbox', 'messagerules'];

export const RULE_ROUTES: readonly Route[] = [
  {
    operation: 'listRules',
    method: 'GET',
    pattern: RULES,
    outlook: true,
    roles: ['MailboxSettings.Read'],
    handle: listRules,
  },
  {
    operation: 'getRule',
    method: 'GET',
    pattern: [...RULES, ':rule'],
    outlook: true,
    roles: ['MailboxSettings.Read'],
    handle: getRule,
  },
  {
    operation: 'patchRule',
    method: 'PATCH',
    pattern: [...RULES, ':rule'],
    outlook: true,
    roles: ['MailboxSettings.ReadWrite'],
    handle: patchRule,
  },
];

function listRules({ box, user, service, query }: Task): Reply {
  const shown = box.rules.filter(({ hidden }) => !hidden).map(ruleJson);
  const value = shown.slice(query.skip, query.top === null ? undefined : query.skip + query.top);
  return ok({ '@odata.context': contextOf(service.origin(), user.id), value });
}

function getRule(task: Task): Reply {
  return ruleReply(task, ruleOr404(task.box, task.params['rule'] ?? ''));
}

/** learn.microsoft.com, messagerule-update. */
const WRITABLE = new Set(['displayName', 'sequence', 'isEnabled', 'conditions', 'actions', 'exceptions']);
const OBJECTS = new Set(['conditions', 'actions', 'exceptions']);

function patchRule(task: Task): Reply {
  const { box, params, json, wrote } = task;
  const rule = ruleOr404(box, params['rule'] ?? '');
  const change = json();
  for (const [name, value] of Object.entries(change)) {
    const fits = OBJECTS.has(name)
      ? record(value) !== null
      : typeof value === { displayName: 'string', sequence: 'number', isEnabled: 'boolean' }[name];
    if (!WRITABLE.has(name) || !fits)
      fail(400, 'RequestBodyRead', `The property '${name}' cannot be set to this value.`);
  }
  if (rule.isReadOnly) return fail(400, 'ErrorInvalidOperation', 'The rule is read-only.');
  const changed: MailboxRule = { ...rule, ...change };
  box.rules.splice(box.rules.indexOf(rule), 1, changed);
  wrote({ effect: 'rule', message: null, from: rule.displayName, to: changed.isEnabled ? 'on' : 'off' });
  return ruleReply(task, changed);
}

function ruleOr404(box: Mailbox, id: string): MailboxRule {
  const rule = box.rules.find((one) => one.id === id && !one.hidden);
  return rule ?? fail(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
}

function ruleReply({ service, user, query }: Task, rule: MailboxRule): Reply {
  const all = ruleJson(rule);
  const shown = query.select === null ? all : picked(all, query.select, 'microsoft.graph.messageRule');
  return ok({ '@odata.context': `${contextOf(service.origin(), user.id)}/$entity`, ...shown });
}

function contextOf(origin: string, userId: string): string {
  return `${origin}/v1.0/$metadata#users('${userId}')/mailFolders('inbox')/messageRules`;
}

/** What a rule does not have is null, or left out. */
function ruleJson({ hidden: _, exceptions, ...rule }: MailboxRule): Json {
  return {
    ...rule,
    hasError: rule.hasError ?? false,
    isReadOnly: rule.isReadOnly ?? false,
    ...(exceptions === undefined ? {} : { exceptions }),
  };
}
