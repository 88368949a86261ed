#!/usr/bin/env node
// Committed, unlike dist: npm links a workspace's commands at install, before anything is built.
import '../dist/cli.js';
