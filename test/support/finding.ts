/** One line of what a run came to. */
export interface Finding {
  readonly what: string;
  readonly value: string | number;
  /** What it has to be, in words; left out where the line only explains. */
  readonly bound?: string;
  readonly met?: boolean;
}

/** In Markdown, as docs/reliability.md quotes it. */
export function findingsTable(findings: readonly Finding[]): string {
  const rows = findings.map(({ what, value, bound, met }) => [what, String(value), bound ?? '', verdict(met)]);
  const all = [['', 'measured', 'bound', ''], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(3, ...all.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  const [head, ...body] = all;
  return [line(head!), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** The lines that missed their bound, in sentences. */
export const missed = (findings: readonly Finding[]): string[] =>
  findings
    .filter(({ met }) => met === false)
    .map(({ what, value, bound }) => `${what}: ${value}, and it should be ${bound ?? 'otherwise'}.`);

const verdict = (met: boolean | undefined): string => (met === undefined ? '' : met ? 'met' : 'MISSED');
