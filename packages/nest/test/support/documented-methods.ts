import { readdirSync, readFileSync } from 'node:fs';
import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import {
  CognitoAuthService,
  CognitoDevicesService,
  CognitoGroupsService,
  CognitoUserPoolsService,
  CognitoUsersService,
} from '../../src/index.js';

/** The services that call Cognito. */
export const SERVICES = [
  CognitoAuthService,
  CognitoUsersService,
  CognitoGroupsService,
  CognitoDevicesService,
  CognitoUserPoolsService,
] as const;

export interface DocumentedMethod {
  readonly service: (typeof SERVICES)[number];
  readonly method: string;
  readonly declaredIn: string;
  readonly docstring: string;
  readonly operations: readonly string[];
  /** Cognito's exceptions that the docstring says it throws, an iteration's as those of its list. */
  readonly failures: readonly string[];
}

/** Where each class of the services is written down. */
const sources = new Map(
  readdirSync(new URL('../../src/services', import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(`../../src/services/${name}`, import.meta.url), 'utf8'))
    .flatMap((source) =>
      [...source.matchAll(/^export (?:abstract )?class (\w+)/gm)].map(
        ([, name = '']) => [name, source] as const,
      ),
    ),
);

function docstringOf(declaredIn: string, method: string): string {
  const source = sources.get(declaredIn) ?? '';
  const at = source.search(new RegExp(`^  (?:async )?${method}[(<]`, 'm'));
  return source.slice(source.lastIndexOf('/**', at), at);
}

function failuresOf(declaredIn: string, docstring: string): string[] {
  return docstring
    .split(/^ *\* @/m)
    .filter((tag) => tag.startsWith('throws'))
    .flatMap((tag) => {
      const [, list] = /^throws as \{@link (\w+)\}/.exec(tag) ?? [];
      if (list !== undefined) return failuresOf(declaredIn, docstringOf(declaredIn, list));
      return [...tag.matchAll(/`(\w+Exception)`/g)].map(([, name = '']) => name);
    });
}

/** Every public method of every service, its own first and those of its base classes after them. */
export function documentedMethods(): DocumentedMethod[] {
  return SERVICES.flatMap((service) => {
    const found: DocumentedMethod[] = [];
    for (
      let prototype = service.prototype;
      prototype !== Object.prototype;
      prototype = Object.getPrototypeOf(prototype)
    ) {
      const declaredIn = prototype.constructor.name;
      for (const method of Object.getOwnPropertyNames(prototype)) {
        if (method === 'constructor' || found.some((other) => other.method === method)) continue;
        const docstring = docstringOf(declaredIn, method);
        // Before the first tag: an example or an error may name another operation.
        const [summary = ''] = docstring.split(/^ *\* @/m);
        const operations = [...summary.matchAll(/`([A-Z][A-Za-z]+)`/g)]
          .map(([, name = '']) => name)
          .filter((name) => `${name}Command` in sdk);
        const failures = failuresOf(declaredIn, docstring);
        found.push({ service, method, declaredIn, docstring, operations, failures });
      }
    }
    return found;
  });
}
