/** `npm run mutants:sql -- [<words of a file>]`: puts each mistake of sql.ts into its file, and says which no test notices. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { sqlMutants, type SqlMutant } from './sql.ts';

function isNoticed({ file, from, to, tests }: SqlMutant): boolean {
  const source = readFileSync(file, 'utf8');
  if (source.split(from).length !== 2) throw new Error(`"${from}" does not stand in ${file} exactly once.`);
  writeFileSync(
    file,
    source.replace(from, () => to),
  );
  try {
    return spawnSync('npx', ['vitest', 'run', '--project', 'engines', ...tests], { stdio: 'ignore' }).status !== 0;
  } finally {
    writeFileSync(file, source);
  }
}

const [only] = process.argv.slice(2);
const survivors = sqlMutants
  .filter(({ file }) => only === undefined || file.includes(only))
  .filter((mutant) => {
    const noticed = isNoticed(mutant);
    console.log(`${noticed ? 'noticed' : 'NOT NOTICED'}: ${mutant.file}: ${mutant.from} → ${mutant.to}`);
    return !noticed;
  });
process.exitCode = survivors.length > 0 ? 1 : 0;
