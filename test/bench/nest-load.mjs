// The load, in a process of its own: told over IPC what to ask for, it answers how long that took. Sockets and bytes by
// hand, so that a client costs less than the servers that it measures.
import { connect } from 'node:net';

/**
 * @typedef {object} Job
 * @property {number} port
 * @property {string[]} tokens - taken in turn.
 * @property {number} connections
 * @property {number} [count] - how many requests; without it, as many as the time allows.
 * @property {number} [durationMs]
 */

process.on('message', async (/** @type {Job} */ job) => {
  try {
    process.send?.(await run(job));
  } catch (error) {
    process.send?.({ error: String(error) });
  }
});
process.on('disconnect', () => process.exit());

/** @param {Job} job @returns {Promise<{ requests: number, elapsedMs: number, busyMs: number }>} */
async function run({
  port,
  tokens,
  connections,
  count = Number.POSITIVE_INFINITY,
  durationMs = Number.POSITIVE_INFINITY,
}) {
  const requests = tokens.map((token) =>
    Buffer.from(`GET /ping HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`),
  );
  let sent = 0;
  let answered = 0;
  const startMs = performance.now();
  const before = process.cpuUsage();
  const take = () => {
    if (sent >= count || performance.now() - startMs >= durationMs) return undefined;
    sent += 1;
    return requests[(sent - 1) % requests.length];
  };
  await Promise.all(Array.from({ length: connections }, () => converse(port, take, () => (answered += 1))));
  const { user, system } = process.cpuUsage(before);
  return { requests: answered, elapsedMs: performance.now() - startMs, busyMs: (user + system) / 1e3 };
}

/** One connection: a request, its answer, the next one. @param {number} port @param {() => Buffer | undefined} take @param {() => void} done */
function converse(port, take, done) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let answer = '';
    const next = () => {
      const request = take();
      if (request === undefined) {
        socket.destroy();
        resolve(undefined);
      } else socket.write(request);
    };
    socket.setEncoding('latin1');
    socket.on('connect', next);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed the connection')));
    socket.on('data', (chunk) => {
      answer += chunk;
      const headEnd = answer.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const length = /\r\ncontent-length: (\d+)/i.exec(answer)?.[1];
      if (!answer.startsWith('HTTP/1.1 200 ') || length === undefined) {
        reject(new Error(`not the answer: ${answer.slice(0, 200)}`));
        socket.destroy();
        return;
      }
      if (answer.length < headEnd + 4 + Number(length)) return;
      answer = '';
      done();
      next();
    });
  });
}
