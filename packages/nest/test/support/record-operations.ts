import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { CognitoApi } from '../../src/services/cognito-api.js';

/*
 * Set up by `npm run coverage:operations` alone: notes down each call of the services, its members and how it failed, for
 * the list of what no test does.
 */

const log = join(process.env['COGNEST_OPERATION_LOG'] as string, `${process.pid}.jsonl`);
const { call } = CognitoApi.prototype;

CognitoApi.prototype.call = async function (this: CognitoApi, operation, send, request) {
  const note = (failure?: string) => {
    const members = Object.entries(request ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : name,
    );
    appendFileSync(log, `${JSON.stringify({ operation, members, failure })}\n`);
  };
  try {
    const response = await call.call(this, operation, send, request);
    note();
    return response as never;
  } catch (error) {
    note((error as Error).name);
    throw error;
  }
};
