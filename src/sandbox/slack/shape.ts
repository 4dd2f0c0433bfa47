/** Adds to `out` what is wrong with `value`; `at` is a JSON pointer. */
export type Check = (value: unknown, at: string, out: string[]) => void;
export type Fields = Record<string, Check>;

function complain(out: string[], at: string, what: string): void {
  out.push(`[ERROR] ${what} [json-pointer:${at}]`);
}

export const anything: Check = () => undefined;

export const flag: Check = (value, at, out) => {
  if (typeof value !== 'boolean') {
    complain(out, at, 'must be a boolean');
  }
};

/** Lengths in UTF-16 code units. */
export function words(max: number, min = 0): Check {
  return (value, at, out) => {
    if (typeof value !== 'string') {
      complain(out, at, 'must be a string');
    } else if (value.length > max) {
      complain(out, at, `must be less than ${max + 1} characters`);
    } else if (value.length < min) {
      complain(out, at, `must be more than ${min - 1} characters`);
    }
  };
}

export function whole(min: number, max: number): Check {
  return (value, at, out) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      complain(out, at, `must be an integer from ${min} to ${max}`);
    }
  };
}

export function oneOf(...allowed: readonly unknown[]): Check {
  return (value, at, out) => {
    if (!allowed.includes(value)) {
      complain(out, at, `must be one of ${allowed.join(', ')}`);
    }
  };
}

/** Words that the vendor reads in any case. */
export function word(...allowed: readonly string[]): Check {
  const known = new Set(allowed.map((one) => one.toLowerCase()));
  return (value, at, out) => {
    if (typeof value !== 'string' || !known.has(value.toLowerCase())) {
      complain(out, at, `must be one of ${allowed.join(', ')}`);
    }
  };
}

export function listOf(item: Check, min: number, max: number): Check {
  return (value, at, out) => {
    if (!Array.isArray(value)) {
      complain(out, at, 'must be an array');
      return;
    }
    if (value.length > max) {
      complain(out, at, `no more than ${max} items allowed`);
    }
    if (value.length < min) {
      complain(out, at, `no less than ${min} items allowed`);
    }
    for (const [index, one] of value.entries()) {
      item(one, `${at}/${index}`, out);
    }
  };
}

/** `type` is everybody's; whatever is neither required nor optional is refused, as the vendors do. */
export function object(required: Fields, optional: Fields = {}): Check {
  const known = new Map([...Object.entries(optional), ...Object.entries(required)]);
  const missing = (value: object) => Object.keys(required).filter((name) => !Object.hasOwn(value, name));
  const field = (name: string, inner: unknown, at: string, out: string[]) => {
    const check = known.get(name);
    if (check !== undefined) {
      check(inner, `${at}/${name}`, out);
    } else if (name !== 'type') {
      complain(out, at, `invalid additional property: ${name}`);
    }
  };
  return (value, at, out) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      complain(out, at, 'must be an object');
      return;
    }
    for (const name of missing(value)) {
      complain(out, at, `missing required field: ${name}`);
    }
    for (const [name, inner] of Object.entries(value)) {
      field(name, inner, at, out);
    }
  };
}

/** Chooses by `type`; `fallback` serves the places where the vendor lets the type be left out. */
export function byType(kinds: Fields, fallback?: string): Check {
  return (value, at, out) => {
    const type = (value as { type?: unknown } | null)?.type ?? fallback;
    const check = typeof type === 'string' && Object.hasOwn(kinds, type) ? kinds[type] : undefined;
    if (check === undefined) {
      complain(out, at, `unsupported type: ${String(type)}`);
    } else {
      check(value, at, out);
    }
  };
}

/** For shapes that contain themselves. */
export function later(check: () => Check): Check {
  return (value, at, out) => check()(value, at, out);
}

export function also(first: Check, second: Check): Check {
  return (value, at, out) => {
    first(value, at, out);
    second(value, at, out);
  };
}

export function need(holds: (value: Record<string, unknown>) => boolean, otherwise: string): Check {
  return (value, at, out) => {
    if (value !== null && typeof value === 'object' && !holds(value as Record<string, unknown>)) {
      complain(out, at, otherwise);
    }
  };
}
