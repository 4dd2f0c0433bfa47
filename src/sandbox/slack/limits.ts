export interface SlackLimits {
  /** chat.postMessage per channel and second, and how many may come at once. */
  readonly postsPerSecond: number;
  readonly postBurst: number;
  /** Calls per method and minute. A method that is not named has no limit here. */
  readonly perMinute: Readonly<Record<string, number>>;
}

// docs.slack.dev/apis/web-api/rate-limits: posting is about 1/s per channel; how much more a short burst may hold is not
// published, so here it holds nothing more. Tier 2 is 20, tier 3 is 50, tier 4 is 100 calls a minute.
export const SLACK_LIMITS: SlackLimits = {
  postsPerSecond: 1,
  postBurst: 1,
  perMinute: {
    'chat.update': 50,
    'chat.delete': 50,
    'conversations.history': 50,
    'conversations.replies': 50,
    'conversations.info': 50,
    'usergroups.list': 20,
    'usergroups.users.list': 20,
    'users.list': 20,
    'users.info': 100,
    'users.lookupByEmail': 50,
    'chat.postEphemeral': 100,
    'views.open': 100,
    'views.push': 100,
    'views.update': 100,
    'views.publish': 100,
    'conversations.open': 50,
    'files.getUploadURLExternal': 100,
    'files.completeUploadExternal': 100,
  },
};

/** Seconds to wait, or 0 when the call may pass (and then it counts). */
export function createLimiter(limits: SlackLimits, clock: () => number): (method: string, channel: string) => number {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const windows = new Map<string, number[]>();

  function post(channel: string): number {
    const now = clock();
    const bucket = buckets.get(channel) ?? { tokens: limits.postBurst, at: now };
    const refilled = bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * limits.postsPerSecond;
    const tokens = Math.min(limits.postBurst, refilled);
    const passes = tokens >= 1;
    buckets.set(channel, { tokens: passes ? tokens - 1 : tokens, at: now });
    return passes ? 0 : Math.max(1, Math.ceil((1 - tokens) / limits.postsPerSecond));
  }

  return (method, channel) => {
    if (method === 'chat.postMessage') {
      return post(channel);
    }
    const most = limits.perMinute[method];
    if (most === undefined) {
      return 0;
    }
    const now = clock();
    const recent = (windows.get(method) ?? []).filter((at) => now - at < 60_000);
    windows.set(method, recent);
    const oldest = recent[0];
    if (recent.length >= most && oldest !== undefined) {
      return Math.max(1, Math.ceil((oldest + 60_000 - now) / 1000));
    }
    recent.push(now);
    return 0;
  };
}
