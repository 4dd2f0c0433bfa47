import { type Action, AdaptiveCard, ExecuteAction, HostConfig, OpenUrlAction } from 'adaptivecards';
import { useEffect, useRef } from 'react';
import type { Json } from '../shapes.ts';
import { openOurPage } from './our-pages.ts';
import type { Theme } from './teams-look.ts';
import { hostConfig } from './teams-look.ts';

export interface Executed {
  readonly verb: string;
  readonly title: string;
  readonly inputs: Readonly<Record<string, string>>;
}

interface Props {
  readonly card: Json;
  readonly theme: Theme;
  readonly label: string;
  readonly onExecute: (executed: Executed) => void;
}

// Without this the renderer looks for a Markdown library and complains: texts of our cards are plain.
AdaptiveCard.onProcessMarkdown = () => undefined;

/** One card, drawn by Microsoft's renderer. Drawn anew only when the card itself has changed: inputs keep their text. */
export function AdaptiveCardView({ card, theme, label, onExecute }: Props) {
  const place = useRef<HTMLElement>(null);
  const execute = useRef(onExecute);
  execute.current = onExecute;
  const text = JSON.stringify(card);
  useEffect(() => {
    const host = place.current;
    if (!host) return;
    const drawn = draw(text, theme, (executed) => execute.current(executed));
    const hadFocus = host.contains(document.activeElement);
    host.replaceChildren(drawn);
    // A card replaced under somebody's fingers: the keyboard stays in its place.
    if (hadFocus) host.focus({ preventScroll: true });
  }, [text, theme]);
  const shown = useRef(label);
  useEffect(() => {
    const host = place.current;
    const log = host?.closest('.chat-log');
    // Another card in the same place is read from its head.
    if (host && log && shown.current !== label) log.scrollTop = host.offsetTop - 64;
    shown.current = label;
  }, [label]);
  return <section className="adaptive-card" ref={place} tabIndex={-1} aria-label={label} />;
}

function draw(text: string, theme: Theme, onExecute: (executed: Executed) => void): HTMLElement {
  const view = new AdaptiveCard();
  view.hostConfig = new HostConfig(hostConfig(theme, 'var(--sans)'));
  view.onExecuteAction = (action: Action) => {
    if (action instanceof ExecuteAction) onExecute(executedOf(view, action));
    if (action instanceof OpenUrlAction) openOurPage(action.url);
  };
  view.parse(JSON.parse(text));
  return view.render() ?? document.createElement('div');
}

/** The renderer merges inputs into `data`; the stand-in of Teams merges them itself, as the real client's server does. */
function executedOf(view: AdaptiveCard, action: ExecuteAction): Executed {
  const data = (action.data ?? {}) as Json;
  const ids = view.getAllInputs(true).map((input) => input.id ?? '');
  const filled = ids.filter((id) => Object.hasOwn(data, id)).map((id) => [id, String(data[id] ?? '')] as const);
  return { verb: action.verb, title: action.title ?? '', inputs: Object.fromEntries(filled) };
}
