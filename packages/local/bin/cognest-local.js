#!/usr/bin/env node
// Committed, unlike dist: npm links a workspace's commands at install, before anything is built.
import module from 'node:module';
import { setFlagsFromString } from 'node:v8';

// From Node 22 on: the second start finds its code compiled.
module.enableCompileCache?.();
// Loading leaves much behind: V8 collects it before it takes more memory, until the server is up (src/cli/server.ts).
setFlagsFromString('--optimize-for-size');
await import('../dist/cli.js');
