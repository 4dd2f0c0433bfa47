import { Schedule } from '../core/ask/schedule.ts';
import { textOf } from './text-file.ts';
import { parseYaml } from './yaml.ts';

/** Reads who is on call. Throws ClawbackError 'config' that names every wrong key and what was found there. */
export function loadSchedule(file: string): Schedule {
  return parseYaml(Schedule, textOf(file, 'the on-call schedule'), file);
}
