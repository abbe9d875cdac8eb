/** The only row of an answer. Throws when there is none or more than one: then the statement is wrong, not the data. */
export function one<Row>(rows: readonly Row[]): Row {
  const row = maybeOne(rows);
  if (row === undefined) throw new Error('The statement should have given one row and gave none.');
  return row;
}

/** The only row of an answer, or undefined when there is none. Throws when there is more than one. */
export function maybeOne<Row>(rows: readonly Row[]): Row | undefined {
  if (rows.length > 1) throw new Error(`The statement should have given at most one row and gave ${rows.length}.`);
  return rows[0];
}
