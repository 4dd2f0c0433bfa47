import type { Job } from '../../src/ports/jobs.ts';

/** What the real queue takes for the same job. */
export function singletonKey(job: Job): string {
  return `${job.queue} ${partsOf(job).join(' ')}`;
}

function partsOf(job: Job): readonly unknown[] {
  switch (job.queue) {
    case 'flag':
      return [job.flag];
    case 'inquire':
      return [job.inquiry];
    case 'measures':
      return [job.list];
    case 'automation':
      return [];
    case 'search':
      return [job.incident, job.name, job.nth];
    case 'look':
      return [job.incident, job.because, job.nth, job.list];
    case 'evidence':
      return [job.incident, job.list, job.nth];
    case 'people':
      return [job.incident, job.list, job.because, job.nth, job.tries];
    case 'deliver':
      return [job.incident, job.platform];
    case 'nudge':
      return [job.incident, job.platform, job.step, job.afterQuiet ?? false];
    default:
      return ['run' in job ? job.run : 'source' in job ? job.source : job.incident];
  }
}
