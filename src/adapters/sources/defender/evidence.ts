import { listAt, numberAt, textAt, textsAt } from '../reading/payload.ts';

/** Evidence of Defender by its type, and what is shown of what no mail can be found by [msgraph-metadata, v1.0]. */

export type TypeOfEvidence =
  | 'analyzedMessage'
  | 'submissionMail'
  | 'mailCluster'
  | 'mailboxConfiguration'
  | 'mailbox'
  | 'teamsMessage'
  | 'url'
  | 'file'
  | 'oauthApplication';

/** `#microsoft.graph.security.analyzedMessageEvidence`; without the type, by what only this one has. */
export function isEvidence(one: unknown, type: TypeOfEvidence): boolean {
  const named = textAt(one, '@odata.type');
  if (named !== null) return named.toLowerCase().endsWith(`.${type.toLowerCase()}evidence`);
  return SIGNS[type]?.some((field) => textAt(one, field) !== null || listAt(one, field).length > 0) ?? false;
}

const SIGNS: Partial<Readonly<Record<TypeOfEvidence, readonly string[]>>> = {
  analyzedMessage: ['internetMessageId', 'recipientEmailAddress', 'p2Sender'],
  submissionMail: ['submissionId', 'submitter'],
  mailCluster: ['networkMessageIds', 'clusterBy'],
  mailboxConfiguration: ['configurationType'],
  teamsMessage: ['threadId'],
};

const OF_MAIL: readonly TypeOfEvidence[] = [
  'analyzedMessage',
  'submissionMail',
  'mailCluster',
  'mailboxConfiguration',
  'teamsMessage',
];

export const isOfMail = (one: unknown) => OF_MAIL.some((type) => isEvidence(one, type));

/** Told and not acted on: rules of mailboxes, messages in Teams, applications; and clusters that are cut. */
export function otherFindings(evidence: readonly unknown[]): readonly string[] {
  return evidence.flatMap((one) => {
    const words = wordsOf(one);
    return words === null ? [] : [words];
  });
}

function wordsOf(one: unknown): string | null {
  if (isEvidence(one, 'mailboxConfiguration')) return configurationWords(one);
  if (isEvidence(one, 'teamsMessage')) return teamsWords(one);
  if (isEvidence(one, 'mailCluster')) return clusterWords(one);
  if (isEvidence(one, 'oauthApplication'))
    return `Application: ${textAt(one, 'displayName') ?? textAt(one, 'appId') ?? 'unnamed'}.`;
  return null;
}

const CONFIGURATIONS: Readonly<Record<string, string>> = {
  mailForwardingRule: 'A rule that forwards mail',
  userInboxRule: 'A rule of the inbox',
  mailDelegation: 'Somebody may read the mailbox',
  owaSettings: 'Settings of Outlook on the web',
  ewsSettings: 'Settings of Exchange Web Services',
};

function configurationWords(one: unknown): string {
  const what = CONFIGURATIONS[textAt(one, 'configurationType') ?? ''] ?? 'A setting of the mailbox';
  const name = textAt(one, 'displayName');
  const whose = textAt(one, 'mailboxPrimaryAddress') ?? textAt(one, 'upn') ?? 'an unnamed mailbox';
  return `${what}${name === null ? '' : ` called \u201c${name.slice(0, 80)}\u201d`} in ${whose}: look at it, nothing here changes it.`;
}

function teamsWords(one: unknown): string {
  const to = [...new Set([...textsAt(one, 'recipients'), ...textsAt(one, 'suspiciousRecipients')])].length;
  const by = textAt(one, 'senderFromAddress') ?? 'somebody unnamed';
  return `A message in Teams from ${by} to ${to} people is part of it: it is not removed from here.`;
}

function clusterWords(one: unknown): string {
  const counted = numberAt(one, 'emailCount');
  const named = textsAt(one, 'networkMessageIds').length;
  const size = counted === null ? `${named} mails` : `${counted} mails, of which ${Math.min(named, counted)} are named`;
  return `Defender puts ${size} into one cluster.`;
}
