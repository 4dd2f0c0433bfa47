import { type FormEvent, useState } from 'react';
import type { RecordRow, RecordSection, Verdict } from '../shapes.ts';
import { verify } from './ask.ts';
import { Panel } from './panel.tsx';
import { Timeline } from './timeline.tsx';

interface Props {
  readonly record: RecordSection;
  readonly rows: readonly RecordRow[];
  readonly onProblem: (words: string) => void;
  readonly onChanged: () => void;
}

interface Tried {
  readonly seq: number;
  readonly verdict: Verdict;
}

export function RecordPanel({ record, rows, onProblem, onChanged }: Props) {
  const [wanted, setWanted] = useState('');
  const [tried, setTried] = useState<Tried | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const middle = Math.max(1, Math.ceil(record.entries / 2));
  const seq = Math.min(Math.max(1, Number(wanted) || middle), Math.max(1, record.entries));
  const change = (event: FormEvent) => {
    event.preventDefault();
    setIsBusy(true);
    verify(seq)
      .then((verdict) => {
        setTried({ seq, verdict });
        onChanged();
      })
      .catch((error: unknown) => onProblem(error instanceof Error ? error.message : String(error)))
      .finally(() => setIsBusy(false));
  };
  const isBroken = tried !== null && !tried.verdict.ok;
  return (
    <Panel id="record" title="Record" aside={<State record={record} tried={tried} />}>
      <form className="tamper" onSubmit={change}>
        <label htmlFor="tamper-seq">Entry</label>
        <input
          id="tamper-seq"
          type="number"
          min={1}
          max={record.entries}
          placeholder={String(middle)}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
        <button type="submit" className="plain" disabled={isBusy || record.entries === 0}>
          Change one byte
        </button>
        {tried && (
          <button type="button" className="plain" onClick={() => setTried(null)}>
            Back to the stored bytes
          </button>
        )}
      </form>
      <p className={`verdict ${isBroken ? 'bad' : ''}`} role="status">
        {tried ? toldOf(tried) : 'Verification runs on a copy in memory: the stored record is never touched.'}
      </p>
      <Timeline rows={rows} broken={isBroken ? (tried.verdict.fault?.seq ?? null) : null} />
    </Panel>
  );
}

function toldOf({ seq, verdict }: Tried): string {
  if (verdict.ok) return `One byte of entry ${seq} was changed, and nothing was noticed. That must not happen.`;
  return `One byte of entry ${seq} changed in a copy. Verification: broken at entry ${verdict.fault?.seq ?? '?'}, ${verdict.fault?.problem ?? ''}.`;
}

function State({ record, tried }: { readonly record: RecordSection; readonly tried: Tried | null }) {
  const shown = tried?.verdict ?? record.verdict;
  const words =
    shown === null ? 'Not verified yet' : shown.ok ? 'Chain whole' : `Broken at entry ${shown.fault?.seq ?? '?'}`;
  const tone = shown === null ? '' : shown.ok ? 'good' : 'bad';
  return (
    <p className={`pill ${tone}`} data-testid="record-state">
      {words}
      <span className="pill-note">{record.entries.toLocaleString('en')} entries</span>
    </p>
  );
}
