/** The users of seed.yaml: their passwords are public, and good for the embedded Cognito alone. */
const DEMO_USERS = [
  { username: 'ada', password: 'Hammer-demo-1', about: 'group auctioneer: may sell' },
  { username: 'edgar', password: 'Bidder-demo-1', about: 'no group: may bid' },
  { username: 'uma', password: 'Bidder-demo-2', about: 'no group: may bid' },
];

/** What to try; nothing when the app talks to AWS, where those users are not. */
export function demoNotes(address: string, cognitoEndpoint: string | undefined): string {
  if (cognitoEndpoint === undefined) return '';
  const commands = DEMO_USERS.map(({ username, password, about }) => {
    const command = `npm run --silent bid -w @cognest/example-nest-realtime -- ${username} ${password} ${address}`;
    return `  # ${about}\n  ${command}`;
  });
  return `
In other terminals, in the root of the repository:
${commands.join('\n')}

Then type "bid 100", "bid 120", or "sell". Ctrl-C here stops everything.
`;
}
