import { type Shape, shapeOf } from './model.js';

/** A value longer than this is cut: a message is for a person, and no request may make a huge answer. */
const MAX_PRINTED = 10_000;

/** A value as Java prints it, which is how it stands in AWS's messages. */
export function printValue(shapeName: string, value: unknown): string {
  const parts: string[] = [];
  let left = MAX_PRINTED;
  const put = (text: string): boolean => {
    if (left <= 0) return false;
    parts.push(text.length > left ? `${text.slice(0, left)}...` : text);
    left -= text.length;
    return left > 0;
  };
  print(shapeName, shapeOf(shapeName), value, put);
  return parts.join('');
}

type Put = (text: string) => boolean;

function print(shapeName: string, shape: Shape, value: unknown, put: Put): boolean {
  if (value === undefined || value === null) return put('null');
  if (shape.sensitive) return put('***Sensitive Data Redacted***');
  switch (shape.type) {
    case 'list':
      return printAll('[', value as unknown[], ']', put, (element) =>
        print(shape.member as string, shapeOf(shape.member as string), element, put),
      );
    case 'map':
      return printAll(
        '{',
        Object.entries(value as object),
        '}',
        put,
        ([key, entry]) =>
          put(`${key}=`) && print(shape.value as string, shapeOf(shape.value as string), entry, put),
      );
    case 'structure':
      return printAll(
        `${shapeName}(`,
        Object.entries(shape.members ?? {}),
        ')',
        put,
        ([member, target]) =>
          put(`${lowerFirst(member)}=`) &&
          print(target.shape, shapeOf(target.shape), (value as Record<string, unknown>)[member], put),
      );
    case 'blob':
    case 'document':
      return put('...');
    default:
      return put(String(value));
  }
}

function printAll<T>(
  open: string,
  elements: readonly T[],
  close: string,
  put: Put,
  each: (element: T) => boolean,
): boolean {
  if (!put(open)) return false;
  for (let index = 0; index < elements.length; index++) {
    if (index > 0 && !put(', ')) return false;
    if (!each(elements[index] as T)) return false;
  }
  return put(close);
}

/** The way a member's name stands in a path: `UserPoolId` is `userPoolId`. */
export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
