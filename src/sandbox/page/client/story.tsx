import type { AttackRow, RecordRow } from '../shapes.ts';

interface Props {
  readonly rows: readonly RecordRow[];
  readonly attacks: readonly AttackRow[];
  /** The bytes of the record have been played with. */
  readonly hasChanged: boolean;
  readonly persona: string;
  readonly onPersona: (key: string) => void;
}

interface Step {
  readonly title: string;
  readonly hint: string;
  readonly isDone: boolean;
  /** Whom to be, and which part of the page to look at. */
  readonly persona?: string;
  readonly place: string;
}

/** The first five minutes as six steps; what has been done is read from the record, not guessed from clicks. */
export function Story({ rows, attacks, hasChanged, persona, onPersona }: Props) {
  const steps = stepsOf(rows, attacks, hasChanged);
  const current = steps.findIndex(({ isDone }) => !isDone);
  const step = steps[current];
  return (
    <section className="story" aria-label="The story in six steps">
      <ol>
        {steps.map(({ title, isDone }, index) => (
          <li
            key={title}
            className={isDone ? 'done' : index === current ? 'current' : ''}
            aria-current={index === current ? 'step' : undefined}
          >
            <span className="story-number" aria-hidden="true">
              {isDone ? '✓' : index + 1}
            </span>
            <span>
              {title}
              {isDone && <span className="unseen"> (done)</span>}
            </span>
          </li>
        ))}
      </ol>
      <p className="story-hint" aria-live="polite">
        {step ? step.hint : 'That is the whole story. Now try the attacks, the trouble, and your own mail.'}{' '}
        {step?.persona && step.persona !== persona && (
          <button type="button" className="link" onClick={() => onPersona(step.persona ?? persona)}>
            Be {nameOf(step.persona)}
          </button>
        )}{' '}
        {step && <a href={`#${step.place}`}>Go there</a>}
      </p>
    </section>
  );
}

function nameOf(key: string): string {
  return key.slice(0, 1).toUpperCase() + key.slice(1);
}

function stepsOf(rows: readonly RecordRow[], attacks: readonly AttackRow[], hasChanged: boolean): Step[] {
  const first = attacks[0];
  const seen = (type: string, action: string | null, times = 1) =>
    rows.filter((row) => row.type === type && row.action === action && row.incident === first?.incident).length >=
    times;
  const undoAsked = seen('decision.approved', 'restore');
  return [
    {
      title: 'An attack has landed',
      hint: `Clawback looks for every copy of “${first?.subject ?? 'the mail'}”.`,
      isDone: seen('plan.made', null),
      place: 'slack',
    },
    {
      title: 'Approve as Dana in Slack',
      hint: 'As Dana, press Approve purge on the Slack card. Or be Emma or Gus first, and see what they are told.',
      isDone: seen('decision.approved', 'purge'),
      persona: 'dana',
      place: 'slack',
    },
    {
      title: 'Approve as Omar in Teams',
      hint: 'A purge takes two people. Be Omar and press Approve purge on the same card in Teams.',
      isDone: seen('run.started', 'purge'),
      persona: 'omar',
      place: 'teams',
    },
    {
      title: 'Watch the mailboxes clear',
      hint: 'Each copy is moved out of sight and looked after. Pull the plug meanwhile, if you like.',
      isDone: seen('run.finished', 'purge'),
      place: 'tenant',
    },
    {
      title: 'Undo it',
      hint: undoAsked
        ? 'One person has asked for the undo. It takes a second one, as Omar in Teams for example.'
        : 'Press Undo the purge: the copies go back to where they were. That, too, takes two people.',
      isDone: seen('run.finished', 'restore'),
      persona: undoAsked ? 'omar' : 'dana',
      place: undoAsked ? 'teams' : 'slack',
    },
    {
      title: 'Look at the record',
      hint: 'Every step is bound to all before it. Change one byte, and see what verification says.',
      isDone: hasChanged,
      place: 'record',
    },
  ];
}
