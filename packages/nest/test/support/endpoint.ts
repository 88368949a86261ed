import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Controller, Delete, Get, Inject, Logger, Post } from '@nestjs/common';
import { afterAll, vi } from 'vitest';
import {
  CognitoAuthService,
  type CognitoModuleOptions,
  CognitoUserPoolsService,
  CognitoUsersService,
  Public,
} from '../../src/index.js';
import { startApp } from './app.js';
import { closeServer, listen } from './pool.js';

export type Answerer = (outgoing: ServerResponse, incoming: IncomingMessage) => void;

@Public()
@Controller()
class CallingController {
  constructor(
    @Inject(CognitoAuthService) private readonly auth: CognitoAuthService,
    @Inject(CognitoUsersService) private readonly users: CognitoUsersService,
  ) {}

  @Post('sign-in')
  signIn() {
    return this.auth.signIn({ username: 'ada', password: 'Correct-horse-9' });
  }

  @Get('user')
  user() {
    return this.users.get({ username: 'ada' });
  }

  @Delete('user')
  remove() {
    return this.users.delete({ username: 'ada' });
  }

  @Post('forgotten')
  forgotten() {
    return this.auth.forgotPassword({ username: 'ada' });
  }
}

export const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };

/** Something in Cognito's place that answers as it is told to, byte by byte, and an app that calls it. */
export async function startAgainst(answer: Answerer, options: CognitoModuleOptions = {}) {
  const state = { answer };
  const server = createServer((incoming, outgoing) => {
    incoming.resume().on('end', () => state.answer(outgoing, incoming));
  });
  const endpoint = await listen(server);
  const app = await startCalling({ endpoint, ...options });
  afterAll(() => closeServer(server));
  return { ...app, endpoint, state };
}

/** An app that calls Cognito, wherever the options say that it is. */
export async function startCalling(options: CognitoModuleOptions) {
  const app = await startApp(
    {
      userPoolId: 'eu-central-1_AbCdEfGhI',
      clientId: 'client1',
      requestTimeoutMs: 2_000,
      client: { credentials, maxAttempts: 1 },
      ...options,
    },
    [CallingController],
  );
  afterAll(() => app.close());
  const { nest } = app;
  return {
    ...app,
    auth: nest.get(CognitoAuthService),
    users: nest.get(CognitoUsersService),
    pools: nest.get(CognitoUserPoolsService),
  };
}

/** All that is logged from here on, each argument of a call an entry. To be restored by the test. */
export function keepLog() {
  const lines: string[] = [];
  const spies = (['error', 'warn', 'log', 'debug', 'verbose', 'fatal'] as const).map((level) =>
    vi.spyOn(Logger.prototype, level).mockImplementation((...parts: unknown[]) => {
      lines.push(...parts.map(String));
    }),
  );
  return {
    lines,
    restore: () => {
      for (const spy of spies) spy.mockRestore();
    },
  };
}
