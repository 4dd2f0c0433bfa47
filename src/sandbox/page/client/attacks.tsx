import { type DragEvent, useState } from 'react';
import type { AttackKind, AttackRow } from '../shapes.ts';
import { dropMail } from './ask.ts';
import { Panel } from './panel.tsx';
import type { Perform } from './perform.ts';

interface Props {
  readonly attacks: readonly AttackRow[];
  readonly perform: Perform;
  readonly onProblem: (words: string) => void;
}

const KINDS: readonly { readonly kind: AttackKind; readonly title: string; readonly says: string }[] = [
  { kind: 'wave', title: 'Phishing wave', says: '400 mailboxes, with good mail beside it that looks the same' },
  { kind: 'bec', title: 'Stolen thread', says: 'a reply with new bank details, to three people' },
  { kind: 'hostile', title: 'Hostile mail', says: 'markup, mentions and direction tricks in every field' },
  {
    kind: 'defender',
    title: 'Defender alert',
    says: 'found after delivery to 40; Clawback asks Defender once a minute',
  },
  { kind: 'report', title: 'User report', says: 'Emma takes a newsletter for phishing; asked for once a minute, too' },
  { kind: 'sublime', title: 'Sublime flags a mail', says: 'a signed webhook that names a message to ask for' },
];

export function Attacks({ attacks, perform, onProblem }: Props) {
  const [isOver, setIsOver] = useState(false);
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (!file) return;
    onProblem('');
    dropMail(file).catch((error: unknown) => onProblem(error instanceof Error ? error.message : String(error)));
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <Panel id="attacks" title="Attacks">
      <ul className="choices">
        {KINDS.map(({ kind, title, says }) => (
          <li key={kind}>
            <button type="button" className="choice" onClick={() => void perform({ do: 'attack', kind })}>
              <strong>{title}</strong>
              <span>{says}</span>
            </button>
          </li>
        ))}
        <li>
          <label
            className={`choice drop ${isOver ? 'drop-over' : ''}`}
            onDragOver={(event) => {
              event.preventDefault();
              setIsOver(true);
            }}
            onDragLeave={() => setIsOver(false)}
            onDrop={drop}
          >
            <input
              type="file"
              accept=".eml,message/rfc822"
              onChange={(event) => {
                take(event.target.files);
                event.target.value = '';
              }}
            />
            <strong>Your own mail</strong>
            <span>drop an .eml file here, or choose one; it stays on this machine</span>
          </label>
        </li>
      </ul>
      <Landed attacks={attacks} />
    </Panel>
  );
}

/** What was reported of each: newest first, and that one open. What it says of a mail is text. */
function Landed({ attacks }: { readonly attacks: readonly AttackRow[] }) {
  if (attacks.length === 0) return null;
  return (
    <>
      <h3 className="landed-title">What was reported</h3>
      <ul className="landed">
        {attacks
          .map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are only ever added at the end
            <li key={index}>
              <details open={index === attacks.length - 1}>
                <summary>
                  <bdi>{row.subject}</bdi>
                  <span>{row.incident ?? row.problem ?? 'being reported…'}</span>
                </summary>
                <p>
                  By {row.by}: {row.verdict}, {row.severity},{' '}
                  {row.confidence === null ? 'does not say how sure it is' : `${row.confidence} % sure`};{' '}
                  {row.copies.toLocaleString('en')} {row.copies === 1 ? 'copy' : 'copies'} landed
                </p>
                {row.findings.length > 0 && (
                  <ul className="findings" aria-label="Its reasons">
                    {row.findings.map((finding) => (
                      <li key={finding}>
                        <bdi>{finding}</bdi>
                      </li>
                    ))}
                  </ul>
                )}
              </details>
            </li>
          ))
          .reverse()}
      </ul>
    </>
  );
}
