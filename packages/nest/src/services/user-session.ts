import type { SessionDescriptionType } from '@aws-sdk/client-cognito-identity-provider';
import type { Camel } from './casing.js';
import { complete } from './complete.js';

/** A sign-in that is still good for tokens, or that was until a while ago. */
export type UserSession = Camel<Omit<SessionDescriptionType, 'SessionId'>> & { sessionId: string };

export interface UserSessionPage {
  sessions: UserSession[];
  /** Where the next page starts; absent on the last one. */
  nextToken?: string | undefined;
}

export function readSessions(
  output: { sessions?: Camel<SessionDescriptionType>[] | undefined; nextToken?: string | undefined },
  operation: string,
): UserSessionPage {
  const sessions = (output.sessions ?? []).map((session) => ({
    ...session,
    sessionId: complete(session.sessionId, operation),
  }));
  return { ...output, sessions };
}
