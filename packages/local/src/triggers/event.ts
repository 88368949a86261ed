import type { OperationContext } from '../operation.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import type { UserRecord } from '../storage/users.js';

/** What every trigger gets. It is the function's own copy, to change and to return. */
export interface TriggerEvent<Source extends string, Request extends object, Response extends object> {
  /** `'1'`; of PreTokenGeneration `'2'` or `'3'` when the pool asks for that version. */
  version: string;
  region: string;
  userPoolId: string;
  triggerSource: Source;
  userName: string;
  callerContext: { awsSdkVersion: string; clientId: string };
  request: Request;
  response: Response;
}

export type AnyTriggerEvent = TriggerEvent<string, object, object>;

export type StringMap = Record<string, string>;

/** Who made the request that set a trigger off. */
export interface Caller {
  /** None in the operations of an administrator. */
  readonly clientId?: string | undefined;
  /** `ClientMetadata` of the request, where it reaches the trigger. */
  readonly clientMetadata?: Readonly<StringMap> | undefined;
}

/** The caller of a public operation. */
export function callerOf(
  client: { readonly id: string },
  request: { readonly ClientMetadata?: Readonly<StringMap> | undefined },
): Caller {
  return { clientId: client.id, clientMetadata: request.ClientMetadata };
}

/** What AWS says where no app client takes part. */
const NO_CLIENT = 'CLIENT_ID_NOT_APPLICABLE';
/** The SDK of the caller is in headers that no operation sees. */
const SDK_VERSION = 'aws-sdk-unknown-unknown';

export function newEvent<Source extends string, Request extends object, Response extends object>(
  { region }: OperationContext,
  pool: UserPoolRecord,
  source: Source,
  userName: string,
  { clientId = NO_CLIENT }: Caller,
  request: Request,
  response: Response,
): TriggerEvent<Source, Request, Response> {
  return {
    version: '1',
    region,
    userPoolId: pool.id,
    triggerSource: source,
    userName,
    callerContext: { awsSdkVersion: SDK_VERSION, clientId },
    request,
    response,
  };
}

/** The attributes of a user who exists, as triggers see them: strings all, with `sub` and the status. */
export function userAttributes({ sub, attributes, status }: UserRecord): StringMap {
  return { sub, ...attributes, 'cognito:user_status': status };
}

/** `clientMetadata` is there only when the request had any. */
export function metadataOf({ clientMetadata }: Caller): { clientMetadata?: StringMap } {
  return clientMetadata === undefined ? {} : { clientMetadata: { ...clientMetadata } };
}
