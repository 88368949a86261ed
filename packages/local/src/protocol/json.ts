/**
 * The output of an operation as AWS JSON 1.1: dates as epoch seconds with up to three decimals, binary as
 * base64, members that are `undefined` left out.
 */
export function toWireJson(output: object): string {
  return JSON.stringify(wireValue(output));
}

function wireValue(value: unknown): unknown {
  if (value instanceof Date) return Math.round(value.getTime()) / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(wireValue);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined && member !== null) copy[key] = wireValue(member);
  }
  return copy;
}
