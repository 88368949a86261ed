import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

// An agent in a terminal: prints the tickets that are opened, until the token expires.

const [username, password, address = 'http://127.0.0.1:3000'] = process.argv.slice(2);
if (username === undefined || password === undefined) {
  console.error('Give a user name and a password, and the address of the help desk when it is another');
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

const client = createClient({
  url: `${address.replace(/^http/, 'ws')}/graphql`,
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `Bearer ${answer.tokens.accessToken}` },
  // With the same token it would be refused again: a new connection needs a new one.
  retryAttempts: 0,
  on: { connected: () => console.log(`Connected as ${username}; waiting for tickets.`) },
});

const query = 'subscription { ticketOpened { id subject email } }';
try {
  for await (const { data } of client.iterate<{ ticketOpened: Opened }>({ query })) {
    if (data == null) continue;
    const { id, subject, email } = data.ticketOpened;
    console.log(`Ticket ${id} of ${email ?? 'somebody without an address'}: ${subject}`);
  }
  console.log('The help desk has ended the subscription.');
} catch (error) {
  if (Array.isArray(error)) {
    for (const { message, extensions } of error as Refusal[]) {
      console.error(`Refused (${extensions?.reason ?? extensions?.code ?? 'failed'}): ${message}`);
    }
    process.exitCode = 1;
  } else {
    console.log('Disconnected: the token has expired, or the help desk has closed.');
  }
}

interface Opened {
  readonly id: string;
  readonly subject: string;
  readonly email: string | null;
}

interface Refusal {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly reason?: string };
}
