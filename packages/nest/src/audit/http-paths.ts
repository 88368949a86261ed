import { VERSION_NEUTRAL, VersioningType } from '@nestjs/common';
import type { ModuleRef, ModulesContainer } from '@nestjs/core';

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
type AnyFunction = Function;

/** What the app as a whole adds to the paths of its handlers. */
export interface RoutingConfig {
  /** Under which `RouterModule` keeps a module's path. */
  readonly applicationId: string;
  readonly globalPrefix: string;
  readonly isExcluded: (path: string, method: number) => boolean;
  /** What stands before a version in the path: `v`; `undefined` where versions are not in paths. */
  readonly versionPrefix: string | undefined;
  readonly defaultVersion: unknown;
}

/** The part of Nest's `ApplicationConfig` that is read. It is no provider, but every `ModuleRef` leads to it. */
interface ApplicationConfig {
  getGlobalPrefix(): string;
  getGlobalPrefixOptions(): {
    exclude?: readonly { pathRegex: RegExp; requestMethod: number }[];
  };
  getVersioning(): { type: VersioningType; prefix?: string | false; defaultVersion?: unknown } | undefined;
}

export function routingConfig(ref: ModuleRef, modules: ModulesContainer): RoutingConfig {
  const container = Reflect.get(ref, 'container') as { applicationConfig?: ApplicationConfig } | undefined;
  const config = container?.applicationConfig;
  const versioning = config?.getVersioning();
  const exclude = config?.getGlobalPrefixOptions().exclude ?? [];
  const prefix = versioning?.prefix === false ? '' : (versioning?.prefix ?? 'v');
  return {
    applicationId: modules.applicationId,
    globalPrefix: config?.getGlobalPrefix() ?? '',
    isExcluded: (path, method) =>
      exclude.some(
        ({ pathRegex, requestMethod }) =>
          (requestMethod === ALL || requestMethod === ANY || requestMethod === method) &&
          pathRegex.test(path),
      ),
    versionPrefix: versioning?.type === VersioningType.URI ? prefix : undefined,
    defaultVersion: versioning?.defaultVersion,
  };
}

const ALL = 5;
const ANY = -1;

/** The paths of an HTTP handler, as a client asks for them. */
export function pathsOf(
  handler: AnyFunction,
  cls: AnyFunction,
  module: AnyFunction | undefined,
  method: number,
  config: RoutingConfig,
): string[] {
  const ofModule =
    module && (Reflect.getMetadata(`__module_path__${config.applicationId}`, module) as string | undefined);
  const versions = listed(
    Reflect.getMetadata('__version__', handler) ??
      Reflect.getMetadata('__version__', cls) ??
      config.defaultVersion,
  );
  const prefixes =
    config.versionPrefix === undefined ? [''] : versions.map((version) => versionPath(version, config));
  const paths = prefixes.flatMap((version) =>
    listed(Reflect.getMetadata('path', cls)).flatMap((ofClass) =>
      listed(Reflect.getMetadata('path', handler)).map((ofHandler) => {
        const rest = join(ofModule, ofClass, ofHandler);
        const prefix = config.isExcluded(rest, method) ? '' : config.globalPrefix;
        return join(prefix, version, rest);
      }),
    ),
  );
  return [...new Set(paths)];
}

function versionPath(version: unknown, { versionPrefix = '' }: RoutingConfig): string {
  return version === undefined || version === VERSION_NEUTRAL ? '' : `${versionPrefix}${String(version)}`;
}

function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function join(...parts: unknown[]): string {
  const segments = parts.flatMap((part) => (typeof part === 'string' ? part.split('/') : []));
  return `/${segments.filter((segment) => segment !== '').join('/')}`;
}
