import { diceFrom } from '../../fault/dice.ts';
import { BAD } from './bad.ts';
import { GOOD } from './good.ts';
import { EACH, type Maker, type Sample, TENANT } from './sample.ts';

/** 300 made-up senders and threads, half of them good and awkward: the same ones for the same seed. More of `each` kind are more mixed. */
export function madeUp(seed = 1, each = EACH): readonly Sample[] {
  const dice = diceFrom(seed);
  const roll = (of: number) => Math.floor(dice() * of);
  const all = (makers: Readonly<Record<string, Maker>>, isGood: boolean) =>
    Object.entries(makers).flatMap(([kind, make]) =>
      Array.from({ length: each }, (_none, n): Sample => {
        const { told, shows } = make(n, roll);
        return { kind, isGood, told: { ...TENANT, ...told }, shows };
      }),
    );
  return [...all(GOOD, true), ...all(BAD, false)];
}
