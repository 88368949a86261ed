// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
type AnyFunction = Function;

/** A method as it is written in a class. */
export interface WrittenMethod {
  readonly name: string;
  readonly method: AnyFunction;
  /** The prototype that has it: the class's, or that of a base class. */
  readonly owner: object;
}

/** All methods of a class, and those of its base classes, overridden ones included. No getter is called. */
export function* writtenMethods(cls: AnyFunction): Generator<WrittenMethod> {
  let owner: unknown = cls.prototype;
  while (typeof owner === 'object' && owner !== null && owner !== Object.prototype) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
      if (typeof value === 'function' && name !== 'constructor') yield { name, method: value, owner };
    }
    owner = Object.getPrototypeOf(owner);
  }
}

/** The name under which a class has a method, or `undefined` for a function that is none of its methods. */
export function nameInClass(cls: AnyFunction, handler: AnyFunction): string | undefined {
  for (const { name, method } of writtenMethods(cls)) if (method === handler) return name;
  return undefined;
}
