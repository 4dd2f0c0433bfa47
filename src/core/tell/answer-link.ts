import { inertOr } from '../text.ts';
import type { Nothing, Words } from './coded.ts';

/** What somebody is told who says which person is behind a chat account. */

export interface LinkFacts {
  readonly 'link-begins': Nothing;
  readonly 'link-has-no-page': Nothing;
  readonly 'link-not-needed': Nothing;
  /** `chats`: what people call those whose accounts can be linked. */
  readonly 'link-not-here': { readonly chats: readonly string[] };
  readonly 'link-configured': Nothing;
  readonly 'link-code-unknown': Nothing;
  /** The account, or the person, has a link already. */
  readonly 'link-taken': Nothing;
  readonly linked: { readonly chat: string; readonly name: string };
}

export const LINK_WORDS: Words<LinkFacts> = {
  'link-begins': () => ['Sign in with your work account; you then get a code to type here.'],
  'link-has-no-page': () => ['There is no sign-in page here. Ask whoever runs Clawback to link you.'],
  'link-not-needed': () => ['No account here has to be linked.'],
  'link-not-here': ({ chats }) => [`Only ${chats.join(' and ')} accounts of this workspace are linked.`],
  'link-configured': () => ['This account is linked by configuration.'],
  'link-code-unknown': () => ['I do not know this code, or it is too old. Say /clawback link to begin anew.'],
  'link-taken': () => ['This account, or the person you signed in as, is linked already. Ask whoever runs Clawback.'],
  linked: ({ chat, name }) => [
    `Linked: this ${chat} account is ${inertOr(name, 'somebody', 80)}. Press the button again.`,
  ],
};
