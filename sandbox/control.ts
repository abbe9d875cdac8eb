import { type ErrorRequestHandler, Router } from 'express';
import { bodyJson } from './body.ts';
import type { SandboxClock } from './clock.ts';
import { faultRoutes, type Faults } from './faults.ts';

/** What both stand-ins' control interfaces have: health, the clock, faults, and emptying the state. */
export function controlRoutes(deps: { clock: SandboxClock; faults: Faults; empty: () => void }): Router {
  const { clock, faults, empty } = deps;
  const router = Router();
  const clockFace = () => ({ now: clock.now().toISOString(), speed: clock.speed });

  router.get('/_control/health', (_req, res) => void res.json({ ok: true }));
  router.get('/_control/clock', (_req, res) => void res.json(clockFace()));
  router.put('/_control/clock', (req, res) => {
    const { speed, advanceMs } = bodyJson(req) as { speed?: number; advanceMs?: number };
    if (speed !== undefined) clock.setSpeed(speed);
    if (advanceMs !== undefined) clock.advance(advanceMs);
    res.json(clockFace());
  });
  router.delete('/_control/state', (_req, res) => {
    faults.remove();
    empty();
    res.status(204).end();
  });
  return router.use(faultRoutes(faults), answerMistake);
}

/** A control call that cannot be meant so is answered `{error}`, in both stand-ins. */
const answerMistake: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (error instanceof RangeError || error instanceof SyntaxError) res.status(400).json({ error: error.message });
  else next(error);
};
