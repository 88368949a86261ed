import { demoUsers } from './demo-users.js';

/**
 * What to try, as text for the terminal; nothing to try when the app talks to AWS, where those users
 * are not.
 */
export function demoNotes(address: string, cognitoEndpoint: string | undefined): string {
  if (cognitoEndpoint === undefined) return '';

  const users = demoUsers.map(
    ({ username, password, about }) => `  ${username.padEnd(6)} ${password.padEnd(15)} ${about}`,
  );
  const signIn = (username: string, password: string) =>
    `curl -s ${address}/auth/sign-in -H 'content-type: application/json' -d '{"username":"${username}","password":"${password}"}'`;
  const accessToken = `node -pe 'JSON.parse(fs.readFileSync(0)).tokens.accessToken'`;

  return `
Demo users (they may have changed their passwords since):
${users.join('\n')}

Try, in a browser: ${address}

Or in another terminal:
  # 200: an administrator looks a user up
  TOKEN=$(${signIn('ada', 'Admin-demo-1')} | ${accessToken})
  curl -i ${address}/admin/users/uma -H "authorization: Bearer $TOKEN"

  # 401: nobody is signed in
  curl -i ${address}/admin/users/uma

  # 403: signed in, but not in the group
  TOKEN=$(${signIn('uma', 'User-demo-1')} | ${accessToken})
  curl -i ${address}/admin/users/uma -H "authorization: Bearer $TOKEN"

Codes and invitations are printed here, and served at ${cognitoEndpoint}/_cognest/messages
Ctrl-C stops everything; the accounts are kept.
`;
}
