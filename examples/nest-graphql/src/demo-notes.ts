/** The users of seed.yaml: their passwords are public, and good for the embedded Cognito alone. */
const DEMO_USERS = [
  { username: 'ada', password: 'Agent-demo-1', about: 'group agent: sees the queue, closes tickets' },
  { username: 'uma', password: 'Customer-demo-1', about: 'no group: opens tickets, and sees her own' },
] as const;
const [ada, uma] = DEMO_USERS;

const AGENTS_QUERY = '{ queue { id subject email } }';

/** What to try; nothing when the app talks to AWS, where those users are not. */
export function demoNotes(address: string, cognitoEndpoint: string | undefined): string {
  if (cognitoEndpoint === undefined) return '';
  const users = DEMO_USERS.map(
    ({ username, password, about }) => `  ${username}  ${password.padEnd(16)} ${about}`,
  );
  const signIn = ({ username, password }: { username: string; password: string }) =>
    `TOKEN=$(curl -s ${address}/auth/sign-in -H 'content-type: application/json' ` +
    `-d '{"username":"${username}","password":"${password}"}' ` +
    `| node -pe 'JSON.parse(fs.readFileSync(0)).tokens.accessToken')`;
  const ask = (query: string, signedIn = true) =>
    `curl -s ${address}/graphql -H 'content-type: application/json' ` +
    `${signedIn ? '-H "authorization: Bearer $TOKEN" ' : ''}-d '${JSON.stringify({ query })}'; echo`;

  return `
Demo users:
${users.join('\n')}

In another terminal, in the root of the repository: an agent hears of new tickets
  npm run --silent watch -w @cognest/example-nest-graphql -- ${ada.username} ${ada.password} ${address}

And in a third (GraphQL has the status in the errors' "extensions"):
  # 200: a customer opens a ticket, and the agent hears of it
  ${signIn(uma)}
  ${ask('mutation { openTicket(subject: "The printer is on fire") { id subject open } }')}

  # 401: nobody is signed in
  ${ask(AGENTS_QUERY, false)}

  # 403: signed in, but not in the group
  ${signIn(uma)}
  ${ask(AGENTS_QUERY)}

  # 200: an agent sees the queue, and whom to answer
  ${signIn(ada)}
  ${ask(AGENTS_QUERY)}

Ctrl-C here stops everything.
`;
}
