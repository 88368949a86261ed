import type { INestApplicationContext } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { distinguishEndpoints, documentEndpoint } from '../auth-controller/document-endpoint.js';
import { CognestError } from '../errors/cognest-error.js';
import { PROBLEM_JSON } from '../errors/problem.js';
import { AccessRules, type EffectiveRule } from '../guard/access-rules.js';
import { guardsOn, isOwnGuard } from '../guard/own-guard.js';
import type { ProtectMode, ResolvedCognitoOptions } from '../options/cognito-options.js';
import { RESOLVED_OPTIONS } from '../tokens.js';
import { describePolicy, documentedPolicy, refusesUsers } from './describe-policy.js';
import { securitySchemes } from './security-schemes.js';
import { PROBLEM_SCHEMA, SWAGGER } from './swagger-metadata.js';

/** As much of an OpenAPI document as is read and written here: `OpenAPIObject` of `@nestjs/swagger` is one. */
export interface OpenApiDocument {
  paths: object;
  components?: object | undefined;
  security?: object[] | undefined;
}

/** How {@link cognitoOpenApi} writes. */
export interface CognitoOpenApiOptions {
  /**
   * The name of the security scheme in the document; those of further token sources append to it, as `cognito-cookie`.
   * Default `'cognito'`.
   */
  readonly securityScheme?: string | undefined;
}

interface Operation {
  operationId?: string;
  security?: Record<string, string[]>[];
  responses?: Record<string, unknown>;
  [member: string]: unknown;
}

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
type AnyFunction = Function;

const HANDLER = 'x-cognest-handler';
const CLASS = 'cognest:class:';
const PROBLEM = 'CognitoProblem';
const SAFE_METHODS = new Set(['get', 'head', 'options', 'trace']);

/**
 * Adds to an OpenAPI document who gets in where: guarded operations get the security scheme, their 401 and 403, and
 * `x-cognito-policy` with the groups and scopes that they need. What the app itself says with `@ApiBearerAuth()`,
 * `@ApiSecurity()` or `@ApiResponse()` stays as it is. Runs before or after `app.init()`.
 *
 * @param create - makes the document, and is called at once: `() => SwaggerModule.createDocument(app, config)`. Nothing
 *   in a document says which handler an operation is, whatever path, prefix or version it has; so handlers are marked
 *   while it runs.
 * @returns the document that `create` made.
 * @throws {CognestError} `config_invalid`: the app has no `CognitoModule`, or `create` returns a promise.
 */
export function cognitoOpenApi<Document extends OpenApiDocument>(
  app: INestApplicationContext,
  create: () => Document,
  options: CognitoOpenApiOptions = {},
): Document {
  const { rules, resolved, controllers, modules } = inside(app);
  const marks = new Marks(controllers);
  let document: Document;
  try {
    document = create();
  } finally {
    marks.remove();
  }
  if (typeof document?.paths !== 'object' || document.paths === null) {
    throw new CognestError(
      'config_invalid',
      'cognitoOpenApi(): the function must return an OpenAPI document, at once: () => SwaggerModule.createDocument(app, config)',
    );
  }

  const { schemes, csrf } = securitySchemes(resolved.tokenSources, options.securityScheme ?? 'cognito');
  let guarded = false;
  const found: { operation: Operation; cls: AnyFunction | undefined }[] = [];
  for (const { method, operation } of operations(document)) {
    const marked = marks.take(operation);
    found.push({ operation, cls: marked?.cls });
    if (marked === undefined) continue;
    const mode: ProtectMode = guardsItself(marked) ? 'all' : resolved.protect;
    const rule = rules.for(marked.handler, marked.cls, mode);
    if (rule.access === 'guarded') {
      guarded = true;
      describe(operation, rule, Object.keys(schemes), csrf && !SAFE_METHODS.has(method));
    } else if (document.security?.length && operation.security === undefined) {
      // The document's own default does not hold where the guard lets everybody in.
      operation.security = [];
    }
    documentEndpoint(operation, marked, { modules, safe: SAFE_METHODS.has(method) });
  }
  distinguishEndpoints(found);
  if (guarded) addComponents(document, schemes);
  return document;
}

function describe(
  operation: Operation,
  rule: EffectiveRule & { access: 'guarded' },
  schemes: string[],
  csrf: boolean,
): void {
  const { policy, optional } = rule;
  if (operation.security === undefined) {
    operation.security = [...(optional ? [{}] : []), ...schemes.map((scheme) => ({ [scheme]: [] }))];
  }
  operation.responses ??= {};
  operation.responses['401'] ??= refusal(
    optional ? 'The credential is not valid.' : 'Nobody is signed in, or the token is not valid here.',
  );
  const conditions = describePolicy(policy);
  if (refusesUsers(policy) || csrf) {
    const why = [...conditions, ...(csrf ? ['With the session cookie: proof against forgery.'] : [])];
    operation.responses['403'] ??= refusal(`Needs more than a sign-in. ${why.join(' ')}`.trim());
  }
  const documented = documentedPolicy(policy);
  if (documented !== undefined) operation['x-cognito-policy'] = documented;
}

function refusal(description: string): object {
  return {
    description,
    content: { [PROBLEM_JSON]: { schema: { $ref: `#/components/schemas/${PROBLEM}` } } },
  };
}

function addComponents(document: OpenApiDocument, schemes: Record<string, object>): void {
  const components = (document.components ?? {}) as {
    schemas?: Record<string, unknown>;
    securitySchemes?: Record<string, unknown>;
  };
  document.components = {
    ...components,
    schemas: { [PROBLEM]: PROBLEM_SCHEMA, ...components.schemas },
    securitySchemes: { ...schemes, ...components.securitySchemes },
  };
}

function* operations(document: OpenApiDocument): Iterable<{ method: string; operation: Operation }> {
  for (const item of Object.values(document.paths) as Record<string, unknown>[]) {
    for (const [method, operation] of Object.entries(item)) {
      if (typeof operation === 'object' && operation !== null && !Array.isArray(operation)) {
        yield { method, operation: operation as Operation };
      }
    }
  }
}

function inside(app: INestApplicationContext) {
  try {
    const discovery = app.get(DiscoveryService, { strict: false });
    return {
      modules: app.get(ModulesContainer, { strict: false }),
      rules: app.get(AccessRules, { strict: false }),
      resolved: app.get<ResolvedCognitoOptions>(RESOLVED_OPTIONS, { strict: false }),
      controllers: discovery
        .getControllers()
        .map(({ metatype }) => metatype)
        .filter((metatype): metatype is AnyFunction => typeof metatype === 'function'),
    };
  } catch (cause) {
    throw new CognestError('config_invalid', 'cognitoOpenApi(): the app does not import CognitoModule', {
      cause,
    });
  }
}

interface Marked {
  readonly handler: AnyFunction;
  readonly cls: AnyFunction;
}

/** Whether the handler has the guard by `@UseGuards()`, and so is guarded whatever `protect` says. */
function guardsItself({ handler, cls }: Marked): boolean {
  return guardsOn(cls, handler).some(isOwnGuard);
}

/**
 * Marks on handlers and controllers that come out again in the document's operations: an extension says the function,
 * a security requirement of the class says the class, since one function may be a handler of several.
 */
class Marks {
  readonly #handlers: AnyFunction[] = [];
  readonly #classes: AnyFunction[];
  readonly #undo: (() => void)[] = [];

  constructor(controllers: AnyFunction[]) {
    this.#classes = [...new Set(controllers)];
    const scanner = new MetadataScanner();
    for (const [index, cls] of this.#classes.entries()) {
      const before = (Reflect.getMetadata(SWAGGER.security, cls) as object[] | undefined) ?? [];
      this.#mark(SWAGGER.security, [...before, { [`${CLASS}${index}`]: [] }], cls);
      const prototype = cls.prototype as object;
      for (const name of scanner.getAllMethodNames(prototype)) {
        const handler: unknown = Reflect.get(prototype, name);
        if (typeof handler !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, handler)) continue;
        if (this.#handlers.includes(handler)) continue;
        const extension = (Reflect.getMetadata(SWAGGER.extension, handler) as object | undefined) ?? {};
        this.#mark(SWAGGER.extension, { ...extension, [HANDLER]: this.#handlers.push(handler) - 1 }, handler);
      }
    }
  }

  #mark(key: string, value: object, target: AnyFunction): void {
    const own: unknown = Reflect.getOwnMetadata(key, target);
    Reflect.defineMetadata(key, value, target);
    this.#undo.push(() =>
      own === undefined ? Reflect.deleteMetadata(key, target) : Reflect.defineMetadata(key, own, target),
    );
  }

  remove(): void {
    // Last first, since a class inherits what a class before it was marked with.
    for (const undo of this.#undo.reverse()) undo();
  }

  /** Takes the marks off an operation; `undefined` for one that is no handler of a controller. */
  take(operation: Operation): Marked | undefined {
    const handler = this.#handlers[operation[HANDLER] as number];
    delete operation[HANDLER];
    let cls: AnyFunction | undefined;
    const kept = operation.security?.filter((requirement) => {
      const mark = Object.keys(requirement).find((name) => name.startsWith(CLASS));
      // The marks of base classes come first: a class inherits them.
      if (mark !== undefined) cls = this.#classes[Number(mark.slice(CLASS.length))];
      return mark === undefined;
    });
    if (kept?.length) operation.security = kept;
    else delete operation.security;
    return handler === undefined || cls === undefined ? undefined : { handler, cls };
  }
}
