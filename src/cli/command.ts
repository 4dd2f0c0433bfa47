import { parseArgs } from 'node:util';
import { ClawbackError } from '../core/error.ts';
import { NO_SANDBOX, OF_THE_SANDBOX, sandboxCommands } from './sandbox-commands.ts';
import { ABOUT, type Arguments, type Commands, SEARCHED, type Shell } from './shell.ts';

/** The product's; those of the sandbox come on top where it is at hand. */
const COMMANDS: Commands = {
  start: {
    help: 'start                        run Clawback as clawback.yaml says [--or-sandbox: without one, clawback sandbox]',
    load: async () => (await import('./start.ts')).start,
    endsItself: () => true,
  },
  submit: {
    help: 'submit <file>                report a mail (.eml, .msg) or an alert (.json) [--as report] [--check] [--json] [--verdict …] [--to …]… [--source name]',
    load: async () => (await import('./submit.ts')).submit,
  },
  source: {
    help: 'source try <name> <file>     what a payload of a vendor of alerts becomes; asks nobody and sends nothing [--json]; or source rows <incident>: what vendors sent of it, as it came',
    load: async () => (await import('./source.ts')).source,
  },
  audit: {
    help: 'audit verify | show | export | requests  check the ledger and what is stored against it [--expect seq:hash]…, read one incident as a story (show <id>), write the record out, to be kept elsewhere, or every request to Microsoft, checked against it [--tenant name] [--json]',
    load: async () => (await import('./audit.ts')).audit,
  },
  restored: {
    help: 'restored [record.jsonl]      the database was put back from a copy: mark what may have gone on since [--tenant name]',
    load: async () => (await import('./restored.ts')).restored,
  },
  incident: {
    help: 'incident <id> --why | export | evidence  which rule, which people, which digest: why something was done, or was not; or its mailboxes as CSV [--json]; or what is kept of the mail, as files [--out file.txt] [--mime]. Both are recorded',
    load: async () => (await import('./incident.ts')).incident,
  },
  search: {
    help: 'search --reason <why> …      look for mail without an alert, as the policy lets people: --from, --message-id, --subject, --url-host, --attachment <SHA-256>, --days 30 [--json]; recorded. search <CS-…>: how that search stands by now',
    load: async () => (await import('./search.ts')).searchMail,
  },
  flags: {
    help: 'flags                        flagged mailboxes that are not cleared, as the record has them [--tenant name] [--json]',
    load: async () => (await import('./flags.ts')).listFlags,
  },
  automation: {
    help: 'automation                   what Defender took out of mailboxes on its own, asked now; puts nothing back [--tenant name] [--json]',
    load: async () => (await import('./automation.ts')).automation,
  },
  policy: {
    help: 'policy check | explain       try policy.yaml; explain --action purge --mailboxes 120 [--vip 1] …',
    load: async () => (await import('./policy.ts')).policy,
  },
  stop: {
    help: 'stop [reason]                stop everything at once; going on takes a quorum in the chat (lift)',
    load: async () => (await import('./stop.ts')).stopAll,
  },
  links: {
    help: 'links [remove <account>]     which Slack accounts people have linked to themselves',
    load: async () => (await import('./links.ts')).links,
  },
  init: {
    help: 'init                         ask a few questions and write clawback.yaml and .env [--answers file.json]',
    load: async () => (await import('./init.ts')).init,
    endsItself: () => true,
  },
  manifest: {
    help: 'manifest --host <name>       write the Slack manifest, the Teams app package and the app registrations [--out folder]',
    load: async () => (await import('./manifest.ts')).manifest,
  },
  doctor: {
    help: 'doctor                       check the configuration against the live services; changes nothing [--json]; or try them with one mail: --trial <mailbox> --consent <mailbox> [--delivered <Message-ID> [--minutes 30]] [--out file]',
    load: async () => (await import('./doctor.ts')).doctor,
    endsItself: ({ trial }) => trial !== undefined,
  },
  schema: {
    help: 'schema alert|config|policy   JSON Schema of an alert, of clawback.yaml, of policy.yaml',
    load: async () => (await import('./schema.ts')).schema,
  },
};

const usageOf = (commands: Commands) =>
  `clawback <command> [--config clawback.yaml]\n\n${Object.values(commands)
    .map(({ help }) => `  ${help}`)
    .join('\n')}`;

/** Answers the exit code: 0 done, 1 failed, 2 called wrongly. */
export async function runCommand(argv: readonly string[], shell: Shell): Promise<number> {
  if (Number(shell.node.split('.')[0]) < 24) {
    shell.err(`Clawback needs Node 24 or newer; this is ${shell.node}. Its npm scripts bring their own: npm start.`);
    return 2;
  }
  const commands: Commands = { ...COMMANDS, ...(await sandboxCommands()) };
  const parsed = parse(argv);
  if (typeof parsed === 'string') {
    shell.err(`${parsed}\n\n${usageOf(commands)}`);
    return 2;
  }
  const { args, isAskedFor } = parsed;
  const name = parsed.name === 'help' ? args.words[0] : parsed.name;
  if (name === undefined) {
    shell.out(usageOf(commands));
    return parsed.name === undefined && !isAskedFor ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return noSuch(name, usageOf(commands), shell);
  if (isAskedFor || parsed.name === 'help') {
    shell.out(`clawback ${command.help}\n\nEvery command takes --config clawback.yaml`);
    return 0;
  }
  return carriedOut(command, shell, args);
}

function noSuch(name: string, usage: string, shell: Shell): number {
  const isLeftOut = OF_THE_SANDBOX.includes(name);
  shell.err(
    isLeftOut ? `clawback: there is no ${name} here, ${NO_SANDBOX}` : `there is no command ${name}\n\n${usage}`,
  );
  return isLeftOut ? 1 : 2;
}

async function carriedOut(command: Commands[string], shell: Shell, args: Arguments): Promise<number> {
  try {
    const done = (await command.load())(shell, args);
    return await (command.endsItself?.(args) ? done : Promise.race([done, askedToEnd(shell.stop)]));
  } catch (error) {
    if (!(error instanceof ClawbackError) && !isOfTheSystem(error)) throw error;
    shell.err(`clawback: ${error.message}`);
    return 1;
  }
}

/** Resolves with the exit code of a process that a signal ends. */
function askedToEnd(stop: AbortSignal): Promise<number> {
  const code = () => (stop.reason === 'SIGINT' ? 130 : 143);
  if (stop.aborted) return Promise.resolve(code());
  return new Promise((resolve) => stop.addEventListener('abort', () => resolve(code()), { once: true }));
}

/** A file or a port that we could not have: where and why is in its words, and no stack tells more. */
function isOfTheSystem(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

interface Parsed {
  readonly name: string | undefined;
  readonly args: Arguments;
  /** With `--help`. */
  readonly isAskedFor: boolean;
}

/** Words where it cannot be read. */
function parse(argv: readonly string[]): Parsed | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        config: { type: 'string' },
        'or-sandbox': { type: 'boolean', default: false },
        fresh: { type: 'boolean', default: false },
        tenant: { type: 'string' },
        json: { type: 'boolean', default: false },
        expect: { type: 'string', multiple: true, default: [] },
        to: { type: 'string', multiple: true, default: [] },
        verdict: { type: 'string' },
        as: { type: 'string' },
        check: { type: 'boolean', default: false },
        host: { type: 'string' },
        out: { type: 'string' },
        answers: { type: 'string' },
        trial: { type: 'string' },
        consent: { type: 'string' },
        delivered: { type: 'string' },
        minutes: { type: 'string' },
        why: { type: 'boolean', default: false },
        mime: { type: 'boolean', default: false },
        protected: { type: 'string', multiple: true, default: [] },
        ...Object.fromEntries([...ABOUT, ...SEARCHED].map((option) => [option, { type: 'string' as const }])),
      },
    });
    const [name, ...words] = positionals;
    const given: Readonly<Record<string, unknown>> = values;
    const about = [...ABOUT, ...SEARCHED].map((option) => [
      option,
      given[option] === undefined ? undefined : String(given[option]),
    ]);
    return {
      name,
      isAskedFor: values.help,
      args: {
        words,
        config: values.config,
        orSandbox: values['or-sandbox'],
        fresh: values.fresh,
        tenant: values.tenant,
        json: values.json,
        expect: values.expect,
        to: values.to,
        verdict: values.verdict,
        as: values.as,
        check: values.check,
        host: values.host,
        out: values.out,
        answers: values.answers,
        trial: values.trial,
        consent: values.consent,
        delivered: values.delivered,
        minutes: values.minutes,
        why: values.why,
        mime: values.mime,
        protected: values.protected,
        about: Object.fromEntries(about),
      },
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
