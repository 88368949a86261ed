import { operationModel, shapeOf } from './model.js';

/** The path of the first member that an operation's input does not have, e.g. `Policies.PaswordPolicy`. */
export function findUnknownMember(operation: string, json: object): string | undefined {
  const model = operationModel(operation);
  if (!model) throw new Error(`the model has no operation ${operation}`);
  return find(model.input, json, '');
}

function find(shapeName: string, json: unknown, path: string): string | undefined {
  const { type, members = {}, member } = shapeOf(shapeName);
  if (typeof json !== 'object' || json === null) return undefined;
  if (type === 'list' && member && Array.isArray(json)) {
    return first(json.entries(), ([index, element]) => find(member, element, `${path}[${index}]`));
  }
  if (type !== 'structure') return undefined;
  return first(Object.entries(json), ([key, value]) => {
    const target = Object.hasOwn(members, key) ? members[key] : undefined;
    const place = path === '' ? key : `${path}.${key}`;
    return target ? find(target.shape, value, place) : place;
  });
}

function first<T, R>(items: Iterable<T>, pick: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = pick(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
