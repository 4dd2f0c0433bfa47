import { useEffect, useRef, useState } from 'react';
import type { SlackSection, TeamsSection } from '../shapes.ts';

interface Props {
  readonly slack: SlackSection;
  readonly teams: TeamsSection;
  readonly persona: string;
  readonly isUp: boolean;
}

/** Says news aloud to those who do not see them appear. */
export function Announcer({ slack, teams, persona, isUp }: Props) {
  const [news, setNews] = useState('');
  const own = slack.own[persona];
  const answers = own?.ephemerals ?? [];
  const toasts = teams.own[persona]?.toasts ?? [];
  const before = useRef({
    persona,
    slack: slack.messages.length,
    answers: answers.length,
    toasts: toasts.length,
    isUp,
  });
  useEffect(() => {
    const was = before.current;
    const isSame = was.persona === persona;
    before.current = { persona, slack: slack.messages.length, answers: answers.length, toasts: toasts.length, isUp };
    if (was.isUp !== isUp) setNews(isUp ? 'Clawback is up.' : 'Clawback is down.');
    else if (slack.messages.length > was.slack) setNews('A new card from Clawback is in Slack and Teams.');
    else if (isSame && answers.length > was.answers)
      setNews(`Slack, only visible to you: ${answers.at(-1)?.text ?? ''}`);
    else if (isSame && toasts.length > was.toasts) setNews(`Teams, only visible to you: ${toasts.at(-1)?.text ?? ''}`);
  }, [persona, slack.messages.length, answers, toasts, isUp]);
  return (
    <p className="unseen" aria-live="polite">
      {news}
    </p>
  );
}
