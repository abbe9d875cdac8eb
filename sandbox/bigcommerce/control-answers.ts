import { Refusal } from './refusals.ts';

/** The control interface speaks plainly: `{error}`. */
export function notFound(error: string): never {
  throw new Refusal(404, { error });
}

export function badRequest(error: string): never {
  throw new Refusal(400, { error });
}
