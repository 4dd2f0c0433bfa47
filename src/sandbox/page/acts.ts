import type { Sandbox } from '../sandbox.ts';
import type { AttackDesk } from './attack-desk.ts';
import type { Act } from './shapes.ts';
import type { TroubleDesk } from './trouble-desk.ts';

export interface ActDeps {
  readonly sandbox: Sandbox;
  readonly attacks: AttackDesk;
  readonly trouble: TroubleDesk;
  kill(): Promise<void>;
}

/**
 * Performs what somebody did on the page. Each persona's click goes through the vendor's stand-in, as the signed
 * request a real client would cause. Throws what the stand-in throws when a real person could not do it.
 */
export async function perform(act: Act, { sandbox, attacks, trouble, kill }: ActDeps): Promise<void> {
  const { slack, teams } = sandbox;
  switch (act.do) {
    case 'slack.click':
      return void (await slack.click(act.as, act.ts, act.action, chosenIn(act)));
    case 'slack.modal.click':
      return void (await slack.clickInModal(act.as, act.action, {
        filled: act.values,
        ...chosenIn(act),
      }));
    case 'slack.modal.submit':
      return void (await slack.submitModal(act.as, act.values));
    case 'slack.modal.close':
      return void (await slack.closeModal(act.as));
    case 'slack.say':
      return void (await slack.slash(act.as, '/clawback', act.words));
    case 'teams.click': {
      const click = act.isPrivate ? teams.clickPrivate : teams.click;
      return void (await click(act.as, act.activity, act.verb, act.inputs, { title: act.title }));
    }
    case 'teams.say':
      return void (await teams.say(act.as, act.words));
    case 'attack':
      // Not awaited: what the detector and the bot make of it shows by itself.
      void attacks.launch(act.kind);
      return;
    case 'trouble':
      return trouble.set(act.what, act.on);
    case 'kill':
      return kill();
  }
}

function chosenIn({ choose }: { readonly choose: string }) {
  return choose === '' ? {} : { choose };
}

const STRINGS: Readonly<Record<Act['do'], readonly string[]>> = {
  'slack.click': ['as', 'ts', 'action', 'choose'],
  'slack.modal.click': ['as', 'action', 'choose'],
  'slack.modal.submit': ['as'],
  'slack.modal.close': ['as'],
  'slack.say': ['as', 'words'],
  'teams.click': ['as', 'activity', 'verb', 'title'],
  'teams.say': ['as', 'words'],
  attack: ['kind'],
  trouble: ['what'],
  kill: [],
};

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  kind: ['wave', 'bec', 'hostile', 'defender', 'report', 'sublime'],
  what: ['storm', 'denied', 'graphDown'],
};

/** null for what the page's own client would never send. */
export function readAct(body: unknown): Act | null {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const kind = typeof given['do'] === 'string' ? given['do'] : '';
  const wanted = Object.hasOwn(STRINGS, kind) ? STRINGS[kind as Act['do']] : null;
  if (wanted === null) return null;
  const isFit = (name: string) => typeof given[name] === 'string' && (CHOICES[name]?.includes(given[name]) ?? true);
  if (!wanted.every(isFit)) return null;
  const maps = [given['values'] ?? {}, given['inputs'] ?? {}];
  const areWords = maps.every((map) => typeof map === 'object' && Object.values(map).every(isText));
  return areWords ? ({ values: {}, inputs: {}, ...given } as unknown as Act) : null;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
