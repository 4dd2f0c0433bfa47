import type { RecordRow } from '../shapes.ts';

/** Reads and moves of single mailboxes come in hundreds: told together, opened on demand. */
const FAMILIES: Readonly<Record<string, string>> = {
  'mailbox.read': 'mailboxes looked into',
  'copy.intent': 'entries about single copies: what was about to be done, what was seen',
  'copy.late': 'entries about single copies: what was about to be done, what was seen',
  'copy.outcome': 'entries about single copies: what was about to be done, what was seen',
};
const MOST_SHOWN = 200;

interface Group {
  readonly words: string | null;
  readonly rows: RecordRow[];
}

/** Newest first. */
export function Timeline({ rows, broken }: { readonly rows: readonly RecordRow[]; readonly broken: number | null }) {
  const groups = groupsOf(rows);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <ol className="timeline" reversed tabIndex={0} aria-label="Record, newest first">
      {groups.map((group) => {
        const key = group.rows[0]?.seq ?? 0;
        const isBroken = group.rows.some(({ seq }) => seq === broken);
        return (
          <li key={key} className={isBroken ? 'broken' : ''}>
            {group.words !== null && group.rows.length > 1 ? (
              <Many group={group} words={group.words} />
            ) : (
              group.rows.map((row) => <Row key={row.seq} row={row} />)
            )}
          </li>
        );
      })}
    </ol>
  );
}

function Many({ group, words }: { readonly group: Group; readonly words: string }) {
  const shown = group.rows.slice(-MOST_SHOWN);
  const left = group.rows.length - shown.length;
  return (
    <details>
      <summary>
        <span className="row-seq">
          {group.rows[0]?.seq}–{group.rows.at(-1)?.seq}
        </span>
        <span>
          {group.rows.length.toLocaleString('en')} {words}
        </span>
      </summary>
      {shown.map((row) => (
        <Row key={row.seq} row={row} />
      ))}
      {left > 0 && <p className="row-left">and {left.toLocaleString('en')} before them</p>}
    </details>
  );
}

function Row({ row }: { readonly row: RecordRow }) {
  return (
    <p className={`row row-${row.type.split('.')[0] ?? ''}`}>
      <span className="row-seq">{row.seq}</span>
      <bdi className="row-line">{row.line}</bdi>
      <time dateTime={row.at}>{row.at.slice(11, 19)}</time>
      <code title={`hash ${row.hash}`}>{row.hash.slice(0, 8)}</code>
    </p>
  );
}

function groupsOf(rows: readonly RecordRow[]): Group[] {
  const groups: Group[] = [];
  for (const row of rows) {
    const words = FAMILIES[row.type] ?? null;
    const last = groups.at(-1);
    if (last && words !== null && last.words === words) last.rows.push(row);
    else groups.push({ words, rows: [row] });
  }
  return groups.reverse();
}
