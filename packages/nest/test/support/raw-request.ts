import { connect } from 'node:net';

/** A GET whose `Cookie` header is made of exactly these bytes, which HTTP clients would encode or refuse. */
export function getWithCookie(
  url: string,
  cookie: Buffer,
): Promise<{ readonly status: number; readonly text: string }> {
  const { hostname, port, pathname, host } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => {
      socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nCookie: `);
      socket.write(cookie);
      socket.write('\r\n\r\n');
    });
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('latin1');
      resolve({ status: Number(text.split(' ', 2)[1]), text });
    });
  });
}
