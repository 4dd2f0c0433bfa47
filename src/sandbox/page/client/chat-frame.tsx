import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';

interface Props {
  readonly id: 'slack' | 'teams';
  readonly product: string;
  readonly place: string;
  /** Changes when something new is at the end. */
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
    const last = log.current?.lastElementChild;
    if (log.current && last instanceof HTMLElement) log.current.scrollTop = last.offsetTop - 12;
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
