import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { OpenApiDocument } from '../../src/http/api/frame/openapi.ts';

/** What of an operation says how its answers look. */
export interface DeclaredAnswers {
  readonly name: string;
  readonly responses: Readonly<Record<string, { readonly content?: Record<string, { schema: object }> }>>;
}

/** What is wrong with a JSON answer, by the schema that the document has for its status. */
export type AnswerCheck = (operation: DeclaredAnswers, status: number, body: unknown) => unknown[];

export function checkOfAnswers(document: OpenApiDocument): AnswerCheck {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ ...document, $id: 'api' });
  const known = new Map<string, ValidateFunction>();
  return ({ responses, name }, status, body) => {
    const [content] = Object.values(responses[status]?.content ?? {});
    const key = `${name} ${status}`;
    const schema = JSON.parse(
      JSON.stringify(content?.schema ?? {}).replaceAll('"#/components', '"api#/components'),
    ) as object;
    const validate = known.get(key) ?? ajv.compile(schema);
    known.set(key, validate);
    return validate(body) ? [] : (validate.errors ?? []);
  };
}
