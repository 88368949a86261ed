/** The README with the table of operations as it should be. */
export function withOperations(readme: string): string;
/** What the registry exports. */
export function supportedOperations(): string[];
