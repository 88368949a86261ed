import { generateKeyPairSync, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { COGNITO_LOCAL, CognitoServer, OURS } from './lib/cognito-servers.mjs';
import { median, printTable } from './lib/measure.mjs';

const signAsync = promisify(sign);

const PASSWORD = 'Correct-Horse-1';
/** So many users can sign in; the others are only there. */
const WITH_PASSWORD = 10;
const ROUNDS = 5;
const STARTS = 5;
const AT_ONCE = 8;
/** Requests of one round. */
const PER_ROUND = { AdminInitiateAuth: 200, AdminGetUser: 1_000, ListUsers: 300, SignUp: 100 };

/** @typedef {keyof typeof PER_ROUND} Measured */
/** @typedef {{ server: CognitoServer, users: number, userPoolId: string, clientId: string, signUps: number }} Contestant */
/** @typedef {{ startMs: number, idleMb: number, memoryMb: number, perSecond: Record<Measured, number[]>, p99Ms: Record<Measured, number[]> }} Result */

export default async function localSuite() {
  const signatures = await signaturesPerSecond();
  console.log(
    `\n${AT_ONCE} requests at once, ${ROUNDS} rounds in turn, medians. This machine makes ${Math.round(signatures)} RSA-2048 signatures a second; a sign-in takes two.`,
  );
  /** @type {string[][]} */
  const rows = [];
  for (const users of [10, 1_000, 100_000]) {
    // Each of its writes rewrites the whole file: 100,000 users would take it hours.
    const kinds = users > 1_000 ? [OURS] : [OURS, COGNITO_LOCAL];
    /** @type {Contestant[]} */
    const contestants = [];
    try {
      for (const kind of kinds) contestants.push(await populate(new CognitoServer(kind), users));
      for (const [index, result] of (await measure(contestants)).entries()) {
        rows.push(rowOf(/** @type {Contestant} */ (contestants[index]), result));
      }
    } finally {
      for (const { server } of contestants) await server.remove();
    }
  }
  const operations = Object.keys(PER_ROUND).map((name) => `${name}, /s (p99 ms)`);
  printTable(['server', 'users', 'first answer, ms', 'memory idle / busy, MB', ...operations], rows);
}

/** @param {Contestant} contestant @param {Result} result */
function rowOf({ server, users }, { startMs, idleMb, memoryMb, perSecond, p99Ms }) {
  return [
    server.name,
    users.toLocaleString('en'),
    startMs.toFixed(0),
    `${idleMb.toFixed(0)} / ${memoryMb.toFixed(0)}`,
    ...names.map((name) => `${median(perSecond[name]).toFixed(0)} (${median(p99Ms[name]).toFixed(1)})`),
  ];
}

const names = /** @type {Measured[]} */ (Object.keys(PER_ROUND));

/** @param {number} n */
const addressOf = (n) => `user-${n}@example.com`;

/** @param {CognitoServer} server @param {number} users @returns {Promise<Contestant>} */
async function populate(server, users) {
  await server.start();
  const { UserPool } = await server.call('CreateUserPool', {
    PoolName: 'bench',
    AutoVerifiedAttributes: ['email'],
    // What cognito-local makes of a pool that does not say.
    UsernameAttributes: ['email'],
  });
  const userPoolId = UserPool.Id;
  const { UserPoolClient } = await server.call('CreateUserPoolClient', {
    UserPoolId: userPoolId,
    ClientName: 'bench',
    ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  });
  for (let n = 0; n < Math.min(users, 1_000); n++) {
    await server.call('AdminCreateUser', {
      UserPoolId: userPoolId,
      Username: addressOf(n),
      MessageAction: 'SUPPRESS',
      TemporaryPassword: PASSWORD,
      UserAttributes: [
        { Name: 'email', Value: addressOf(n) },
        { Name: 'email_verified', Value: 'true' },
      ],
    });
    if (n >= WITH_PASSWORD) continue;
    await server.call('AdminSetUserPassword', {
      UserPoolId: userPoolId,
      Username: addressOf(n),
      Password: PASSWORD,
      Permanent: true,
    });
  }
  if (users > 1_000) await importUsers(server, userPoolId, users);
  return { server, users, userPoolId, clientId: UserPoolClient.ClientId, signUps: 0 };
}

/** @param {CognitoServer} server @param {string} UserPoolId @param {number} users */
async function importUsers(server, UserPoolId, users) {
  const { CSVHeader } = await server.call('GetCSVHeader', { UserPoolId });
  const rows = [CSVHeader.join(',')];
  for (let n = 1_000; n < users; n++) {
    /** @type {Record<string, string>} */
    const row = {
      'cognito:username': addressOf(n),
      'cognito:mfa_enabled': 'false',
      email: addressOf(n),
      email_verified: 'true',
    };
    rows.push(CSVHeader.map((/** @type {string} */ name) => row[name] ?? '').join(','));
  }
  const { UserImportJob } = await server.call('CreateUserImportJob', {
    UserPoolId,
    JobName: 'bench',
    CloudWatchLogsRoleArn: 'arn:aws:iam::000000000000:role/bench',
  });
  await server.put(UserImportJob.PreSignedUrl, rows.join('\n'));
  const key = { UserPoolId, JobId: UserImportJob.JobId };
  await server.call('StartUserImportJob', key);
  for (;;) {
    const { UserImportJob: job } = await server.call('DescribeUserImportJob', key);
    if (job.Status === 'Succeeded' && job.ImportedUsers === users - 1_000) return;
    if (!['Pending', 'InProgress'].includes(job.Status)) throw new Error(`the import ended: ${job.Status}`);
  }
}

/** @param {Contestant[]} contestants @returns {Promise<Result[]>} */
async function measure(contestants) {
  const results = contestants.map(() => ({
    startMs: 0,
    idleMb: 0,
    memoryMb: 0,
    perSecond: { AdminInitiateAuth: [], AdminGetUser: [], ListUsers: [], SignUp: [] },
    p99Ms: { AdminInitiateAuth: [], AdminGetUser: [], ListUsers: [], SignUp: [] },
  }));
  /** @type {number[][]} */
  const starts = contestants.map(() => []);
  for (let n = 0; n < STARTS; n++) {
    for (const [index, { server }] of contestants.entries()) {
      await server.stop();
      starts[index]?.push(await server.start());
    }
  }
  for (const [index, result] of results.entries()) {
    result.idleMb = contestants[index]?.server.memoryMb() ?? Number.NaN;
  }
  // One round more, for warming up.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of names) {
      for (const [index, contestant] of contestants.entries()) {
        const { perSecond, p99Ms } = await load(contestant, name);
        if (round === 0) continue;
        /** @type {number[] | undefined} */ (results[index]?.perSecond[name])?.push(perSecond);
        /** @type {number[] | undefined} */ (results[index]?.p99Ms[name])?.push(p99Ms);
      }
    }
  }
  for (const [index, result] of results.entries()) {
    result.startMs = median(starts[index] ?? []);
    result.memoryMb = contestants[index]?.server.memoryMb() ?? Number.NaN;
  }
  return results;
}

/** @param {Contestant} contestant @param {Measured} name */
async function load(contestant, name) {
  const total = PER_ROUND[name];
  /** @type {number[]} */
  const latenciesMs = [];
  let sent = 0;
  const startNs = process.hrtime.bigint();
  const worker = async () => {
    while (sent < total) {
      const n = sent++;
      const beganNs = process.hrtime.bigint();
      await contestant.server.call(name, inputOf(contestant, name, n));
      latenciesMs.push(Number(process.hrtime.bigint() - beganNs) / 1e6);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const elapsedS = Number(process.hrtime.bigint() - startNs) / 1e9;
  latenciesMs.sort((a, b) => a - b);
  return { perSecond: total / elapsedS, p99Ms: latenciesMs[Math.floor(total * 0.99)] ?? Number.NaN };
}

/** @param {Contestant} contestant @param {Measured} name @param {number} n @returns {object} */
function inputOf(contestant, name, n) {
  const { userPoolId, clientId, users } = contestant;
  // Over all of them, in no order that a cache could like.
  const anyone = addressOf((n * 7_919) % users);
  switch (name) {
    case 'AdminInitiateAuth':
      return {
        UserPoolId: userPoolId,
        ClientId: clientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: addressOf(n % WITH_PASSWORD), PASSWORD },
      };
    case 'AdminGetUser':
      return { UserPoolId: userPoolId, Username: anyone };
    case 'ListUsers':
      return { UserPoolId: userPoolId, Filter: `email = "${anyone}"`, Limit: 10 };
    default: {
      const username = `new-${contestant.signUps++}@example.com`;
      return {
        ClientId: clientId,
        Username: username,
        Password: PASSWORD,
        UserAttributes: [{ Name: 'email', Value: username }],
      };
    }
  }
}

/** What no server on this machine can go beyond: as many threads as Node has for it. */
async function signaturesPerSecond() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const data = Buffer.alloc(500);
  const total = 4_000;
  let made = 0;
  const startNs = process.hrtime.bigint();
  const worker = async () => {
    while (made < total) {
      made++;
      await signAsync('RSA-SHA256', data, privateKey);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return total / (Number(process.hrtime.bigint() - startNs) / 1e9);
}
