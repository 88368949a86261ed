import { operationModel, shapeOf } from './model.js';

const HIDDEN = '[hidden]';

/** `text` without the sensitive values of a request: passwords, tokens, codes, user names, attributes. */
export function redact(text: string, operation: string, input: object | undefined): string {
  const model = operationModel(operation);
  if (!model || !input) return text;
  const secrets = new Set<string>();
  collect(model.input, input, false, secrets);
  let clean = text;
  // The longest first, so that no part of it stays behind.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    clean = clean.replaceAll(secret, HIDDEN);
  }
  return clean;
}

function collect(shapeName: string, value: unknown, hidden: boolean, secrets: Set<string>): void {
  const shape = shapeOf(shapeName);
  const secret = hidden || shape.sensitive === true;
  if (typeof value === 'string') {
    if (secret && value.length > 2) secrets.add(value);
  } else if (Array.isArray(value)) {
    if (shape.member) for (const element of value) collect(shape.member, element, secret, secrets);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      const target = shape.members?.[key]?.shape ?? shape.value;
      if (target) collect(target, member, secret, secrets);
    }
  }
}
