import type { z } from 'zod';
import { AppError } from '../../../errors.ts';
import { visibleTexts } from '../../../visible-text.ts';
import { whatCannotBeKept } from './keepable.ts';

/** What is wrong beyond these is said once these are right: an answer stays short whatever came. */
const problemsNamed = 20;
const longestProblem = 300;

/** @throws AppError `invalid_request` that names each wrong field, without its value */
export function parseRequest<T>(schema: z.ZodType<T>, given: unknown): T {
  // First: the schemas are for those who may err, and look no deeper than they have to.
  const unkeepable = whatCannotBeKept(given);
  if (unkeepable !== null) throw invalid([unkeepable]);
  const parsed = schema.safeParse(visibleTexts(given));
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the request'}: ${issue.message}`));
}

function invalid(problems: readonly string[]): AppError {
  const named = problems.slice(0, problemsNamed).map(shortened);
  const more = problems.length - named.length;
  const words = [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  return new AppError(`The request is not valid: ${words}.`, { kind: 'invalid', code: 'invalid_request' });
}

const shortened = (problem: string): string =>
  problem.length > longestProblem ? `${problem.slice(0, longestProblem)}…` : problem;
