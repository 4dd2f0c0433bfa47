import { useEffect, useRef, useState } from 'react';
import type { TeamsActivity, TeamsOwn, TeamsSection } from '../shapes.ts';
import { AdaptiveCardView, type Executed } from './adaptive-card.tsx';
import { ChatFrame, clock, Said } from './chat-frame.tsx';
import type { Viewer } from './perform.ts';

const NOTHING: TeamsOwn = { cards: {}, toasts: [], whispers: [] };

export function TeamsChat({ persona, personas, theme, perform, section }: Viewer & { readonly section: TeamsSection }) {
  const [dismissed, setDismissed] = useState<Readonly<Record<string, number>>>({});
  const own = section.own[persona] ?? NOTHING;
  const nameOf = (key: string) => personas.find((one) => one.key === key)?.name ?? 'Clawback';
  const activityOf = (activity: TeamsActivity, whisper: boolean) => {
    const mine = own.cards[activity.id];
    const card = mine ?? activity.card;
    const execute = ({ verb, title, inputs }: Executed) =>
      void perform({
        do: 'teams.click',
        as: persona,
        activity: activity.id,
        isPrivate: mine !== undefined,
        verb,
        title,
        inputs,
      });
    const isApp = activity.from === 'bot';
    const words = activity.text.replace(/<at>(.*?)<\/at>/g, '@$1');
    return (
      <Said
        key={`${activity.id} ${whisper}`}
        author={isApp ? 'Clawback' : nameOf(activity.from)}
        isApp={isApp}
        time={clock(Number(activity.id))}
        {...(whisper ? { whisper: 'Only you can see this' } : {})}
      >
        {words !== '' && card === null && <p className="teams-words">{words}</p>}
        {card && (
          <AdaptiveCardView
            // Another person's clients hold another half-filled form.
            key={`card of ${persona}`}
            card={card}
            theme={theme}
            label={mine ? 'Card that only you see' : 'Card from Clawback'}
            onExecute={execute}
          />
        )}
        <ToastLine
          key={`answer to ${persona}`}
          own={own}
          activityId={activity.id}
          dismissed={dismissed[persona] ?? 0}
          onDismiss={() => setDismissed({ ...dismissed, [persona]: own.toasts.length })}
        />
      </Said>
    );
  };
  const last = section.threads.at(-1)?.activities.at(-1);
  const offered = JSON.stringify(last?.card ?? null).match(/"verb":"[^"]*"/g) ?? [];
  return (
    <ChatFrame
      id="teams"
      product="Teams"
      place="Security › Mail alerts"
      lastKey={`${last?.id ?? ''} ${own.whispers.length} ${offered.join(' ')}`}
      placeholder="status, incident CB-…, help"
      onSay={(words) => perform({ do: 'teams.say', as: persona, words })}
    >
      {section.threads.length === 0 && (
        <p className="chat-empty">Nothing yet. Clawback posts here when it has looked.</p>
      )}
      {section.threads.map(({ id, activities }) => (
        <div className="thread" key={id}>
          {activities.map((activity) => activityOf(activity, false))}
        </div>
      ))}
      {own.whispers.length > 0 && (
        <div className="thread">{own.whispers.map((activity) => activityOf(activity, true))}</div>
      )}
    </ChatFrame>
  );
}

/** The answer to a press, below the card, until it is dismissed: the real client shows it for some seconds. */
function ToastLine(props: {
  readonly own: TeamsOwn;
  readonly activityId: string;
  readonly dismissed: number;
  readonly onDismiss: () => void;
}) {
  const { own, activityId, dismissed, onDismiss } = props;
  const index = own.toasts.findLastIndex((toast) => toast.activityId === activityId);
  const toast = own.toasts[index];
  const place = useRef<HTMLParagraphElement>(null);
  const count = own.toasts.length;
  const before = useRef(count);
  useEffect(() => {
    if (count > before.current) place.current?.scrollIntoView({ block: 'nearest' });
    before.current = count;
  }, [count]);
  if (!toast || index < dismissed) return null;
  return (
    <p className={`toast toast-${toast.kind}`} ref={place}>
      <span>
        {toast.text} <em>Only you can see this.</em>
      </span>
      <button type="button" className="quiet" onClick={onDismiss} aria-label="Dismiss the answer">
        ×
      </button>
    </p>
  );
}
