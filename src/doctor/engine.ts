import type { Engine } from '../temporal/client.ts';
import { findingsOf, type Finding } from './finding.ts';

/** Whether the engine (Temporal) answers, and knows our namespace. */
export async function examineEngine(engine: Pick<Engine, 'health'>): Promise<Finding> {
  const found = findingsOf('engine', null);
  const { ok, tookMs, problem } = await engine.health();
  if (ok) return found.right(`The engine (Temporal) answers within ${tookMs} ms.`);
  if (problem !== null && /namespace .*not found/i.test(problem)) {
    return found.wrong(
      'engine_namespace_missing',
      'The engine (Temporal) answers, but does not have our namespace.',
      'Make it (temporal operator namespace create), or correct TEMPORAL_NAMESPACE.',
    );
  }
  if (problem !== null && /unauthenticated|permission.?denied|unauthorized/i.test(problem)) {
    return found.wrong(
      'engine_refuses_us',
      'The engine (Temporal) does not let us in.',
      'Check TEMPORAL_API_KEY or the TEMPORAL_TLS_… variables, and that they are of this namespace.',
    );
  }
  return found.wrong(
    'engine_away',
    `The engine (Temporal) does not answer: ${problem ?? 'no reason given'}.`,
    'Start it, or correct TEMPORAL_ADDRESS; meanwhile webhooks are kept, and nothing is booked.',
  );
}
