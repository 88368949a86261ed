import { readFileSync } from 'node:fs';

/** model/cognito-idp.jsonl: one fact a line, so that a change of the API is a readable diff. */
export function readFacts() {
  const facts = { operations: {}, errors: {}, shapes: {} };
  const text = readFileSync(new URL('../model/cognito-idp.jsonl', import.meta.url), 'utf8');
  for (const line of text.trim().split('\n')) {
    const { operation, error, shape, ...fact } = JSON.parse(line);
    if (operation) facts.operations[operation] = fact;
    else if (error) facts.errors[error] = fact;
    else if (shape) facts.shapes[shape] = fact;
  }
  return facts;
}
