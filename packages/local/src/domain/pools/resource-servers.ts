import type {
  CreateResourceServerRequest,
  ResourceServerScopeType,
  ResourceServerType,
} from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { ResourceServerRecord } from '../../storage/resource-servers.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import { invalidParameter } from '../faults.js';
import { resourceServerExists, resourceServerNotFound, tooManyResourceServers } from './faults.js';

const MAX_PER_POOL = 25;

/** @throws InvalidParameterException, LimitExceededException */
export function createResourceServer(
  { storage }: OperationContext,
  pool: UserPoolRecord,
  request: Omit<CreateResourceServerRequest, 'UserPoolId'>,
): ResourceServerType {
  const identifier = request.Identifier as string;
  checkScopes(request.Scopes);
  if (storage.resourceServers.find(pool.id, identifier) !== undefined) {
    throw resourceServerExists(identifier, pool.id);
  }
  if (storage.resourceServers.list(pool.id, MAX_PER_POOL).length >= MAX_PER_POOL) {
    throw tooManyResourceServers(MAX_PER_POOL);
  }
  return write(storage, { ...recordOf(pool, identifier, request) });
}

/** Replaces name and scopes. @throws ResourceNotFoundException, InvalidParameterException */
export function updateResourceServer(
  context: OperationContext,
  pool: UserPoolRecord,
  request: Omit<CreateResourceServerRequest, 'UserPoolId'>,
): ResourceServerType {
  const { identifier } = findResourceServer(context, pool, request.Identifier);
  checkScopes(request.Scopes);
  return write(context.storage, recordOf(pool, identifier, request));
}

/** @throws ResourceNotFoundException */
export function findResourceServer(
  { storage }: OperationContext,
  pool: UserPoolRecord,
  identifier: string | undefined,
): ResourceServerRecord {
  const found = storage.resourceServers.find(pool.id, identifier as string);
  if (found === undefined) throw resourceServerNotFound(identifier as string);
  return found;
}

/** Whether `<identifier>/<name>` is a scope of one of the pool's resource servers. Names hold no slash. */
export function hasScope({ storage }: OperationContext, pool: UserPoolRecord, scope: string): boolean {
  const slash = scope.lastIndexOf('/');
  if (slash === -1) return false;
  const server = storage.resourceServers.find(pool.id, scope.slice(0, slash));
  return server?.scopes?.some(({ ScopeName }) => ScopeName === scope.slice(slash + 1)) ?? false;
}

export function resourceServerView(server: ResourceServerRecord): ResourceServerType {
  return {
    UserPoolId: server.userPoolId,
    Identifier: server.identifier,
    Name: server.name,
    Scopes: server.scopes && [...server.scopes],
  };
}

function recordOf(
  pool: UserPoolRecord,
  identifier: string,
  { Name, Scopes }: Pick<CreateResourceServerRequest, 'Name' | 'Scopes'>,
): ResourceServerRecord {
  return { userPoolId: pool.id, identifier, name: Name as string, scopes: Scopes };
}

function write(storage: OperationContext['storage'], record: ResourceServerRecord): ResourceServerType {
  storage.transaction(() => storage.resourceServers.set(record));
  return resourceServerView(record);
}

function checkScopes(scopes: readonly ResourceServerScopeType[] = []): void {
  const names = scopes.map(({ ScopeName }) => ScopeName);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw invalidParameter(`The scope ${repeated} is given more than once.`);
}
