import { z } from 'zod';
import type { Consent, RuleChange } from '../../core/intelligence/facts.ts';

/**
 * Records of Exchange and Entra as CloudAppEvents passes them on. The web writes a rule as `Parameters`; Outlook on a desktop writes
 * `UpdateInboxRules` with `OperationProperties`, whose actions are a text of their own
 * [SigmaHQ: susp_email_forwarding_activity; learn.microsoft.com/purview/audit-log-activities].
 */

const Pair = z.object({ Name: z.string(), Value: z.unknown().optional(), NewValue: z.unknown().optional() });
const Pairs = z.array(z.unknown());

export type Named = ReadonlyMap<string, string>;

/** Pairs of name and value, in whichever of the two forms; later ones win. Empty for what is none. */
export function namedIn(text: string): Named {
  const list = Pairs.safeParse(parsed(text)).data ?? [];
  return new Map(
    list.flatMap((one) => {
      const pair = Pair.safeParse(one).data;
      if (!pair) return [];
      return [[pair.Name.toLowerCase(), asText(pair.Value ?? pair.NewValue)] as const];
    }),
  );
}

type Written = Omit<RuleChange, 'at' | 'ip' | 'id' | 'stands'>;

const NOTHING = { moveTo: null, deletes: false, marksRead: false, sendsTo: [], words: [] } as const;

/** Null where it says of no rule what it is called. */
export function ruleIn(operation: string, parameters: Named, properties: Named): Written | null {
  const rule = operation === 'UpdateInboxRules' ? fromDesktop(properties) : fromWeb(operation, parameters);
  return rule.name === '' && rule.isEnd ? null : rule;
}

function fromWeb(operation: string, parameters: Named): Written {
  const of = (name: string) => parameters.get(name.toLowerCase()) ?? '';
  const isOn = (name: string) => of(name).toLowerCase() === 'true';
  const name = of('Name') || lastOf(of('Identity'));
  if (/^Remove-/i.test(operation)) return { ...NOTHING, name, isEnd: true, turn: 'gone' };
  if (/^Disable-/i.test(operation)) return { ...NOTHING, name, isEnd: true };
  return {
    name,
    isEnd: false,
    ...(/^New-/i.test(operation) ? { turn: 'made' as const } : {}),
    moveTo: of('MoveToFolder') || null,
    deletes: isOn('DeleteMessage') || isOn('SoftDeleteMessage'),
    marksRead: isOn('MarkAsRead'),
    sendsTo: ['ForwardTo', 'ForwardAsAttachmentTo', 'RedirectTo'].flatMap((way) => addressesIn(of(way))),
    words: ['SubjectContainsWords', 'BodyContainsWords', 'SubjectOrBodyContainsWords'].flatMap((way) =>
      wordsIn(of(way)),
    ),
  };
}

const DesktopAction = z.object({
  ActionType: z.string().optional(),
  Folder: z.string().optional(),
  Recipients: z.union([z.array(z.unknown()), z.string()]).optional(),
});

function fromDesktop(properties: Named): Written {
  const name = properties.get('rulename') ?? properties.get('name') ?? '';
  const does = properties.get('ruleoperation') ?? '';
  if (/remove|delete/i.test(does)) return { ...NOTHING, name, isEnd: true, turn: 'gone' };
  const list = Pairs.safeParse(parsed(properties.get('ruleactions') ?? '')).data ?? [];
  const actions = list.flatMap((one) => DesktopAction.safeParse(one).data ?? []);
  const has = (kind: RegExp) => actions.some(({ ActionType = '' }) => kind.test(ActionType));
  const recipients = [...actions.map(({ Recipients }) => asText(Recipients ?? '')), properties.get('recipients') ?? ''];
  return {
    name,
    ...(/add|new/i.test(does) ? { turn: 'made' as const } : {}),
    isEnd: /disabled/i.test(properties.get('rulestate') ?? ''),
    moveTo: actions.find(({ ActionType = '', Folder }) => /move|copy/i.test(ActionType) && Folder)?.Folder ?? null,
    deletes: has(/delete/i),
    marksRead: has(/read/i),
    sendsTo: recipients.flatMap(addressesIn),
    words: wordsIn(/contains\s+(.+)$/i.exec(properties.get('rulecondition') ?? '')?.[1] ?? ''),
  };
}

/** `smtp:a@b;"Name" [SMTP:c@d]` and the like. */
export function addressesIn(text: string): readonly string[] {
  const found = text.match(/[^\s"'<>[\]();,:]+@[^\s"'<>[\]();,:]+/g) ?? [];
  return [...new Set(found.map((one) => one.toLowerCase()))];
}

const MOST_WORDS = 20;
const wordsIn = (text: string) =>
  text
    .split(/[;,]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS);

const lastOf = (identity: string) => identity.split('\\').at(-1) ?? '';

type Granted = Omit<Consent, 'at' | 'isThere' | 'source'>;

/** What an app was let to; null where no scope can be read. `ConsentAction.Permissions` is one text: `… Scope: Mail.Read User.Read, …`. */
export function consentIn(
  modified: Named,
  { name, objectId }: { readonly name: string; readonly objectId: string },
): Granted | null {
  const permissions = modified.get('consentaction.permissions') ?? modified.get('delegatedpermissiongrant.scope') ?? '';
  const scopes = [
    ...new Set([...permissions.matchAll(/Scope:\s*([^,\]]*)/g)].flatMap(([, text = '']) => text.trim().split(/\s+/))),
  ];
  const named = scopes.length > 0 ? scopes : permissions.split(/\s+/);
  const some = named.filter((scope) => /^[\w.]+$/.test(scope) && !/^(?:null|none)$/i.test(scope));
  if (some.length === 0) return null;
  const appId = guidIn(modified.get('targetid.serviceprincipalnames') ?? '') || guidIn(objectId);
  return {
    app: modified.get('serviceprincipal.displayname') ?? name,
    appId,
    scopes: some,
    grant: /\[\[?Id:\s*([\w-]{20,}),/.exec(permissions)?.[1] ?? null,
    isForAll: /true/i.test(modified.get('consentcontext.isadminconsent') ?? '') || /AllPrincipals/i.test(permissions),
  };
}

const guidIn = (text: string) => /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(text)?.[0].toLowerCase() ?? '';

const Folder = z.object({
  ParentFolder: z.object({ MemberUpn: z.string().nullish(), MemberRights: z.string().nullish() }),
});

/** Who was given rights on a folder; null where the record is about none. */
export function memberIn(item: string): { readonly who: string; readonly rights: string } | null {
  const folder = Folder.safeParse(parsed(item)).data?.ParentFolder;
  return folder?.MemberUpn ? { who: folder.MemberUpn, rights: folder.MemberRights ?? '' } : null;
}

/** Subjects of the mails that a record is about. */
export function subjectsIn(items: string): readonly string[] {
  const list = Pairs.safeParse(parsed(items)).data ?? [];
  return list.flatMap((one) => z.object({ Subject: z.string() }).safeParse(one).data?.Subject ?? []);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
}

/** Undefined for what is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
