#!/usr/bin/env node
// Committed, unlike dist: npm links a workspace's commands at install, before anything is built.
import module from 'node:module';
import { setFlagsFromString } from 'node:v8';

// From Node 22 on: the second start finds its code compiled.
module.enableCompileCache?.();
// Loading leaves much behind: while it lasts V8 collects it, before it takes more memory. Requests are not to wait for
// that, so it ends when the server is up.
setFlagsFromString('--optimize-for-size');
try {
  await import('../dist/cli.js');
} finally {
  setFlagsFromString('--no-optimize-for-size');
}
