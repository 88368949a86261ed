import { createInterface } from 'node:readline';
import { io } from 'socket.io-client';

// A bidder in a terminal: what is typed is sent, what is heard is printed.

const [username, password, address = 'http://127.0.0.1:3000'] = process.argv.slice(2);
if (username === undefined || password === undefined) {
  console.error('Give a user name and a password, and the address of the auction when it is another');
  process.exit(2);
}

const response = await fetch(`${address}/auth/sign-in`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ username, password }),
});
const answer = (await response.json()) as { detail?: string; tokens?: { accessToken: string } };
if (answer.tokens === undefined) {
  console.error(
    `Not signed in (${response.status}): ${answer.detail ?? 'there is a challenge to be met first'}`,
  );
  process.exit(1);
}

// With the same token it would be refused again: a new connection needs a new one.
const socket = io(address, { auth: { token: answer.tokens.accessToken }, reconnection: false });
const typed = createInterface({ input: process.stdin });

socket.on('connect', () => {
  socket.emit('who', {}, ({ username, groups }: { username: string; groups: string[] }) => {
    console.log(`Signed in as ${username}, in ${groups.length === 0 ? 'no group' : groups.join(', ')}.`);
  });
});
socket.on('connect_error', ({ message }) => {
  console.error(`No connection: ${message}`);
  process.exit(1);
});
socket.on('highest', ({ bidder, amount }) => console.log(`${bidder} bids ${amount}`));
socket.on('sold', ({ bidder, amount }) => console.log(`Sold to ${bidder} for ${amount}`));
socket.on('exception', ({ code, message }) => console.log(`Refused (${code ?? 'failed'}): ${message}`));
socket.on('disconnect', (reason) => {
  console.log(`Disconnected: ${reason}`);
  typed.close();
});

typed.on('line', (line) => {
  const [command, amount] = line.trim().split(/\s+/);
  if (command === 'bid') socket.emit('bid', { amount: Number(amount) });
  else if (command === 'sell') socket.emit('sell', {});
  else console.log('Type "bid <amount>" or "sell"');
});
typed.on('close', () => socket.close());
