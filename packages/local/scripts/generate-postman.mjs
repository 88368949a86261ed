// Writes the Postman collection from the registry, the model and the list of requests.
//
//   npm run generate -w @cognest/local

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { supportedOperations } from './generate-readme.mjs';
import * as helpers from './postman-helpers.mjs';
import { requests } from './postman-requests.mjs';
import { readFacts } from './read-facts.mjs';

/** Where the collection is kept. */
export const COLLECTION = new URL('../postman/cognest-local.postman_collection.json', import.meta.url);

const FOLDERS = [
  'Attributes',
  'Users',
  'Sign Up',
  'Devices',
  'Authentication',
  'Authentication Challenge',
  'Password',
  'Groups',
];

const VARIABLES = {
  endpoint: 'http://127.0.0.1:9229',
  region: 'us-east-1',
  accessKeyId: 'local',
  secretAccessKey: 'local',
  username: 'ana',
  groupName: 'editors',
  temporaryPassword: 'Temporary-1-horse',
  password: 'Correct-1-horse',
  changedPassword: 'Changed-2-horse',
};

const { operations, shapes } = readFacts();
const supported = supportedOperations();
const [about] = readFileSync(new URL('../model/cognito-idp.jsonl', import.meta.url), 'utf8').split('\n', 1);
const { targetPrefix } = JSON.parse(about);
const unsigned = Object.keys(operations).filter((name) => !isSigned(name));

function isSigned(operation) {
  return operations[operation].auth === 'sigv4';
}

function nameOf(operation) {
  return operation[0].toLowerCase() + operation.slice(1);
}

/** The collection's text. @throws Error for a request that the server or the model does not know. */
export function postmanCollection() {
  requests.forEach(check);
  const folders = FOLDERS.map((name) => ({
    name,
    item: requests
      .map((request, index) => ({ request, next: requests[index + 1] }))
      .filter(({ request }) => request.folder === name)
      .map(({ request, next }) => item(request, next)),
  }));
  const collection = {
    info: {
      name: 'Cognest local',
      description:
        'Amazon Cognito operations against the embedded server, @cognest/local. A run goes from "start" through all of them in an order in which each has what it needs, and leaves nothing behind.',
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    item: [start(), ...folders],
    variable: Object.entries(VARIABLES).map(([key, value]) => ({ key, value, type: 'string' })),
  };
  return `${JSON.stringify(collection, null, 2)}\n`;
}

function check({ operation, folder, body }) {
  if (!supported.includes(operation)) throw new Error(`The server has no operation ${operation}`);
  if (!FOLDERS.includes(folder)) throw new Error(`${operation}: the collection has no folder ${folder}`);
  const { members } = shapes[operations[operation].input];
  for (const name of Object.keys(body)) {
    if (!(name in members)) throw new Error(`${operation} has no parameter ${name}`);
  }
  for (const [name, { required }] of Object.entries(members)) {
    if (required && !(name in body)) throw new Error(`${operation} needs the parameter ${name}`);
  }
}

function start() {
  return {
    name: 'start',
    event: [
      script('test', [
        `pm.execution.setNextRequest('${nameOf(requests[0].operation)}');`,
        `pm.test('the server answers', () => pm.response.to.have.status(200));`,
      ]),
    ],
    request: { method: 'GET', auth: { type: 'noauth' }, url: '{{endpoint}}/_cognest/health' },
  };
}

function item({ operation, body, before, after, srp }, next) {
  const common = helpers.common(targetPrefix, unsigned);
  const nextName = next ? `'${nameOf(next.operation)}'` : 'null';
  const events = [
    script('test', [
      `pm.execution.setNextRequest(${nextName});`,
      common,
      helpers.after,
      `pm.test('${operation} succeeds', () => pm.expect(pm.response.code, pm.response.text()).to.eql(200));`,
      after.trim(),
    ]),
  ];
  if (before) {
    events.unshift(
      script('prerequest', [common, helpers.before, ...(srp ? [helpers.srp] : []), before.trim()]),
    );
  }
  return {
    name: nameOf(operation),
    event: events,
    request: {
      method: 'POST',
      auth: isSigned(operation) ? awsAuth() : { type: 'noauth' },
      header: [
        { key: 'Content-Type', value: 'application/x-amz-json-1.1' },
        { key: 'X-Amz-Target', value: `${targetPrefix}.${operation}` },
      ],
      body: { mode: 'raw', raw: JSON.stringify(body, null, 2) },
      url: '{{endpoint}}',
    },
  };
}

function awsAuth() {
  const parameters = {
    accessKey: '{{accessKeyId}}',
    secretKey: '{{secretAccessKey}}',
    region: '{{region}}',
    service: 'cognito-idp',
  };
  return {
    type: 'awsv4',
    awsv4: Object.entries(parameters).map(([key, value]) => ({ key, value, type: 'string' })),
  };
}

function script(listen, parts) {
  return { listen, script: { type: 'text/javascript', exec: parts.join('\n').split('\n') } };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(COLLECTION, postmanCollection());
