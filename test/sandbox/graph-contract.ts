import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Ajv2020 as Ajv } from 'ajv/dist/2020.js';

type Json = Record<string, unknown>;
type Validate = ReturnType<Ajv['compile']>;

export interface ContractChecker {
  /** Whether it knows the operation at all; `path` after the version, still encoded, with or without its query. */
  knows(method: string, path: string): boolean;
  /** The templated path of an operation; null where it is not known. */
  pathOf(method: string, path: string): string | null;
  /** What the contract itself says of an operation: its entry. */
  operation(method: string, path: string): Json | null;
  /** Problems of a request: its path, its query and its body. An unknown operation is one, too. */
  request(method: string, path: string, body: unknown): string[];
  /** Problems of its headers, by name in any case; what the contract says nothing of is none. */
  headers(method: string, path: string, headers: Readonly<Record<string, string>>): string[];
  response(method: string, path: string, status: number, body: unknown): string[];
}

interface Spec {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Json;
}

const ROOT = new URL('../../', import.meta.url);
const FILE = new URL('../shared/contracts/graph-subset.openapi.json', ROOT);
const OURS = new URL('test/contract/graph-requests.openapi.json', ROOT);
const OF_SOURCES = new URL('test/contract/source-requests.openapi.json', ROOT);
/** What a service writes into the address of its own next page (learn.microsoft.com/graph/paging): opaque. */
const OPAQUE = '$skiptoken';

/** Checks against the machine-readable contract of Graph where it lies beside the project; null where it does not. */
export function contractChecker(): ContractChecker | null {
  return existsSync(FILE) ? checkerOf(FILE) : null;
}

/** Checks against what the product itself says that it asks of Graph, each operation with its source. */
export function ownRequests(): ContractChecker {
  return checkerOf(OURS);
}

/** The same for what sources ask of Graph, and tell it. */
export function sourceRequests(): ContractChecker {
  return checkerOf(OF_SOURCES);
}

function checkerOf(file: URL): ContractChecker {
  const spec: Spec = JSON.parse(readFileSync(file, 'utf8'));
  const ajv = compilerFor(spec);
  const compiled = new Map<string, Validate>();
  const table = operationTable(spec);

  function problems(pointer: string, body: unknown): string[] {
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: pointer });
    compiled.set(pointer, validate);
    if (validate(body)) return [];
    return (validate.errors ?? []).map((error) => `${pointer}: ${error.instancePath} ${error.message}`);
  }

  function find(method: string, path: string) {
    const bare = path.split('?')[0] ?? '';
    const found = table.find((one) => one.pattern.test(bare) && one.operations[method.toLowerCase()]);
    if (!found) return null;
    const name = method.toLowerCase();
    const parameters = (found.operations[name]?.['parameters'] ?? []) as readonly Parameter[];
    const segments = found.pattern.exec(bare)?.slice(1).map(decodeURIComponent) ?? [];
    return { path: found.path, name, entry: found.operations[name] ?? {}, parameters, segments };
  }
  type Found = NonNullable<ReturnType<typeof find>>;

  function given(found: Found, where: Parameter['in'], values: ReadonlyMap<string, string>): string[] {
    return found.parameters.flatMap((parameter, n) => {
      if (parameter.in !== where) return [];
      const value = values.get(parameter.name.toLowerCase());
      if (value === undefined) return parameter.required ? [`${found.path}: ${parameter.name} is missing`] : [];
      return problems(
        `graph#/paths/${escaped(found.path)}/${found.name}/parameters/${n}/schema`,
        typed(value, parameter),
      );
    });
  }

  function inPath(found: Found): string[] {
    const names = found.parameters.filter((one) => one.in === 'path').map(({ name }) => name.toLowerCase());
    return given(found, 'path', new Map(names.map((name, n) => [name, found.segments[n] ?? ''])));
  }

  function inQuery(found: Found, path: string): string[] {
    const values = queryOf(path);
    const known = new Set(found.parameters.filter((one) => one.in === 'query').map(({ name }) => name));
    const stray = [...values.keys()].filter((name) => !known.has(name) && name !== OPAQUE);
    return [...stray.map((name) => `${found.path} takes no ${name}`), ...given(found, 'query', values)];
  }

  function inBody(found: Found, body: unknown): string[] {
    const declared = found.entry['requestBody'] as { readonly required?: boolean } | undefined;
    if (body === undefined) return declared?.required ? [`${found.path} takes a body`] : [];
    if (!declared) return isEmpty(body) ? [] : [`${found.name} ${found.path} takes no body`];
    return problems(
      `graph#/paths/${escaped(found.path)}/${found.name}/requestBody/content/application~1json/schema`,
      body,
    );
  }

  const unknown = (method: string, path: string) => [`${method} ${path} is not in the contract`];

  return {
    knows: (method, path) => find(method, path) !== null,
    pathOf: (method, path) => find(method, path)?.path ?? null,
    operation: (method, path) => find(method, path)?.entry ?? null,
    request(method, path, body) {
      const found = find(method, path);
      if (!found) return unknown(method, path);
      return [...inPath(found), ...inQuery(found, path), ...inBody(found, body)];
    },
    headers(method, path, headers) {
      const found = find(method, path);
      if (!found) return unknown(method, path);
      return given(
        found,
        'header',
        new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
      );
    },
    response(method, path, status, body) {
      const found = find(method, path);
      if (!found) return unknown(method, path);
      const responses = found.entry['responses'] as Json;
      const code = [String(status), `${Math.floor(status / 100)}XX`].find((one) => Object.hasOwn(responses, one));
      if (code === undefined) return [`${method} ${found.path} has no answer ${status}`];
      const content = (responses[code] as Json)['content'];
      if (content === undefined) return body === undefined ? [] : [`${method} ${found.path} ${status} has no body`];
      const at = `graph#/paths/${escaped(found.path)}/${found.name}/responses/${code}/content/application~1json/schema`;
      return problems(at, body);
    },
  };
}

/** As a service reads what stands in an address: numbers and yes or no are text there. */
function typed(value: string, { schema }: Parameter): unknown {
  if (schema['type'] === 'integer' && /^-?\d+$/.test(value)) return Number(value);
  if (schema['type'] === 'boolean' && /^(true|false)$/.test(value)) return value === 'true';
  return value;
}

/** Names in lower case, values decoded; a name that is there twice is refused by Graph, so it is by this. */
function queryOf(path: string): ReadonlyMap<string, string> {
  const [, ...rest] = path.split('?');
  const pairs = [...new URLSearchParams(rest.join('?'))].map(([name, value]) => [name.toLowerCase(), value] as const);
  const values = new Map(pairs);
  if (values.size !== pairs.length) throw new Error(`a query option was given more than once: ${path}`);
  return values;
}

/** ajv and its formats are CommonJS with a default of their own. */
function compilerFor(spec: Spec): Ajv {
  const require = createRequire(import.meta.url);
  const plain = <T>(module: T & { default?: T }): T => module.default ?? module;
  const Compiler = plain(require('ajv/dist/2020')) as typeof Ajv;
  const addFormats = plain(require('ajv-formats')) as (ajv: Ajv) => void;
  const ajv = new Compiler({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ $id: 'graph', ...spec });
  return ajv;
}

/** Literal paths win over templated ones. */
function operationTable(spec: Spec) {
  return Object.entries(spec.paths)
    .map(([path, operations]) => ({ path, operations, pattern: patternOf(path), variables: path.split('{').length }))
    .sort((a, b) => a.variables - b.variables || b.path.length - a.path.length);
}

function patternOf(path: string): RegExp {
  const parts = path
    .split(/(\{[^}]+\})/)
    .map((part) => (part.startsWith('{') ? '([^/]+)' : part.replace(/[.*+?^$()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${parts.join('')}$`);
}

function escaped(path: string): string {
  return encodeURIComponent(path.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function isEmpty(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.keys(body).length === 0;
}
