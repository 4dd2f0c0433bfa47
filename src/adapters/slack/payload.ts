import { z } from 'zod';
import { isReadRight } from '../../core/ask/reads.ts';
import { BUTTONS } from '../../core/tell/button.ts';
import { FILTERS } from '../../core/tell/details-rows.ts';
import { MEASURE_VERBS } from '../../core/tell/measure-buttons.ts';

/** The parts of Slack's interaction payloads and commands that we read. Everything else is dropped here. */
const Id = z.string().max(255);
const User = z.object({
  id: Id,
  name: z.string().max(400).optional(),
  username: z.string().max(400).optional(),
  team_id: Id.optional(),
});
const Team = z.object({ id: Id }).nullish();
/** Said in an Enterprise Grid only. */
const Company = z.object({ id: Id }).nullish();
/** Who it is that does something, and of which workspace. */
export const ORIGIN = { team: Team, enterprise: Company, user: User };

/** Characters that an option of a menu carries [docs.slack.dev, option object]. */
export const MOST_OPTION = 150;

const Typed = z.object({ value: z.string().max(3_000).nullish() });
/** What was chosen in a menu of a card or a window: an option's `value`. */
const Chose = z.object({ value: z.string().max(MOST_OPTION) }).nullish();
const Chosen = z.object({ selected_option: z.object({ value: z.enum(FILTERS) }).nullish() });
/** What stands in the window with the mailbox list. */
const LOOKED_FOR = {
  'cb:page:filter': z.object({ 'cb:filter': Chosen }).optional(),
  'cb:page:search': z.object({ 'cb:search': Typed }).optional(),
};

export const Pressed = z.object({
  // Bolt takes whatever has actions for a press.
  type: z.literal('block_actions'),
  ...ORIGIN,
  trigger_id: z.string().max(500).optional(),
  container: z.object({ type: z.string(), channel_id: Id.optional(), message_ts: Id.optional() }),
  view: z
    .object({
      id: Id,
      callback_id: Id.optional(),
      hash: z.string().max(200).optional(),
      private_metadata: z.string().max(3_000),
      state: z.object({ values: z.object(LOOKED_FOR) }).nullish(),
    })
    .optional(),
  actions: z
    .array(z.object({ action_id: Id, block_id: Id, value: z.string().max(2_000).optional(), selected_option: Chose }))
    .max(25),
});
export type Pressed = z.infer<typeof Pressed>;

/** What was typed into the input of this name; left out where the form did not ask for it. */
const Field = (name: 'reason' | 'word') =>
  z
    .object({ [name]: z.object({ value: z.string().max(3_000).nullish() }) })
    .transform((block) => block[name]?.value?.trim() ?? '')
    .optional();

const isFilledIn = ({ reason, word }: { readonly reason?: string | undefined; readonly word?: string | undefined }) =>
  reason !== undefined || word !== undefined;

export const Submitted = z
  .object({
    type: z.literal('view_submission'),
    team: Team,
    enterprise: Company,
    user: User,
    view: z.object({
      callback_id: Id,
      private_metadata: z.string().max(3_000),
      state: z.object({ values: z.object({ ...LOOKED_FOR, reason: Field('reason'), word: Field('word') }) }),
    }),
  })
  // Every form of ours asks for something.
  .refine(({ view }) => view.callback_id !== 'cb:form' || isFilledIn(view.state.values));
export type Submitted = z.infer<typeof Submitted>;

export const Commanded = z.object({
  team_id: Id,
  enterprise_id: Id.optional(),
  user_id: Id,
  user_name: z.string().max(400).optional(),
  channel_id: Id,
  trigger_id: z.string().max(500).optional(),
  text: z.string().max(100_000).optional(),
});

const Ids = z.strictObject({ incident: z.string().min(1).max(40), digest: z.string().max(128) });
/** A button's `value`. */
export const ButtonValue = Ids.extend({ page: z.number().int().min(0).max(999_999).default(0) });
/** The `value` of an option of a menu with common reasons. */
export const ReasonValue = Ids.extend({ why: z.string().max(12) });
/** A modal's `private_metadata`: the card that opened it. */
const ViewPlace = Ids.extend({ channel: Id, ts: Id });
/** The same of the mailbox list, and what it was drawn for. */
export const DetailsPlace = ViewPlace.extend({
  filter: z.enum(FILTERS).optional(),
  search: z.string().max(200).optional(),
});
/** The same for a form, and what is asked with it. */
export const FormPlace = ViewPlace.extend({
  page: z.number().int().min(0).max(999_999).default(0),
  verb: z.string().refine((verb) => isReadRight(verb) || MEASURE_VERBS.has(verb) || BUTTONS.get(verb)?.asks != null),
});

/** `text` as JSON that fits `schema`, else null. */
export function fromJson<T>(schema: z.ZodType<T>, text: string | null | undefined): T | null {
  try {
    return schema.safeParse(JSON.parse(text ?? '')).data ?? null;
  } catch {
    return null;
  }
}
