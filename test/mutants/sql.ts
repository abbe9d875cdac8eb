/** A condition of a statement, made wrong on purpose; one of the tests has to notice it. */
export interface SqlMutant {
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
  readonly tests: readonly string[];
}

export const sqlMutants: readonly SqlMutant[] = [
  {
    file: 'src/booking/attempts.sql.ts',
    from: `where id = $1 and owner = $2 and state = 'sent' for update`,
    to: `where id = $1 and owner = $2 for update`,
    tests: ['test/db/attempts.test.ts'],
  },
  {
    file: 'src/labels/labels.sql.ts',
    from: `where id = $1 and pdf is null`,
    to: `where id = $1`,
    tests: ['test/protocol/label-lost.test.ts', 'test/db/attempts.test.ts'],
  },
  {
    file: 'src/labels/stack.sql.ts',
    from: `a.state = 'live' and not s.cancelling as usable`,
    to: `a.state = 'live' as usable`,
    tests: ['test/http/api-labels.test.ts'],
  },
  {
    file: 'src/labels/stack.sql.ts',
    from: `where id = any($1::bigint[]) and handed_out_at is null`,
    to: `where id = any($1::bigint[])`,
    tests: ['test/http/api-labels.test.ts'],
  },
];
