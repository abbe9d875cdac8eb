import type { Engine } from '../temporal/client.ts';
import { findingsOf, type Finding } from './finding.ts';

/** Whether anybody carries orders out: the engine knows who asked it for work in the last minutes. */
export async function examineWorkers(engine: Pick<Engine, 'pollers'>): Promise<Finding> {
  const found = findingsOf('workers', null);
  const pollers = await engine.pollers();
  if (pollers === null) return found.unproven('Not looked at: the engine knows it.');
  const without = [
    ...(pollers.orders === 0 ? ['read orders and tell shops'] : []),
    ...(pollers.posti === 0 ? ['book at Posti'] : []),
  ];
  if (without.length === 0) return found.right('Workers run.');
  return found.wrong(
    'no_worker',
    `No worker runs that would ${without.join(' and ')}.`,
    'Start one: npm start, or npm run worker. Meanwhile webhooks are kept, and nothing is lost.',
  );
}
