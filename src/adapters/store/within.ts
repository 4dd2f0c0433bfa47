/** Waits for `work` to end, however it ends, and for `ms` at the most. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.then(noted, noted), patience]);
  clearTimeout(timer);
}

const noted = () => undefined;
