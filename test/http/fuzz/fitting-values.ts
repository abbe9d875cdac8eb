import fc from 'fast-check';
import type { Schema } from './operations.ts';

export interface Fitting {
  /** By the name that `$ref` ends with. */
  readonly named: Readonly<Record<string, Schema>>;
  /** By a property's or parameter's name: values that stand for something, like the id of an order that there is. */
  readonly known: Readonly<Record<string, readonly unknown[]>>;
}

const deepest = 5;

/** Values that a schema allows, or nearly so: what it says in words alone is not known here. */
export function fitting(schema: Schema, context: Fitting, name = '', depth = 0): fc.Arbitrary<unknown> {
  const known = context.known[name];
  const any = ofSchema(schema, context, depth);
  return known ? fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: any }) : any;
}

function ofSchema(schema: Schema, context: Fitting, depth: number): fc.Arbitrary<unknown> {
  const { $ref, anyOf, oneOf, allOf } = schema;
  if ($ref !== undefined) return ofSchema(context.named[$ref.split('/').at(-1)!] ?? {}, context, depth);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = anyOf ?? oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => ofSchema(choice, context, depth)));
  if (allOf) {
    return fc
      .tuple(...allOf.map((part) => ofSchema(part, context, depth)))
      .map((parts) => Object.assign({}, ...(parts as object[])) as object);
  }
  const types = [schema.type ?? 'object'].flat();
  return fc.oneof(...types.map((type) => ofType(type, schema, context, depth)));
}

function ofType(type: string, schema: Schema, context: Fitting, depth: number): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.maxSafeInteger().map((n) => within(n, schema));
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'string':
      return text(schema);
    case 'array':
      return fc.array(fitting(schema.items ?? {}, context, '', depth + 1), {
        minLength: Math.min(schema.minItems ?? 0, 3),
        maxLength: Math.min(schema.maxItems ?? 3, 3),
      });
    default:
      return record(schema, context, depth);
  }
}

function record({ properties = {}, required = [] }: Schema, context: Fitting, depth: number): fc.Arbitrary<object> {
  const wanted = Object.entries(properties).filter(([name]) => depth < deepest || required.includes(name));
  const entries = wanted.map(([name, inner]) => {
    const entry = fitting(inner, context, name, depth + 1).map((value) => [name, value] as const);
    return required.includes(name) ? entry : fc.option(entry, { freq: 2 });
  });
  return fc.tuple(...entries).map((given) => Object.fromEntries(given.filter((entry) => entry !== null)));
}

/** Small numbers mostly: large ones are among what harms. */
function within(n: number, { minimum, maximum, exclusiveMinimum }: Schema): number {
  const least = Math.max(minimum ?? -10, exclusiveMinimum === undefined ? -10 : exclusiveMinimum + 1);
  const most = Math.min(maximum ?? Infinity, least + 1_000);
  return least + (Math.abs(n) % (most - least + 1));
}

function text({ format, pattern, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  switch (format) {
    case 'uuid':
      return fc.uuid();
    case 'email':
      return fc.emailAddress();
    case 'date-time':
      return fc
        .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((d) => d.toISOString());
    case 'date':
      return fc.constantFrom('2026-11-22', '2024-02-29');
    default:
      return (pattern === undefined ? undefined : matching(pattern)) ?? fc.string({ minLength, maxLength });
  }
}

/** Undefined for a pattern that fast-check cannot read. */
function matching(pattern: string): fc.Arbitrary<string> | undefined {
  try {
    return fc.stringMatching(new RegExp(pattern));
  } catch {
    return undefined;
  }
}
