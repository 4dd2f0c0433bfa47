import type { Job } from '../../ports/jobs.ts';

/** Of what has one key one job is queued at most. */
export function singletonKey(tenant: string, job: Job): string {
  switch (job.queue) {
    case 'scope':
    case 'expire':
    case 'remind':
      return `${tenant} ${job.incident}`;
    case 'run':
    case 'rescope':
    case 'elsewhere':
    case 'late':
      return `${tenant} ${job.run}`;
    case 'pull':
      return `${tenant} ${job.source}`;
    case 'automation':
      return tenant;
    case 'back':
    case 'reporter':
      return `${tenant} ${job.incident} ${job.nth}`;
    case 'measures':
      return `${tenant} ${job.list}`;
    case 'flag':
      return `${tenant} ${job.flag}`;
    case 'inquire':
      return `${tenant} ${job.inquiry}`;
    case 'search':
      return `${tenant} ${job.incident} ${job.name} ${job.nth}`;
    case 'deliver':
      return `${tenant} ${job.incident} ${job.platform}`;
    case 'look':
      return `${tenant} ${job.incident} ${job.because} ${job.nth} ${job.list ?? ''}`;
    case 'evidence':
      return `${tenant} ${job.incident} ${job.list} ${job.nth}`;
    case 'people':
      return `${tenant} ${job.incident} ${job.list} ${job.because} ${job.nth} ${job.tries}`;
    case 'nudge':
      return `${tenant} ${job.incident} ${job.platform} ${job.step}${job.afterQuiet ? ' after quiet hours' : ''}`;
  }
}
