import type { FileTrouble } from '../core/find/offered-file.ts';
import type { FlagVerb } from '../core/flag/may.ts';
import type { Answer, FormProblem, PageFor } from '../core/tell/answer.ts';
import type { ReportWay } from '../core/tell/answer-report.ts';
import type { ContainForm, ContainTyped } from '../core/tell/contain-form.ts';
import type { DetailsPage } from '../core/tell/details.ts';
import type { Look } from '../core/tell/details-rows.ts';
import type { Amount } from '../core/tell/effect.ts';
import type { FlagForm, FlagList, FlagWhich } from '../core/tell/flags.ts';
import type { FoundPage } from '../core/tell/found-view.ts';
import type { ListFile, ListFormat } from '../core/tell/list-file.ts';
import type { PageAnswer, SignInFor } from '../core/tell/page-words.ts';
import type { Queue } from '../core/tell/queue.ts';
import type { SearchForm } from '../core/tell/search-form.ts';
import type { CardRef, Platform } from './rooms.ts';

/** Who acts, as the platform vouches for it. Names are for people; only ids decide. */
export interface ChatUser {
  readonly platform: Platform;
  /** Slack user id, or Entra object id (aadObjectId) in Teams. Empty when the platform sent none. */
  readonly id: string;
  /** Slack team id, or Entra tenant id in Teams. */
  readonly home: string;
  readonly name: string;
}

/** A press of a button on a card (or the submit of its reason form). Nothing in it is believed but ids. */
export interface Press {
  readonly by: ChatUser;
  /** The place the press came from; for a reason form, the card that opened it. */
  readonly card: Omit<CardRef, 'via'>;
  /** Of a button that cards have; anything else is refused and recorded. */
  readonly verb: string;
  readonly incident: string;
  readonly digest: string;
  /** For reject, and where a policy wants one. null: not asked for yet. Empty: asked for and not given. */
  readonly reason: string | null;
  /** What was typed where a form asks for a word; null: not asked yet. */
  readonly word?: string | null;
  /** Zero-based page of the details list, or number of the unsure group. */
  readonly page: number;
  /** What of the details list is asked for; left out: all of it. Text of whoever pressed, and nothing but text. */
  readonly look?: Look;
}

export interface CommandCall {
  readonly by: ChatUser;
  readonly channel: string;
  /** The words after the command's name or the mention, e.g. `incident CB-7F3K2M`. */
  readonly words: string;
}

/** Somebody looks at their queue, or brings a card out of it. Nothing is decided by that. */
export interface QueueCall {
  readonly by: ChatUser;
  /** Where others may see the answer; null where nobody does. */
  readonly channel: string | null;
  /** The incident whose card is to come into the room of the cards; null to see the queue. */
  readonly open: string | null;
}

/** Somebody looks for mail without an alert, or goes on with what they found. */
export interface SearchCall {
  readonly by: ChatUser;
  /** Where others may see the answer; null where nobody does. */
  readonly channel: string | null;
  readonly asks:
    | { readonly is: 'form' }
    /** What was typed into it. */
    | { readonly is: 'begin'; readonly typed: SearchForm['typed'] }
    /** What came of it; waits for it for a moment. */
    | { readonly is: 'show'; readonly search: string }
    /** `digest`: the beginning of the one that was shown; null to be shown what is asked for. */
    | { readonly is: 'allow'; readonly search: string; readonly digest: string | null }
    /** One mail of what was found becomes an incident. */
    | { readonly is: 'file'; readonly search: string; readonly mail: string };
}

/** Somebody looks at the flagged mailboxes, or does something about one. Nothing in it is believed but the id. */
export interface FlagCall {
  readonly by: ChatUser;
  /** Where others may see the answer; null where nobody does. */
  readonly channel: string | null;
  readonly asks:
    | { readonly is: 'list'; readonly which: FlagWhich }
    /** `seen`: the version that was shown. `reason` null: not asked for yet; empty: asked for and not given. */
    | {
        readonly is: 'do';
        readonly verb: FlagVerb;
        readonly flag: string;
        readonly seen: number;
        readonly reason: string | null;
      }
    /** By hand, as typed. */
    | { readonly is: 'raise'; readonly address: string; readonly reason: string };
}

/** Somebody asks in a form for measures about people of an incident. Nothing in it is believed but the ids. */
export interface ContainCall {
  readonly by: ChatUser;
  /** Where others may see the answer; null where nobody does. */
  readonly channel: string | null;
  readonly incident: string;
  /** Of the list of mailboxes that was shown with it. */
  readonly digest: string;
  /** As it was filled in; null to be shown the form. */
  readonly typed: ContainTyped | null;
}

/** A file of a message that somebody points at. What it is called and how large it is, the chat says. */
export interface OfferedFile {
  /** The chat's own id of it. */
  readonly id: string;
  readonly name: string;
  /** Why it cannot be fetched, where that is clear without trying. */
  readonly trouble: FileTrouble | null;
  /** Asked for once it is known who asks; never throws. Not more than `MOST_FILE_BYTES`. */
  fetch(): Promise<{ readonly bytes: Buffer } | { readonly trouble: FileTrouble }>;
}

/** Somebody reports the mail in a message. */
export interface ReportCall {
  readonly by: ChatUser;
  /** Where the message stands, by the chat's own ids. */
  readonly channel: string;
  readonly message: string;
  readonly files: readonly OfferedFile[];
  /** How a mail is reported here where this message does not do. */
  readonly instead: ReportWay;
}

/** Every answer is for the asker alone. Whoever shows it asks core/tell for its words, at the last moment. */
export type Reply =
  | { readonly kind: 'said'; readonly answer: Answer }
  | {
      readonly kind: 'form-needed';
      readonly incident: string;
      readonly digest: string;
      /** The verb that needs it: comes back with what was filled in. */
      readonly verb: string;
      /** What of it was pressed, where its button is there more than once; comes back too. */
      readonly page?: number;
      /** What is asked for: why, and the word of what cannot be undone. */
      readonly asks: { readonly reason: boolean; readonly word: boolean };
      /** What it would be done to. */
      readonly amount: Amount;
      /** Null when nobody was asked before. */
      readonly problem: FormProblem | null;
    }
  /** An answer, and one page of ours to go on with. */
  | { readonly kind: 'link'; readonly answer: Answer; readonly to: PageFor; readonly url: string }
  | { readonly kind: 'details'; readonly page: DetailsPage }
  /** What was found out about people, and a way to have something done about it. */
  | { readonly kind: 'people'; readonly answer: Answer; readonly incident: string; readonly digest: string }
  /** What is to be done about people of an incident. */
  | { readonly kind: 'contain-form'; readonly form: ContainForm }
  /** What waits for the asker. */
  | { readonly kind: 'queue'; readonly queue: Queue }
  /** Mailboxes that people look after. */
  | { readonly kind: 'flags'; readonly list: FlagList }
  /** Why one is cleared, or opened again. */
  | { readonly kind: 'flag-form'; readonly form: FlagForm }
  /** What mail is to be looked for. */
  | { readonly kind: 'search-form'; readonly form: SearchForm }
  /** What a search found, or that it is under way. */
  | { readonly kind: 'found'; readonly page: FoundPage };

/** What a chat platform may ask of the product, for one tenant. Durable before it returns; never throws for input. */
export interface Desk {
  press(press: Press): Promise<Reply>;
  command(call: CommandCall): Promise<Reply>;
  queue(call: QueueCall): Promise<Reply>;
  search(call: SearchCall): Promise<Reply>;
  flags(call: FlagCall): Promise<Reply>;
  contain(call: ContainCall): Promise<Reply>;
  report(call: ReportCall): Promise<Reply>;
  /** Something arrived that no card of ours sends, or from a place it must not come from: recorded, answered. */
  stray(by: ChatUser, what: string): Promise<Reply>;
  /** A request that was turned away before anybody could be believed: recorded. `where` names the endpoint. */
  refused(where: string, why: string): Promise<void>;
  /** Whether this is the first time a request comes in, over all instances and restarts. `key` is unique per request. */
  isFresh(platform: Platform, key: string): Promise<boolean>;
}

/** What the sign-in page may ask of the product. `browser` is a secret that only this browser holds. */
export interface Counter {
  /** What the page is for; null for an unknown, used or expired ticket. Changes nothing: link previews come here too. */
  look(secret: string): Promise<SignInFor | null>;
  /** The address at Entra to go to; null as above. */
  begin(secret: string, browser: string): Promise<string | null>;
  /** Back from Entra. `state` is the one that `begin` put into the address. Never throws for input. */
  back(
    state: string,
    browser: string,
    answer: { readonly code: string } | { readonly error: string },
  ): Promise<PageAnswer>;
  /** The last press of a step-up, in the browser that signed in. `ticket`: what the confirm page was given. */
  confirm(ticket: string, browser: string): Promise<PageAnswer>;
  /**
   * The list that somebody signed in for, once and in the same browser: here, or sent to their messages in the chat that they
   * came from. Or what there is to say in its place.
   */
  take(
    ticket: string,
    browser: string,
    format: ListFormat,
    to: 'here' | 'chat',
  ): Promise<{ readonly file: ListFile } | { readonly page: PageAnswer }>;
}
