import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';

interface Props {
  readonly id: 'slack' | 'teams';
  readonly product: string;
  readonly place: string;
  /** Changes when something new is at the end, or what is there offers other buttons. */
  readonly lastKey: string;
  readonly placeholder: string;
  readonly onSay: (words: string) => Promise<void>;
  readonly children: ReactNode;
}

/** A chat: its head, its messages with the newest in view, and a line to write in. */
export function ChatFrame(props: Props) {
  const { id, product, place, lastKey } = props;
  const log = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when there is something to scroll to
  useEffect(() => {
    const box = log.current;
    const last = box?.lastElementChild;
    if (!box || !(last instanceof HTMLElement)) return;
    let placed: number | null = null;
    const place = () => {
      // Whoever has scrolled is reading.
      if (placed !== null && Math.abs(box.scrollTop - placed) > 4) return;
      box.scrollTop = placeOf(last, box);
      placed = box.scrollTop;
    };
    const watch = new ResizeObserver(place);
    watch.observe(last);
    place();
    return () => watch.disconnect();
  }, [lastKey]);
  return (
    <section className={`chat chat-${id}`} id={id} aria-labelledby={`${id}-title`}>
      <header className="chat-head">
        <h2 id={`${id}-title`}>{product}</h2>
        <p>{place}</p>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <div className="chat-log" ref={log} role="log" aria-label={`Messages in ${product}`} tabIndex={0} aria-live="off">
        {props.children}
      </div>
      <Composer {...props} />
    </section>
  );
}

/** From its head on, or, where that would leave it below the edge, as far down as the button that is waited for. */
function placeOf(message: HTMLElement, log: HTMLElement): number {
  const head = message.offsetTop - 12;
  const button = message.querySelector(WAITED_FOR) ?? message.querySelector(ANY_BUTTON);
  if (!button) return head;
  const bottom = button.getBoundingClientRect().bottom;
  const beside = [...message.querySelectorAll(ANY_BUTTON)].map((one) => one.getBoundingClientRect().bottom);
  const last = Math.max(...beside.filter((end) => end < bottom + NEAR_PX), bottom);
  const end = last - log.getBoundingClientRect().top + log.scrollTop;
  return Math.max(head, end - log.clientHeight + 20);
}

/** Buttons that wrapped below it are shown with it. */
const NEAR_PX = 90;
/** What the renderers call a button with a style of its own: the one that approves has one. */
const WAITED_FOR = 'button.bg-red-primary, button.bg-green-primary, .ac-pushButton.style-destructive';
const ANY_BUTTON = 'button.slack_blocks_to_jsx__button_element, .ac-pushButton';

function Composer({ id, product, placeholder, onSay }: Props) {
  const [words, setWords] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    const said = words.trim();
    if (said === '') return;
    setWords('');
    void onSay(said);
  };
  return (
    <form className="composer" onSubmit={send}>
      <label htmlFor={`${id}-words`}>{id === 'slack' ? '/clawback' : '@Clawback'}</label>
      <input
        id={`${id}-words`}
        value={words}
        placeholder={placeholder}
        autoComplete="off"
        onChange={(event) => setWords(event.target.value)}
      />
      <button type="submit" aria-label={`Send in ${product}`}>
        Send
      </button>
    </form>
  );
}

/** A message with its author, or what only the viewer sees. */
export function Said(props: {
  readonly author: string;
  readonly isApp: boolean;
  readonly time: string;
  readonly whisper?: string;
  readonly children: ReactNode;
}) {
  return (
    <article className={`said ${props.whisper ? 'said-whisper' : ''}`}>
      <span className={`said-face ${props.isApp ? 'said-app' : ''}`} aria-hidden="true">
        {props.author.slice(0, 1)}
      </span>
      <div className="said-body">
        <p className="said-head">
          <strong>{props.author}</strong>
          {props.isApp && <span className="said-badge">App</span>}
          <time>{props.time}</time>
          {props.whisper && <span className="said-only">{props.whisper}</span>}
        </p>
        {props.children}
      </div>
    </article>
  );
}

/** Milliseconds since 1970 -> hours and minutes. */
export function clock(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}
