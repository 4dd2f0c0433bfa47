import { describe, expect, it } from 'vitest';
import { secretToSign } from '../../src/cli/own-source.ts';
import { OTHER_SECRET, SECRET } from '../support/configuration.ts';
import { SOURCE } from '../support/source.ts';

const bare = { graph: { kind: 'secret', secret: 'x' }, bot: null, signIn: null, slack: null } as const;
const of = (name: string, kind: 'detector' | 'report' | 'operator', secret: string) => ({
  source: { ...SOURCE, name, kind },
  vendor: 'clawback' as const,
  url: null,
  secrets: [secret, `${secret}-old`],
});

describe('what the command line signs with', () => {
  it('the secret that belongs to no named source, where there is one', () => {
    const held = { ...bare, intake: [SECRET], sources: [of('soc', 'operator', OTHER_SECRET)] };
    expect(secretToSign('contoso', held, undefined)).toBe(SECRET);
  });

  it('else that of the first source that is a person at a command line', () => {
    const sources = [of('defender', 'detector', 'a'), of('soc', 'operator', 'b'), of('noc', 'operator', 'c')];
    expect(secretToSign('contoso', { ...bare, intake: [], sources }, undefined)).toBe('b');
  });

  it('that of the source that is named', () => {
    const held = { ...bare, intake: [SECRET], sources: [of('defender', 'detector', 'a')] };
    expect(secretToSign('contoso', held, 'defender')).toBe('a');
  });

  it('nobody else’s: without a source for people it asks which one', () => {
    const held = { ...bare, intake: [], sources: [of('defender', 'detector', 'a')] };
    expect(() => secretToSign('contoso', held, undefined)).toThrow(
      /no source of kind operator: say --source .*defender/,
    );
  });

  it('a source that there is not is told, with those that there are', () => {
    const held = { ...bare, intake: [SECRET], sources: [of('defender', 'detector', 'a')] };
    expect(() => secretToSign('contoso', held, 'defedner')).toThrow('no source defedner; there are: intake, defender');
  });
});
