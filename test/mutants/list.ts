import { readFile } from 'node:fs/promises';
import type { Ignorer } from '@stryker-mutator/api/ignore';
import { Instrumenter } from '@stryker-mutator/instrumenter';

/** One small mistake: this text in this file becomes that. */
export interface Mistake {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Where in the file it is, for comparing with what Stryker says. */
  readonly place: string;
  readonly mutator: string;
  readonly from: string;
  readonly to: string;
  /** The line that it begins in, as it is written. */
  readonly source: string;
}

interface Point {
  readonly line: number;
  readonly column: number;
}
interface Placed {
  readonly location: { readonly start: Point; readonly end: Point };
  readonly mutatorName: string;
  readonly replacement?: string | undefined;
}

/**
 * The same mistake has the same place in the list, in Stryker's checker and in its results, which count from 1 instead of 0.
 */
export function placeOf(
  { location: { start, end }, mutatorName, replacement = '' }: Placed,
  countedFrom: 0 | 1,
): string {
  const at = ({ line, column }: Point) => `${line - countedFrom}:${column - countedFrom}`;
  return `${at(start)}-${at(end)} ${mutatorName} ${replacement}`;
}

interface Node {
  readonly type: string;
  readonly callee?: Node & { readonly object?: Node; readonly property?: Node };
  readonly name?: string;
}

/** What is written to the log helps a person and decides nothing: no test should hold its words. */
const logCalls: Ignorer = {
  shouldIgnore(path) {
    const { type, callee } = (path as { readonly node: Node }).node;
    if (type !== 'CallExpression' || callee?.type !== 'MemberExpression') return undefined;
    const logger =
      callee.object?.type === 'MemberExpression'
        ? (callee.object as Node & { property: Node }).property
        : callee.object;
    return logger?.name === 'log' ? 'Only the log is different.' : undefined;
  },
};

/**
 * Words for people have spaces in them and may change at any time. A text without a space is a code, a name or an address: in this
 * code nearly all are members of a closed union, so that the compiler refuses an empty one. Templates without spaces remain: they make
 * references, addresses and keys, which no compiler reads.
 */
function isAboutWords(mutator: string, from: string): boolean {
  return mutator === 'StringLiteral' && (!from.startsWith('`') || /\s/.test(from.replaceAll(/\$\{[^}]*\}/g, '')));
}

/** The default of a switch over a closed union: the compiler shows that nothing comes there. */
function isUnreachable(from: string): boolean {
  return /^default:\s*\{?\s*(return|throw)?[^;]*satisfies never/.test(from);
}

const quiet = {
  isTraceEnabled: no,
  isDebugEnabled: no,
  isInfoEnabled: no,
  isWarnEnabled: no,
  isErrorEnabled: no,
  isFatalEnabled: no,
};
function no(): boolean {
  return false;
}
const nothing = () => undefined;

/** All mistakes that Stryker would make in a file, without those that only change words. */
export async function mistakesIn(file: string): Promise<Mistake[]> {
  const content = await readFile(file, 'utf8');
  const instrumenter = new Instrumenter({
    ...quiet,
    ...{ trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing, fatal: nothing },
  });
  const { mutants } = await instrumenter.instrument([{ name: file, mutate: true, content }], {
    plugins: null,
    excludedMutations: [],
    ignorers: [logCalls],
  });
  const lines = content.split('\n');
  const starts = lines.map((_, line) => lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0));
  return mutants
    .filter(({ status }) => status !== 'Ignored')
    .map((mutant) => {
      const { start, end } = mutant.location;
      return {
        file,
        line: start.line + 1,
        place: placeOf(mutant, 0),
        mutator: mutant.mutatorName,
        from: content.slice(starts[start.line]! + start.column, starts[end.line]! + end.column),
        to: mutant.replacement,
        source: lines[start.line]!.trim(),
      };
    })
    .filter(({ mutator, from }) => !isAboutWords(mutator, from) && !isUnreachable(from));
}
