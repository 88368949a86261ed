/** The facts of the API model that the package keeps. */
export function readFacts(): {
  readonly operations: Readonly<
    Record<string, { input: string; output: string; auth: string; errors: string[] }>
  >;
  readonly errors: Readonly<Record<string, object>>;
  readonly shapes: Readonly<Record<string, object>>;
};
