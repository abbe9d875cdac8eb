import type { AnswerCheck } from '../declared-answers.ts';
import type { Operation } from './operations.ts';
import type { WireAnswer } from './send.ts';

/** What is wrong with an answer, whatever was asked; empty where nothing is. */
export function complaintsAbout(answer: WireAnswer, { mayBeLater = false } = {}): string[] {
  const { status, headers, text } = answer;
  const found: string[] = [];
  const isLater = mayBeLater && status === 503 && text === '';
  if (status >= 500 && !isLater) found.push(`it was answered ${status}: ${text.slice(0, 300)}`);
  if (status !== 431 && headers['x-content-type-options'] !== 'nosniff') found.push('it has no security headers');
  const cors = Object.keys(headers).filter((name) => name.startsWith('access-control-'));
  if (cors.length > 0) found.push(`it lets other sites in: ${cors.join(', ')}`);
  if (headers['x-powered-by'] !== undefined) found.push('it says what it is made with');
  if (/node_modules|\bat .+\.[tj]s:\d+|select .+ from lahetti/.test(text)) found.push('it shows what is inside');
  return found;
}

/** As above, and by what the document says of this operation. */
export function complaintsAboutOperation(operation: Operation, answer: WireAnswer, check: AnswerCheck): string[] {
  const { status, headers, text } = answer;
  // A head that is too large is refused by the server itself, without a body.
  if (status === 431) return text === '' ? [] : ['a 431 has a body'];
  const found = complaintsAbout(answer);
  // Who says by a header that they have it already is told that it is as it was.
  if (status === 304 && operation.method === 'GET') return found;
  const declared = operation.responses[status];
  if (declared === undefined) return [...found, `${status} is not declared`];

  const type = String(headers['content-type'] ?? '').split(';')[0]!;
  if (declared.content?.[type] === undefined) return [...found, `the ${status} is of type "${type}"`];
  if (!type.endsWith('json')) return found;
  const body: unknown = JSON.parse(text);
  const wrong = check(operation, status, body);
  if (wrong.length > 0) found.push(`the ${status} is not as declared: ${JSON.stringify(wrong).slice(0, 500)}`);
  if (status >= 400) found.push(...complaintsAboutProblem(declared.description, status, body));
  return found;
}

function complaintsAboutProblem(description: string, status: number, body: unknown): string[] {
  const problem = body as { code: string; status: number; detail: string };
  const codes = [...description.matchAll(/`([a-z_]+)`/g)].map(([, code]) => code);
  const found: string[] = [];
  if (!codes.includes(problem.code)) found.push(`the code ${problem.code} of the ${status} is not declared`);
  if (problem.status !== status) found.push(`the problem says ${problem.status}, its answer ${status}`);
  if (JSON.stringify(problem).length > 20_000) found.push('the problem is longer than anybody reads');
  return found;
}
