import type { Situation } from '../incident/incident.ts';
import { inertOr } from '../text.ts';
import type { CaseFacts } from './case.ts';
import type { Nothing, Words } from './coded.ts';
import { present } from './present.ts';

/** What somebody is told who asks, and who is not understood. */

export interface ToldFacts {
  /** `linking`: what people call the chats in which somebody has to say who they are. */
  readonly help: { readonly linking: readonly string[] };
  readonly status: {
    readonly stopped: { readonly by: string | null; readonly reason: string | null } | null;
    readonly open: readonly {
      readonly incident: string;
      readonly stands: Situation;
      readonly subject: string | null;
    }[];
  };
  readonly 'incident-told': { readonly facts: CaseFacts };
  /** `asked`: what was typed for an id. */
  readonly 'incident-not-known': { readonly asked: string };
  readonly 'nothing-shown': Nothing;
  readonly 'asker-unchecked': Nothing;
  readonly 'asker-unlinked': { readonly chat: string };
  readonly 'not-understood': Nothing;
  readonly 'too-many': Nothing;
}

const MOST_FINDINGS = 50;

export const TOLD_WORDS: Words<ToldFacts> = {
  help: ({ linking }) => [
    'queue: what waits for you, what waits for your role, what runs, and what is in trouble',
    'status: the open incidents',
    'incident <id>: what is known of one incident',
    'search: look for mail without an alert; search <id>: what yours found; search allow <id>: where the policy wants a second person',
    'flags [mine | overdue | cleared]: flagged mailboxes; flag <address> <reason>: flags one by hand, where the policy lets you',
    'contain <incident> <measures> <addresses> because <reason>: ask for what is done about people, such as disable-account',
    'stop <reason>: nothing is approved or carried out any more, at once',
    'lift: go on again; takes as many people as the policy says',
    ...(linking.length === 0 ? [] : [`link: say which person is behind this ${linking.join(' and ')} account`]),
    'help: these lines',
    'Decisions are made with the buttons of the cards, by the people whom the policy names.',
  ],
  status: ({ stopped, open }) => [
    ...(stopped
      ? [`STOPPED by ${inertOr(stopped.by, 'somebody', 80)}: ${inertOr(stopped.reason, 'no reason given', 200)}`]
      : []),
    ...(open.length > 0 ? open.map(openLine) : ['No open incidents.']),
  ],
  'incident-told': ({ facts }) => storyOf(facts),
  'incident-not-known': ({ asked }) => [`I know no incident “${inertOr(asked, 'without a name', 40)}”.`],
  'nothing-shown': () => ['You hold no role here, so I cannot show you incidents.'],
  'asker-unchecked': () => ['Who you are cannot be checked this moment. Please try again.'],
  'asker-unlinked': ({ chat }) => [`I do not know which person is behind this ${chat} account.`],
  'not-understood': () => ['I did not understand that, so nothing was done. Say “help” to see what I know.'],
  'too-many': () => ['You asked very often in a short time. Please wait a minute; nothing was done.'],
};

function openLine({ incident, stands, subject }: ToldFacts['status']['open'][number]): string {
  return `${incident}  ${stands}  ${inertOr(subject, '(no subject)', 80)}`;
}

/** What the card says, as lines. */
function storyOf(facts: CaseFacts): readonly string[] {
  const view = present(facts);
  return [
    `${view.incident}: ${view.headline}`,
    view.status,
    view.stopped,
    `From ${view.sender}`,
    `Subject ${view.subject}`,
    view.reach,
    ...view.decisions.map((decision) => decision.text),
    ...view.unsure.map(({ text }) => `May be this mail, left alone: ${text}`),
    ...view.outcomes.map((outcome) => `${outcome.label}: ${outcome.value}`),
    view.needs,
    ...facts.incident.alert.findings
      .slice(0, MOST_FINDINGS)
      .map((finding) => `Finding: ${inertOr(finding, 'an empty one', 500)}`),
  ].filter((line) => line !== '');
}
