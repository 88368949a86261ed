import { Inject, Injectable } from '@nestjs/common';
import { LazyModuleLoader } from '@nestjs/core';

/**
 * Tells when an app loads a module lazily. Nest calls none of its hooks then, and wires up no controller and no gateway of it,
 * unless that is done later: by `connectMicroservice()`, or by `init()` itself.
 */
@Injectable()
export class LazyModules {
  readonly #listeners: (() => void)[] = [];

  constructor(@Inject(LazyModuleLoader) loader: LazyModuleLoader) {
    const load = loader.load.bind(loader);
    loader.load = async (...args) => {
      const reference = await load(...args);
      for (const listener of this.#listeners) listener();
      return reference;
    };
  }

  /** @param listener - what it throws fails the loading. */
  onLoaded(listener: () => void): void {
    this.#listeners.push(listener);
  }
}
