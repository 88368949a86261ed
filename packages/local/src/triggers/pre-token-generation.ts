import type { OperationContext } from '../operation.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import type { UserRecord } from '../storage/users.js';
import {
  type Caller,
  metadataOf,
  newEvent,
  type StringMap,
  type TriggerEvent,
  userAttributes,
} from './event.js';
import { type Answer, readObject, readString, readStringList, readStringMap } from './read-response.js';

export type TokenGenerationSource =
  | 'TokenGeneration_Authentication'
  | 'TokenGeneration_NewPasswordChallenge'
  | 'TokenGeneration_AuthenticateDevice'
  | 'TokenGeneration_RefreshTokens';

/** Handlers are written for these, too, which come of hosted pages and never here. */
type AnySource = TokenGenerationSource | 'TokenGeneration_HostedAuth' | 'TokenGeneration_ClientCredentials';

export interface GroupConfiguration {
  groupsToOverride?: string[] | undefined;
  iamRolesToOverride?: string[] | undefined;
  preferredRole?: string | undefined;
}

export type PreTokenGenerationTriggerEvent = TriggerEvent<
  AnySource,
  {
    userAttributes: StringMap;
    groupConfiguration: GroupConfiguration;
    clientMetadata?: StringMap | undefined;
  },
  {
    claimsOverrideDetails:
      | {
          claimsToAddOrOverride?: StringMap | undefined;
          claimsToSuppress?: string[] | undefined;
          groupOverrideDetails?: GroupConfiguration | null | undefined;
        }
      | null
      | undefined;
  }
>;

/** Of version 2, and of version 3, which differs from it in what else sets it off. */
export type PreTokenGenerationV2TriggerEvent = TriggerEvent<
  AnySource,
  PreTokenGenerationTriggerEvent['request'] & { scopes?: string[] | undefined },
  {
    claimsAndScopeOverrideDetails:
      | {
          idTokenGeneration?:
            | {
                claimsToAddOrOverride?: Record<string, unknown> | undefined;
                claimsToSuppress?: string[] | undefined;
              }
            | null
            | undefined;
          accessTokenGeneration?:
            | {
                claimsToAddOrOverride?: Record<string, unknown> | undefined;
                claimsToSuppress?: string[] | undefined;
                scopesToAdd?: string[] | undefined;
                scopesToSuppress?: string[] | undefined;
              }
            | null
            | undefined;
          groupOverrideDetails?: GroupConfiguration | null | undefined;
        }
      | null
      | undefined;
  }
>;

/** Changes to the claims of one token. */
export interface ClaimsOverride {
  readonly add: Readonly<Record<string, unknown>>;
  readonly suppress: readonly string[];
}

export interface TokenOverrides {
  readonly idToken: ClaimsOverride;
  readonly accessToken: ClaimsOverride;
  readonly scopesToAdd: readonly string[];
  readonly scopesToSuppress: readonly string[];
  /** In place of the user's groups and roles; `undefined` leaves them. */
  readonly groups: GroupConfiguration | undefined;
}

/** Asked before tokens are signed, what they shall say. */
export async function preTokenGeneration(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  source: TokenGenerationSource,
  given: { readonly groups: GroupConfiguration; readonly scopes: readonly string[] },
  caller: Caller,
): Promise<TokenOverrides | undefined> {
  const version = context.triggers.tokenVersion(pool);
  if (version === undefined) return undefined;
  const request = {
    userAttributes: userAttributes(user),
    groupConfiguration: given.groups,
    ...metadataOf(caller),
  };
  if (version === 'V1_0') {
    const event: PreTokenGenerationTriggerEvent = newEvent(
      context,
      pool,
      source,
      user.username,
      caller,
      request,
      { claimsOverrideDetails: null },
    );
    const answer = await context.triggers.invoke(pool, 'PreTokenGeneration', event);
    const details = readObject(answer, 'claimsOverrideDetails');
    if (details === undefined) return undefined;
    return {
      ...NO_CHANGES,
      idToken: {
        add: readStringMap(details, 'claimsToAddOrOverride') ?? {},
        suppress: readStringList(details, 'claimsToSuppress') ?? [],
      },
      groups: readGroups(details),
    };
  }
  const event: PreTokenGenerationV2TriggerEvent = {
    ...newEvent(
      context,
      pool,
      source,
      user.username,
      caller,
      { ...request, scopes: [...given.scopes] },
      { claimsAndScopeOverrideDetails: null },
    ),
    version: version === 'V2_0' ? '2' : '3',
  };
  const answer = await context.triggers.invoke(pool, 'PreTokenGeneration', event);
  const details = readObject(answer, 'claimsAndScopeOverrideDetails');
  if (details === undefined) return undefined;
  const accessToken = readObject(details, 'accessTokenGeneration') ?? {};
  return {
    idToken: readClaims(readObject(details, 'idTokenGeneration') ?? {}),
    accessToken: readClaims(accessToken),
    scopesToAdd: readStringList(accessToken, 'scopesToAdd') ?? [],
    scopesToSuppress: readStringList(accessToken, 'scopesToSuppress') ?? [],
    groups: readGroups(details),
  };
}

const NO_CLAIMS: ClaimsOverride = { add: {}, suppress: [] };
const NO_CHANGES: TokenOverrides = {
  idToken: NO_CLAIMS,
  accessToken: NO_CLAIMS,
  scopesToAdd: [],
  scopesToSuppress: [],
  groups: undefined,
};

function readClaims(details: Answer): ClaimsOverride {
  return {
    add: readObject(details, 'claimsToAddOrOverride') ?? {},
    suppress: readStringList(details, 'claimsToSuppress') ?? [],
  };
}

/** Given empty, or as `null`, it takes the user's groups away; only left out it leaves them. */
function readGroups(details: Answer): GroupConfiguration | undefined {
  if (!Object.hasOwn(details, 'groupOverrideDetails')) return undefined;
  const groups = readObject(details, 'groupOverrideDetails') ?? {};
  const preferredRole = readString(groups, 'preferredRole');
  return {
    groupsToOverride: readStringList(groups, 'groupsToOverride') ?? [],
    iamRolesToOverride: readStringList(groups, 'iamRolesToOverride') ?? [],
    ...(preferredRole === undefined ? {} : { preferredRole }),
  };
}
