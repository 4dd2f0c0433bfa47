import type { Act, TroubleSection } from '../shapes.ts';
import { Panel } from './panel.tsx';
import type { Perform } from './perform.ts';

interface Props {
  readonly trouble: TroubleSection;
  readonly isUp: boolean;
  readonly perform: Perform;
}

type What = Extract<Act, { readonly do: 'trouble' }>['what'];

export function Trouble({ trouble, isUp, perform }: Props) {
  const set = (what: What, on: boolean) => void perform({ do: 'trouble', what, on });
  return (
    <Panel id="trouble" title="Trouble">
      <ul className="switches">
        <Switch
          title="Throttling storm"
          says="Graph answers nearly every second request with 429"
          isOn={trouble.storm}
          onSet={(on) => set('storm', on)}
        />
        <Switch
          title="Deny one mailbox"
          says={trouble.denied ? `${trouble.denied} lets nobody in` : 'an access policy keeps Clawback out of it'}
          isOn={trouble.denied !== null}
          onSet={(on) => set('denied', on)}
        />
        <Switch
          title="Graph down"
          says="503 for everything, until you switch it back on"
          isOn={trouble.graphDown}
          onSet={(on) => set('graphDown', on)}
        />
      </ul>
      <button type="button" className="kill" disabled={!isUp} onClick={() => void perform({ do: 'kill' })}>
        <strong>kill -9 the bot</strong>
        <span>{isUp ? 'it comes back and goes on where it was' : 'it is gone, and coming back…'}</span>
      </button>
    </Panel>
  );
}

function Switch(props: {
  readonly title: string;
  readonly says: string;
  readonly isOn: boolean;
  readonly onSet: (on: boolean) => void;
}) {
  const { title, says, isOn, onSet } = props;
  return (
    <li>
      <label className="switch">
        <input
          type="checkbox"
          role="switch"
          aria-checked={isOn}
          checked={isOn}
          onChange={(event) => onSet(event.target.checked)}
        />
        <span className="switch-track" aria-hidden="true" />
        <span>
          <strong>{title}</strong>
          <span>{says}</span>
        </span>
      </label>
    </li>
  );
}
