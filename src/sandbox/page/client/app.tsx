import { useCallback, useState } from 'react';
import { Announcer } from './announcer.tsx';
import { act } from './ask.ts';
import { Attacks } from './attacks.tsx';
import { Header } from './header.tsx';
import type { Perform } from './perform.ts';
import { RecordPanel } from './record.tsx';
import { SlackChat } from './slack-chat.tsx';
import { useKnown } from './store.ts';
import { Story } from './story.tsx';
import { TeamsChat } from './teams-chat.tsx';
import { Tenant } from './tenant.tsx';
import { useTheme } from './theme.ts';
import { Trouble } from './trouble.tsx';
import { useRows } from './use-rows.ts';

export function App() {
  const known = useKnown();
  const [theme, setTheme] = useTheme();
  const [persona, setPersona] = useState('dana');
  const [problem, setProblem] = useState('');
  const [hasChanged, setHasChanged] = useState(false);
  const rows = useRows(known.record?.entries ?? 0);
  const perform = useCallback<Perform>((wanted) => {
    setProblem('');
    return act(wanted).then(
      () => undefined,
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
  }, []);
  const { hello, slack, teams, tenant, graph, attacks, trouble, bot, record } = known;
  if (!(hello && slack && teams && tenant && graph && attacks && trouble && bot && record)) {
    return <p className="waiting">Opening the sandbox…</p>;
  }
  const as = { persona, personas: hello.personas, theme, perform };
  return (
    <>
      <Header
        personas={hello.personas}
        persona={persona}
        onPersona={setPersona}
        theme={theme}
        onTheme={setTheme}
        isUp={bot.running}
        hasRun={bot.hasRun}
        isConnected={known.connected}
      />
      <Announcer slack={slack} teams={teams} persona={persona} isUp={bot.running} />
      <main>
        <Story rows={rows} attacks={attacks} hasChanged={hasChanged} persona={persona} onPersona={setPersona} />
        {problem !== '' && (
          <p className="problem" role="alert">
            {problem}{' '}
            <button type="button" className="quiet" onClick={() => setProblem('')}>
              Dismiss
            </button>
          </p>
        )}
        <div className="stage">
          <SlackChat {...as} section={slack} channel={hello.channel} />
          <TeamsChat {...as} section={teams} />
          <Tenant hello={hello} tenant={tenant} graph={graph} trouble={trouble} />
        </div>
        <div className="bench">
          <div className="bench-side">
            <Attacks attacks={attacks} perform={perform} onProblem={setProblem} />
            <Trouble trouble={trouble} isUp={bot.running} perform={perform} />
          </div>
          <RecordPanel record={record} rows={rows} onProblem={setProblem} onChanged={() => setHasChanged(true)} />
        </div>
      </main>
      <footer className="foot">
        Everything here runs on this machine: Microsoft Graph, Entra, Slack and Teams are stand-ins, Clawback is the
        real one. Cards are drawn by the vendors’ renderers; real clients differ in details.
      </footer>
    </>
  );
}
