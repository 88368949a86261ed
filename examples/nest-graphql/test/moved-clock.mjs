import { existsSync } from 'node:fs';

// Loaded into the example's processes: ten minutes pass once the test makes the file.
const now = Date.now;
const moved = process.env.MOVED_CLOCK;
Date.now = () => now() + (existsSync(moved) ? 600_000 : 0);
