import { z } from 'zod';
import { needed, type Said, Stopped } from './trial-end.ts';
import { type Desk, mailbox, type OwnThing } from './trial-own.ts';

const Made = z.object({
  id: z.string().min(1),
  isDraft: z.boolean().nullish(),
  internetMessageId: z.string().nullish(),
});
type Made = z.infer<typeof Made>;

/**
 * A mail with this property (PR_MESSAGE_FLAGS: read, and not unsent) is not a draft; it can be given only when the mail
 * is made [learn: singlevaluelegacyextendedproperty-post-singlevalueextendedproperties; MS-OXCMSG 2.2.1.6].
 */
const NOT_A_DRAFT = { singleValueExtendedProperties: [{ id: 'Integer 0x0E07', value: '1' }] };
const TEXT =
  'clawback doctor --trial put this mail here to see how the mailbox behaves. It is removed again by itself.';

/** Puts the one mail into the Inbox [learn: mailfolder-post-messages]. */
export async function putIn({ line, user, own }: Desk, stop: AbortSignal): Promise<Made> {
  const plain = { subject: own.name, body: { contentType: 'text', content: TEXT } };
  const path = `${mailbox(user)}/mailFolders/inbox/messages`;
  const create = (body: object) => {
    const call = { step: 'create the mail', method: 'POST', path, body } as const;
    return sent(own.mail, () => line.ask(call, stop));
  };
  let said = await create({ ...plain, internetMessageId: own.messageId, ...NOT_A_DRAFT });
  // Refused as a whole, so nothing was made: less is asked for.
  if (said.status === 400) said = await create({ ...plain, ...NOT_A_DRAFT });
  if (said.status === 400) said = await create(plain);
  return made(said, own.mail, 'create the mail');
}

/** Below the root of the mailbox [learn: user-post-mailfolders]. */
export async function makeFolder({ line, user, own }: Desk, stop: AbortSignal): Promise<void> {
  const path = `${mailbox(user)}/mailFolders`;
  const call = { step: 'create a folder', method: 'POST', path, body: { displayName: own.name } } as const;
  made(await sent(own.folder, () => line.ask(call, stop)), own.folder, 'create a folder');
}

async function sent(thing: OwnThing, ask: () => Promise<Said>): Promise<Said> {
  thing.state = 'maybe';
  try {
    return await ask();
  } catch (error) {
    // Stopped before it was sent, or while it waited after a 429.
    if (error instanceof Stopped) thing.state = 'none';
    throw error;
  }
}

function made(said: Said, thing: OwnThing, step: string): Made {
  if (said.status >= 400 && said.status < 500) thing.state = 'none';
  const found = Made.parse(needed(step, said).body);
  thing.state = 'there';
  thing.id = found.id;
  return found;
}
