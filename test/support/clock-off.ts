/**
 * Loaded before a process of Clawback, as `clock-off.ts?off=<ms>&jump=<ms>`: its clock is off by `off`, and jumps by `jump`
 * and back with each SIGUSR2. The database keeps the right time.
 */
const { searchParams } = new URL(import.meta.url);
const Right = Date;
const start = Number(searchParams.get('off') ?? 0);
const jump = Number(searchParams.get('jump') ?? 0);
let off = start;
process.on('SIGUSR2', () => {
  off = off === start ? start + jump : start;
});

const Off = new Proxy(Right, {
  construct: (date, args: []) => (args.length === 0 ? new date(Right.now() + off) : Reflect.construct(date, args)),
  apply: () => new Right(Right.now() + off).toString(),
  get: (date, name) => (name === 'now' ? () => Right.now() + off : Reflect.get(date, name)),
});
globalThis.Date = Off;
