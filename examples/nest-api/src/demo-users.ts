/** The users of seed.yaml: their passwords are public, and good for the embedded Cognito alone. */
export const demoUsers = [
  { username: 'ada', password: 'Admin-demo-1', about: 'groups admin and editor' },
  { username: 'edgar', password: 'Editor-demo-1', about: 'group editor' },
  { username: 'uma', password: 'User-demo-1', about: 'no group' },
  { username: 'ivy', password: 'Invited-demo-1', about: 'invited: has to set a new password first' },
];
