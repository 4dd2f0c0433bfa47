import type { Act, Hello } from '../shapes.ts';
import type { Theme } from './teams-look.ts';

/** Performs an act; what goes wrong appears on the page. Resolves when the stand-in has its answer. */
export type Perform = (wanted: Act) => Promise<void>;

/** Who looks at the chats, and how. */
export interface Viewer {
  readonly persona: string;
  readonly personas: Hello['personas'];
  readonly theme: Theme;
  readonly perform: Perform;
}
