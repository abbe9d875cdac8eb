/** `npm run bench -- [--only NAME …] [--quick] [--rounds N] [--built] [--out FILE]`: what docs/performance.md quotes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench, Finding } from './figure.ts';
import { figures } from './figures.ts';
import { stopAskedBySignal } from '../test/support/stop-asked.ts';
import { describeMachine } from './machine.ts';
import { tableOf } from './table.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    built: { type: 'boolean', default: false },
    out: { type: 'string', default: 'bench/results/latest.json' },
  },
});
const unknown = values.only?.filter((name) => !figures.some((figure) => figure.name === name)) ?? [];
if (unknown.length > 0) {
  process.stderr.write(
    `No figure is named ${unknown.join(', ')}. There are: ${figures.map((f) => f.name).join(', ')}.\n`,
  );
  process.exit(64);
}

const say = (words: string): void => void process.stderr.write(`  ${words}\n`);
const stopAsked = stopAskedBySignal();
const bench: Bench = {
  stopAsked,
  ...{ quick: values.quick, rounds: Number(values.rounds ?? (values.quick ? 2 : 5)), say },
  ...(values.built ? { programs: { api: 'dist/src/main/api.js', worker: 'dist/src/main/worker.js' } } : {}),
};

const machine = describeMachine();
const found: { name: string; title: string; finding: Finding | { failure: string } }[] = [];
let worst = 0;
for (const figure of figures.filter(({ name }) => !values.only || values.only.includes(name))) {
  if (stopAsked.aborted) break;
  process.stderr.write(`${figure.title} …\n`);
  try {
    const finding = await figure.measure(bench);
    found.push({ name: figure.name, title: figure.title, finding });
    process.stdout.write(`${tableOf(figure, finding)}\n`);
  } catch (error) {
    const failure = error instanceof Error ? error.message : 'unknown';
    found.push({ name: figure.name, title: figure.title, finding: { failure } });
    process.stdout.write(`### ${figure.title}\n\nNot measured: ${failure}\n\n`);
    worst = 1;
  }
}
// Half of the figures must not take the place of all of them.
if (stopAsked.aborted) process.exit(1);
mkdirSync(dirname(values.out), { recursive: true });
const { quick, rounds } = bench;
writeFileSync(
  values.out,
  `${JSON.stringify({ machine, quick, rounds, built: values.built, figures: found }, null, 2)}\n`,
);
say(`${values.quick ? 'A smoke run, and no measurement. ' : ''}All of it is in ${values.out}.`);
process.exit(worst);
