import { beforeEach } from 'vitest';
import type { Triggers } from '../../src/triggers/trigger-options.js';
import { type Server, serve } from '../operations/support.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface TriggerServer extends Server {
  /** What the server calls; empty at the start of each test. */
  readonly triggers: Mutable<Triggers>;
  readonly warnings: string[];
}

/** A server whose triggers a test sets as it needs them. */
export async function serveWithTriggers(): Promise<TriggerServer> {
  const triggers: Mutable<Triggers> = {};
  const warnings: string[] = [];
  const log = {
    info: () => {},
    warn: (text: string) => warnings.push(text),
    error: (text: string) => console.error(text),
  };
  const server = await serve({ triggers, log });
  beforeEach(() => {
    for (const key of Object.keys(triggers) as (keyof Triggers)[]) delete triggers[key];
    warnings.length = 0;
  });
  return { ...server, triggers, warnings };
}

/** A copy of what a function got, before it changes it. */
export function copyOf<T>(event: T): T {
  return structuredClone(event);
}
