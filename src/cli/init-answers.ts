import { z } from 'zod';

/** What `clawback init` has to know. Ids that are not known yet are left out: placeholders stand for them. */

const guid = z.guid('is not a GUID such as 7f3c1a52-4b0e-4d6a-9a3e-2f5d8c1b7e90');
const slackUser = z.string().regex(/^[UW][A-Z0-9]{2,20}$/, 'is not a Slack member id such as U012AB3CD');
const thread = z.string().regex(/^19:[\w-]+@thread\.(?:tacv2|skype)$/, 'is not an id such as 19:abc@thread.tacv2');

const AnsweredApprover = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .regex(/^[^\p{Cc}]+$/u, 'must not hold control characters'),
  entraId: guid,
  slackId: slackUser.optional(),
  address: z.email('is not a mail address').optional(),
});

export const Answers = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be lower-case letters, digits and dashes, beginning with a letter'),
    tenantId: guid.refine((id) => !id.startsWith('00000000-'), 'is kept for stand-ins'),
    graphClientId: guid.optional(),
    hunting: z.boolean(),
    slack: z
      .strictObject({
        mode: z.enum(['http', 'socket']).default('http'),
        teamId: z
          .string()
          .regex(/^[TE][A-Z0-9]{2,20}$/, 'is not a Slack workspace id such as T012AB3CD')
          .optional(),
        channel: z
          .string()
          .regex(/^[CG][A-Z0-9]{2,20}$/, 'is not a Slack channel id such as C012AB3CD')
          .optional(),
      })
      .nullable(),
    teams: z
      .strictObject({ appId: guid.optional(), teamId: thread.optional(), channelId: thread.optional() })
      .nullable(),
    approvers: z.array(AnsweredApprover).min(2, 'two people are the least: nobody removes mail alone').max(200),
  })
  .refine(({ slack, teams }) => slack !== null || teams !== null, 'choose Slack, Teams or both');
export type Answers = z.infer<typeof Answers>;

type Ask = (question: string) => Promise<string>;

/** Asks on a terminal, each question again until its answer can be used. `say` shows what was wrong. */
export async function askAll(ask: Ask, say: (line: string) => void): Promise<Answers> {
  const one = async <T>(question: string, schema: z.ZodType<T>): Promise<T> => {
    for (;;) {
      const answer = schema.safeParse((await ask(`${question}: `)).trim());
      if (answer.success) return answer.data;
      say(`  That ${answer.error.issues[0]?.message ?? 'cannot be used'}.`);
    }
  };
  const maybe = <T>(question: string, schema: z.ZodType<T>) =>
    one(`${question} (empty: not known yet)`, z.union([z.literal('').transform(() => undefined), schema]));
  const yes = (question: string) => one(`${question} [y/n]`, YesNo);

  const { shape } = Answers;
  const answers = {
    name: await one('Short name of your organisation, such as contoso', shape.name),
    tenantId: await one('Entra tenant id', shape.tenantId),
    graphClientId: await maybe('App id of the mail executor', guid),
    hunting: await yes('Do you have Defender XDR, so that hunting can find all recipients?'),
    slack: (await yes('Cards in Slack?')) ? await askSlack(yes, maybe) : null,
    teams: null as Answers['teams'],
    approvers: [] as Answers['approvers'],
  };
  if (answers.slack === null) say('Then in Teams.');
  if (answers.slack === null || (await yes('Cards in Teams?'))) answers.teams = await askTeams(maybe);
  say('Who may decide? Two people at least; three, so that one of them may receive the mail.');
  for (;;) {
    const name = (await ask(`Approver ${answers.approvers.length + 1}, name (empty: that is all): `)).trim();
    if (name === '' && answers.approvers.length >= 2) break;
    if (name === '') say('  Two people are the least: nobody removes mail alone.');
    else answers.approvers.push(await askApprover(name, answers.slack !== null, one, maybe));
  }
  return Answers.parse(answers);
}

const YesNo = z
  .string()
  .regex(/^(?:y|yes|n|no)$/i, 'is neither y nor n')
  .transform((word) => word.toLowerCase().startsWith('y'));
type One = <T>(question: string, schema: z.ZodType<T>) => Promise<T>;
type Maybe = <T>(question: string, schema: z.ZodType<T>) => Promise<T | undefined>;

async function askSlack(yes: (question: string) => Promise<boolean>, maybe: Maybe): Promise<Answers['slack']> {
  const { shape } = Answers.shape.slack.unwrap();
  const open = await yes('Can Slack reach Clawback over https? (n: Socket Mode, no inbound address needed)');
  const teamId = await maybe('Slack workspace id, T…', shape.teamId.unwrap());
  const channel = await maybe('Slack channel id, C…', shape.channel.unwrap());
  return { mode: open ? 'http' : 'socket', ...(teamId ? { teamId } : {}), ...(channel ? { channel } : {}) };
}

async function askTeams(maybe: Maybe): Promise<Answers['teams']> {
  const appId = await maybe('App id of the chat bot', guid);
  const teamId = await maybe('Id of the team, 19:…@thread.tacv2', thread);
  const channelId = await maybe('Id of the channel, 19:…@thread.tacv2', thread);
  return { ...(appId ? { appId } : {}), ...(teamId ? { teamId } : {}), ...(channelId ? { channelId } : {}) };
}

async function askApprover(name: string, slack: boolean, one: One, maybe: Maybe) {
  const entraId = await one(`  Entra object id of ${name}`, guid);
  const slackId = slack ? await maybe(`  Slack member id of ${name}, U…`, slackUser) : undefined;
  const address = await maybe(`  Mail address of ${name}`, z.email('is not a mail address'));
  return { name, entraId, ...(slackId ? { slackId } : {}), ...(address ? { address } : {}) };
}
