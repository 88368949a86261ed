/** The text of src/model/generated/model.ts. */
export function generate(): string;
