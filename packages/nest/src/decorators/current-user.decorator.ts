import { createParamDecorator, type ExecutionContext, type PipeTransform, type Type } from '@nestjs/common';
import { CognestError, configInvalid } from '../errors/cognest-error.js';
import { stateOf } from '../guard/request-state.js';
import { type CognitoUser, USER_PROPERTIES } from '../policy/cognito-user.js';
import { transportOf } from '../transports/transports.js';

type Pipe = PipeTransform | Type<PipeTransform>;

const userOf = (property: keyof CognitoUser | undefined, context: ExecutionContext): unknown => {
  const user = admitted('@CurrentUser()', context)?.user;
  return property === undefined ? user : user?.[property];
};
const tokenOf = (_: undefined, context: ExecutionContext): string | undefined =>
  admitted('@AccessToken()', context)?.token;

const currentUser = createParamDecorator(userOf);
const accessToken = createParamDecorator(tokenOf);

/** The decorators of this file that stand on parameters of a handler, by name. */
// biome-ignore lint/complexity/noBannedTypes: what Nest calls a class is exactly any function
export function userDecorators(cls: Function, handlerName: string): string[] {
  // Where Nest keeps what decorators of parameters say.
  const given: unknown = Reflect.getMetadata('__routeArguments__', cls, handlerName);
  const factories = Object.values(given ?? {}).map((argument: { factory?: unknown }) => argument.factory);
  return [
    ...(factories.includes(userOf) ? ['@CurrentUser()'] : []),
    ...(factories.includes(tokenOf) ? ['@AccessToken()'] : []),
  ];
}

/**
 * The frozen {@link CognitoUser} who made the request, or one property of it. `undefined` where `@OptionalAuth()` let
 * somebody in without a credential.
 *
 * @example `list(@CurrentUser() user: CognitoUser)`
 * @example `list(@CurrentUser('sub') sub: string)`
 * @throws {CognestError} `config_invalid` at boot on a `@Public()` handler; `user_absent`, at the call, on a request that
 *   no guard has authenticated.
 */
export function CurrentUser(...pipes: Pipe[]): ParameterDecorator;
export function CurrentUser(property: keyof CognitoUser, ...pipes: Pipe[]): ParameterDecorator;
export function CurrentUser(property?: keyof CognitoUser | Pipe, ...pipes: Pipe[]): ParameterDecorator {
  if (property === undefined) return currentUser(undefined, ...pipes);
  if (typeof property !== 'string') return currentUser(undefined, property, ...pipes);
  if (!USER_PROPERTIES.includes(property)) {
    throw configInvalid('@CurrentUser(): the property', `one of ${USER_PROPERTIES.join(', ')}`, property);
  }
  return currentUser(property, ...pipes);
}

/**
 * The verified token itself, as services that act for the user want it. It is the ID token where the policy asks for
 * one.
 *
 * @throws {CognestError} `config_invalid` at boot on a `@Public()` handler; `user_absent`, at the call, on a request that
 *   no guard has authenticated.
 */
export function AccessToken(...pipes: Pipe[]): ParameterDecorator {
  return accessToken(undefined, ...pipes);
}

function admitted(
  decorator: string,
  context: ExecutionContext,
): { user: CognitoUser; token: string } | undefined {
  const transport = transportOf(context.getType());
  const state = transport && stateOf(transport.keeperOf(context));
  if (state?.decision?.admitted) return state.decision;
  if (state?.anonymous) return undefined;
  throw new CognestError(
    'user_absent',
    `${decorator} on ${context.getClass().name}.${context.getHandler().name}: the request was not authenticated. ` +
      'Is the handler @Public(), or is protect "decorated" and the handler has no @Authorize() or @Groups()?',
  );
}
