import type { Hello } from '../shapes.ts';
import type { Theme } from './teams-look.ts';

interface Props {
  readonly personas: Hello['personas'];
  readonly persona: string;
  readonly onPersona: (key: string) => void;
  readonly theme: Theme;
  readonly onTheme: (theme: Theme) => void;
  readonly isUp: boolean;
  readonly hasRun: boolean;
  readonly isConnected: boolean;
}

const ROLES: Readonly<Record<string, string>> = {
  analyst: 'Analyst',
  lead: 'Lead',
  guest: 'Guest',
  employee: 'Recipient',
};

export function Header(props: Props) {
  const { theme, onTheme } = props;
  return (
    <header className="top">
      <div className="brand">
        <Mark />
        <div>
          <h1>Clawback</h1>
          <p>Takes phishing mail back, once two people agree.</p>
        </div>
      </div>
      <Personas {...props} />
      <div className="top-right">
        <State {...props} />
        <button type="button" className="quiet" onClick={() => onTheme(theme === 'dark' ? 'light' : 'dark')}>
          {theme === 'dark' ? 'Light' : 'Dark'}
          <span className="unseen"> theme</span>
        </button>
      </div>
    </header>
  );
}

function Mark() {
  return (
    <svg className="mark" viewBox="0 0 40 40" aria-hidden="true">
      <rect width="40" height="40" rx="11" />
      <path d="M9 14h17a6 6 0 0 1 0 12H14" />
      <path d="m17 22-4 4 4 4" />
      <path d="m9 14 8.5 6L26 14" />
    </svg>
  );
}

function State({ isUp, hasRun, isConnected }: Props) {
  const down = hasRun ? 'Clawback is down, coming back' : 'Clawback is starting';
  const words = isConnected ? (isUp ? 'Clawback is up' : down) : 'Sandbox not reachable';
  const tone = isConnected && isUp ? 'good' : isConnected && !hasRun ? '' : 'bad';
  return (
    <p className={`pill ${tone}`} data-testid="bot-state">
      {words}
    </p>
  );
}

function Personas({ personas, persona, onPersona }: Props) {
  return (
    <fieldset className="personas">
      <legend>You are</legend>
      {personas.map(({ key, name, role }) => (
        <label key={key} className={`person person-${role}`}>
          <input type="radio" name="persona" value={key} checked={key === persona} onChange={() => onPersona(key)} />
          <Face name={name} />
          <span className="person-name">{name.split(' ')[0]}</span>
          <span className="person-role">{ROLES[role] ?? role}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Face({ name }: { readonly name: string }) {
  return (
    <span className="face" aria-hidden="true">
      {name.slice(0, 1)}
    </span>
  );
}
