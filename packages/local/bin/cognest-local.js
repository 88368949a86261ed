#!/usr/bin/env node
// Committed, unlike dist: npm links a workspace's commands at install, before anything is built.
import module from 'node:module';

// From Node 22 on: the second start finds its code compiled.
module.enableCompileCache?.();
await import('../dist/cli.js');
