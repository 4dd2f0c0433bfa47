import { type KeyboardEvent, useRef, useState } from 'react';
import type { GraphSection, Hello, TenantSection, TroubleSection } from '../shapes.ts';
import { GraphNumbers } from './graph-numbers.tsx';
import { MailboxDialog } from './mailbox-dialog.tsx';
import { Panel } from './panel.tsx';

interface Props {
  readonly hello: Hello;
  readonly tenant: TenantSection;
  readonly graph: GraphSection;
  readonly trouble: TroubleSection;
}

const WORDS: Readonly<Record<string, string>> = {
  '.': 'not reached by an attack',
  m: 'holds the mail',
  f: 'holds the mail, flagged',
  c: 'cleared',
  x: 'lets nobody in',
};
const KINDS: Readonly<Record<string, string>> = { '.': 'none', m: 'mail', f: 'flag', c: 'clear', x: 'denied' };

export function Tenant({ hello, tenant, graph, trouble }: Props) {
  const [opened, setOpened] = useState<string | null>(null);
  const { cells, inSight, outOfSight } = tenant;
  const total = inSight + outOfSight;
  return (
    <Panel id="tenant" title="Mailboxes" aside={<p className="panel-note">{hello.domain}</p>}>
      <p className="tally">
        <strong data-testid="in-sight">{inSight.toLocaleString('en')}</strong>
        <span>
          {inSight === 1 ? 'copy' : 'copies'} people can open
          <br />
          {outOfSight.toLocaleString('en')} out of sight
        </span>
      </p>
      <progress className="gone" max={Math.max(1, total)} value={outOfSight} aria-label="Copies out of sight" />
      <Grid cells={cells} names={hello.mailboxes} onOpen={setOpened} />
      <ul className="legend" aria-label="Legend">
        <li className="cell-mail">Holds the mail</li>
        <li className="cell-clear">Cleared</li>
        {cells.includes('f') && <li className="cell-flag">Flagged</li>}
        <li className="cell-none">Not reached</li>
        {trouble.denied && <li className="cell-denied">Denied</li>}
      </ul>
      <GraphNumbers graph={graph} />
      {opened && <MailboxDialog address={opened} stamp={`${inSight} ${outOfSight}`} onClose={() => setOpened(null)} />}
    </Panel>
  );
}

/** One tab stop for all mailboxes; arrow keys walk. */
function Grid(props: {
  readonly cells: string;
  readonly names: readonly string[];
  readonly onOpen: (address: string) => void;
}) {
  const { cells, names, onOpen } = props;
  const place = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const walk = (event: KeyboardEvent) => {
    const columns = place.current ? getComputedStyle(place.current).gridTemplateColumns.split(' ').length : 1;
    const step: Readonly<Record<string, number>> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: columns,
      ArrowUp: -columns,
      Home: -active,
      End: cells.length - 1 - active,
    };
    const by = step[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = Math.min(cells.length - 1, Math.max(0, active + by));
    setActive(next);
    const cell = place.current?.children.item(next);
    if (cell instanceof HTMLElement) cell.focus();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these are places to look into
    <div className="grid" ref={place} role="group" aria-label="Mailboxes, arrow keys walk" onKeyDown={walk}>
      {names.map((name, index) => {
        const kind = cells[index] ?? '.';
        const label = `${name}: ${WORDS[kind] ?? ''}`;
        return (
          <button
            key={name}
            type="button"
            className={`cell cell-${KINDS[kind] ?? 'none'}`}
            aria-label={label}
            title={label}
            tabIndex={index === active ? 0 : -1}
            onFocus={() => setActive(index)}
            onClick={() => onOpen(name)}
          />
        );
      })}
    </div>
  );
}
