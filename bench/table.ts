import type { Finding, Figure, Row } from './figure.ts';

/** A finding in Markdown, as docs/performance.md quotes it. */
export function tableOf({ title }: Figure, { rows, notes }: Finding): string {
  const cells = rows.map((row) => [row.what, `${row.value} ${row.unit}`.trim(), row.target ?? '', verdict(row)]);
  const lines = [['', 'measured', 'target', ''], ['---', '---', '---', '---'], ...cells].map(
    (line) => `| ${line.join(' | ')} |`,
  );
  return [`### ${title}`, '', ...lines, '', ...notes.map((note) => `- ${note}`), ''].join('\n');
}

function verdict({ target, met }: Row): string {
  if (target === undefined) return '';
  if (met === null || met === undefined) return 'not known';
  return met ? 'met' : '**missed**';
}
