import { generateKeyPairSync, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { COGNITO_LOCAL, CognitoServer, OURS, TWO_SIGNATURES } from './lib/cognito-servers.mjs';
import { formatRatio, median, printTable } from './lib/measure.mjs';

const signAsync = promisify(sign);

const PASSWORD = 'Correct-Horse-1';
/** So many users can sign in; the others are only there. */
const WITH_PASSWORD = 10;
const ROUNDS = 5;
const STARTS = 5;
const AT_ONCE = 8;
/** Signatures of one round, to measure sign-ins by. */
const SIGNATURES = 800;
/** Requests of one round. */
const PER_ROUND = { AdminInitiateAuth: 200, AdminGetUser: 1_000, ListUsers: 300, SignUp: 100 };

/** @typedef {keyof typeof PER_ROUND} Measured */
/** @typedef {{ server: CognitoServer, users: number, userPoolId: string, clientId: string, signUps: number }} Contestant */
/** @typedef {{ startMs: number, idleMb: number, memoryMb: number, perSecond: Record<Measured, number[]>, p99Ms: Record<Measured, number[]> }} Result */
/** What a sign-in cannot be faster than: per second, by round. @typedef {{ bare: number[], signatures: number[] }} Floor */

export default async function localSuite() {
  console.log(`\n${AT_ONCE} requests at once, ${ROUNDS} rounds in turn, medians.`);
  /** @type {string[][]} */
  const rows = [];
  /** @type {string[][]} */
  const signIns = [];
  for (const users of [10, 1_000, 100_000]) {
    // Each of its writes rewrites the whole file: 100,000 users would take it hours.
    const kinds = users > 1_000 ? [OURS] : [OURS, COGNITO_LOCAL];
    /** @type {Contestant[]} */
    const contestants = [];
    try {
      for (const kind of kinds) contestants.push(await populate(new CognitoServer(kind), users));
      const { results, floor } = await measure(contestants);
      for (const [index, result] of results.entries()) {
        const contestant = /** @type {Contestant} */ (contestants[index]);
        rows.push(rowOf(contestant, result));
        signIns.push(signInsOf(contestant, result, floor));
      }
    } finally {
      for (const { server } of contestants) await server.remove();
    }
  }
  const operations = Object.keys(PER_ROUND).map((name) => `${name}, /s (p99 ms)`);
  printTable(['server', 'users', 'first answer, ms', 'memory idle / busy, MB', ...operations], rows);
  console.log(
    '\nA sign-in takes two RSA-2048 signatures. Beside it, in the same rounds: a bare HTTP server that does nothing but sign two tokens, and the signatures themselves on all cores, two by two.',
  );
  printTable(
    ['server', 'users', 'sign-ins, /s', 'bare server, /s', 'of it', 'two signatures, /s', 'of them'],
    signIns,
  );
}

/** @param {Contestant} contestant @param {Result} result @param {Floor} floor */
function signInsOf({ server, users }, { perSecond }, { bare, signatures }) {
  const own = perSecond.AdminInitiateAuth;
  const beside = (/** @type {number[]} */ others) => [
    median(others).toFixed(0),
    formatRatio(median(own.map((speed, round) => speed / (others[round] ?? Number.NaN)))),
  ];
  const pairs = signatures.map((speed) => speed / 2);
  return [server.name, users.toLocaleString('en'), median(own).toFixed(0), ...beside(bare), ...beside(pairs)];
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

/** @param {Contestant[]} contestants @returns {Promise<{ results: Result[], floor: Floor }>} */
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
  /** @type {Floor} */
  const floor = { bare: [], signatures: [] };
  const bare = new CognitoServer(TWO_SIGNATURES);
  try {
    await bare.start();
    await inTurn(contestants, results, bare, floor);
  } finally {
    await bare.remove();
  }
  for (const [index, result] of results.entries()) {
    result.startMs = median(starts[index] ?? []);
    result.memoryMb = contestants[index]?.server.memoryMb() ?? Number.NaN;
  }
  return { results, floor };
}

/** @param {Contestant[]} contestants @param {Result[]} results @param {CognitoServer} bare @param {Floor} floor */
async function inTurn(contestants, results, bare, floor) {
  const signer = {
    server: bare,
    users: WITH_PASSWORD,
    userPoolId: 'pool',
    clientId: 'c'.repeat(26),
    signUps: 0,
  };
  // One round more, for warming up.
  for (let round = 0; round <= ROUNDS; round++) {
    const { perSecond: answers } = await load(signer, 'AdminInitiateAuth');
    const signatures = await signaturesPerSecond();
    if (round > 0) {
      floor.bare.push(answers);
      floor.signatures.push(signatures);
    }
    for (const name of names) {
      for (const [index, contestant] of contestants.entries()) {
        const { perSecond, p99Ms } = await load(contestant, name);
        if (round === 0) continue;
        /** @type {number[] | undefined} */ (results[index]?.perSecond[name])?.push(perSecond);
        /** @type {number[] | undefined} */ (results[index]?.p99Ms[name])?.push(p99Ms);
      }
    }
  }
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

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });

/** What no server on this machine can go beyond: as many threads as Node has for it. */
async function signaturesPerSecond() {
  const data = Buffer.alloc(500);
  let made = 0;
  const startNs = process.hrtime.bigint();
  const worker = async () => {
    while (made < SIGNATURES) {
      made++;
      await signAsync('RSA-SHA256', data, privateKey);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return SIGNATURES / (Number(process.hrtime.bigint() - startNs) / 1e9);
}
