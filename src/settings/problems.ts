import type { z } from 'zod';
import { inTodaysForm } from './old.ts';

/** What is wrong with settings, one sentence each: the path, whose warehouse it is, and the rule. */
export function problemsOfSettings({ issues }: Pick<z.ZodError, 'issues'>, given: unknown): string[] {
  return issues.map(({ path, message }) => {
    const where = path.join('.') || 'settings';
    const whose = path[0] === 'warehouses' ? codeAt(given, path[1]) : null;
    return `${where}${whose === null ? '' : ` (warehouse "${whose}")`}: ${message}`;
  });
}

function codeAt(given: unknown, index: PropertyKey | undefined): string | null {
  const { warehouses } = (inTodaysForm(given) ?? {}) as { warehouses?: unknown };
  const warehouse: unknown = Array.isArray(warehouses) ? warehouses[Number(index)] : undefined;
  const code: unknown = (warehouse as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : null;
}
