import type { Commands } from '../../cli/shell.ts';

/** What the command line has beside the product's own commands where the sandbox is at hand. */
export const COMMANDS: Commands = {
  sandbox: {
    help: 'sandbox                      a whole tenant on this machine, and Clawback beside it: no account, nothing leaves it [--fresh: not where the last one was left, but anew]',
    load: async () => (await import('./sandbox.ts')).sandbox,
    endsItself: () => true,
  },
  demo: {
    help: 'demo [file.eml]              the whole story, unattended, on this machine',
    load: async () => (await import('./demo.ts')).demo,
  },
  playground: {
    help: 'playground                   the sandbox with Microsoft’s Agents Playground in place of Teams, if it is installed',
    load: async () => (await import('./playground.ts')).playground,
    endsItself: () => true,
  },
};
