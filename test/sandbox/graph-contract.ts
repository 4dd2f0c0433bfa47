import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Ajv2020 as Ajv } from 'ajv/dist/2020.js';

type Json = Record<string, unknown>;
type Validate = ReturnType<Ajv['compile']>;

export interface ContractChecker {
  /** Problems of a request; `path` after the version, still encoded. An unknown operation is one, too. */
  request(method: string, path: string, body: unknown): string[];
  response(method: string, path: string, status: number, body: unknown): string[];
}

interface Spec {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

const ROOT = new URL('../../', import.meta.url);
const FILE = new URL('../shared/contracts/graph-subset.openapi.json', ROOT);

/** Checks against the machine-readable contract of Graph where it lies beside the project; null where it does not. */
export function contractChecker(): ContractChecker | null {
  if (!existsSync(FILE)) return null;
  const spec: Spec = JSON.parse(readFileSync(FILE, 'utf8'));
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
    return table.find((one) => one.pattern.test(bare) && one.operations[method.toLowerCase()]) ?? null;
  }

  const unknown = (method: string, path: string) => [`${method} ${path} is not in the contract`];

  return {
    request(method, path, body) {
      const found = find(method, path);
      if (!found) return unknown(method, path);
      const name = method.toLowerCase();
      const declared = found.operations[name]?.['requestBody'] !== undefined;
      if (body === undefined) return [];
      if (!declared) return isEmpty(body) ? [] : [`${method} ${path} takes no body`];
      const at = `graph#/paths/${escaped(found.path)}/${name}/requestBody/content/application~1json/schema`;
      return problems(at, body);
    },
    response(method, path, status, body) {
      const found = find(method, path);
      if (!found) return unknown(method, path);
      const name = method.toLowerCase();
      const responses = found.operations[name]?.['responses'] as Json;
      const code = [String(status), `${Math.floor(status / 100)}XX`].find((one) => Object.hasOwn(responses, one));
      if (code === undefined) return [`${method} ${found.path} has no answer ${status}`];
      const content = (responses[code] as Json)['content'];
      if (content === undefined) return body === undefined ? [] : [`${method} ${found.path} ${status} has no body`];
      const at = `graph#/paths/${escaped(found.path)}/${name}/responses/${code}/content/application~1json/schema`;
      return problems(at, body);
    },
  };
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
