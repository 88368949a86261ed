import { modelJson } from './generated/model.js';

/** A shape of the API, with the constraints that Cognito's request validation applies. */
export interface Shape {
  readonly type:
    | 'string'
    | 'enum'
    | 'integer'
    | 'long'
    | 'boolean'
    | 'timestamp'
    | 'blob'
    | 'document'
    | 'list'
    | 'map'
    | 'structure';
  /** Never printed, never logged. */
  readonly sensitive?: true;
  readonly length?: { readonly min?: number; readonly max?: number };
  readonly range?: { readonly min?: number; readonly max?: number };
  /** As AWS prints it. */
  readonly pattern?: string;
  /** What is executed, where that is not `^<pattern>$`. */
  readonly regex?: string;
  readonly values?: readonly string[];
  /** The enum value set as AWS prints it. */
  readonly printed?: string;
  readonly members?: Readonly<Record<string, { readonly shape: string; readonly required?: true }>>;
  /** Element of a list. */
  readonly member?: string;
  readonly key?: string;
  readonly value?: string;
}

export interface OperationModel {
  /** The input's shape. */
  readonly input: string;
  /** It has no output shape: a success is a zero-length body, not `{}`. */
  readonly unit?: true;
  /** Called without AWS credentials. */
  readonly unsigned?: true;
}

interface Model {
  readonly operations: Readonly<Record<string, OperationModel>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

const model = JSON.parse(modelJson) as Model;

const operationModels: ReadonlyMap<string, OperationModel> = new Map(Object.entries(model.operations));
const shapes: ReadonlyMap<string, Shape> = new Map(Object.entries(model.shapes));

/** Every operation that the AWS SDK can call, served here or not. */
export const operationNames: readonly string[] = [...operationModels.keys()];

/** `undefined` for a name that AWS does not have. */
export function operationModel(name: string): OperationModel | undefined {
  return operationModels.get(name);
}

export function shapeOf(name: string): Shape {
  const shape = shapes.get(name);
  if (!shape) throw new Error(`the model has no shape ${name}`);
  return shape;
}

const compiled = new Map<Shape, RegExp>();

/** The pattern of a shape, compiled once. Each takes linear time in the length of the value. */
export function patternOf(shape: Shape): RegExp | undefined {
  if (shape.pattern === undefined) return undefined;
  let regex = compiled.get(shape);
  if (!regex) {
    regex = new RegExp(shape.regex ?? `^${shape.pattern}$`, 'u');
    compiled.set(shape, regex);
  }
  return regex;
}
