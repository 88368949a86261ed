// A process of its own: loads a library, gets the keys, verifies one token, and says how long that took.
import { libraries } from './lib/contestants.mjs';

const [name = '', url = '', pem = '', token = ''] = process.argv.slice(2);
const startMs = performance.now();
const verify = await libraries[name]?.(url, pem);
await verify?.(token);
console.log(performance.now() - startMs);
// Keep-alive connections would hold the process.
process.exit();
