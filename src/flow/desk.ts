import type { Desk } from '../ports/desk.ts';
import { press } from './decide.ts';
import type { Flow } from './flow.ts';
import { command } from './look.ts';
import { stray } from './refuse.ts';

/** What the chat platforms may ask of this tenant. */
export function createDesk(flow: Flow): Desk {
  return {
    press: (pressed) => press(flow, pressed),
    command: (call) => command(flow, call),
    stray: (by, what) => stray(flow, by, what),
  };
}
