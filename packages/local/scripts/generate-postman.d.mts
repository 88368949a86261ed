/** Where the collection is kept. */
export const COLLECTION: URL;
/** The collection's text as it should be. */
export function postmanCollection(): string;
