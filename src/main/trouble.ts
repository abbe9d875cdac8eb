import { databaseNotOpened } from '../doctor/database.ts';
import { examineEngine } from '../doctor/engine.ts';
import type { Engine } from '../temporal/client.ts';
import type { Trouble } from './until-reached.ts';

/**
 * What an error of opening or migrating the database says of reaching it; null where it says nothing of that.
 * @param url its host and port are told; empty where they are not at hand
 */
export const databaseTrouble =
  (url: string) =>
  (error: unknown): Trouble | null => {
    if (!isOfReaching(error)) return null;
    const { code, words, advice } = databaseNotOpened(error);
    const why = /\(\w+\)/.exec(words)?.[0] ?? '';
    const passes = ['database_away', 'database_host_unknown', 'database_full'].includes(code ?? '');
    return {
      ...{ code: code ?? 'database_away', advice: advice ?? '', passes },
      words: passes ? `PostgreSQL${placeOf(url)} does not answer${why && ` ${why}`}.` : words,
    };
  };

/** Errnos; SQLSTATEs of connecting, of log-ins, of rights and of a server that starts or stops; the driver's own timeouts. */
function isOfReaching(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  // Not ENOENT: a file of ours that is missing is no trouble of the database's.
  if (typeof code === 'string') {
    return /^(08|28|3D000|42501|53|57P|ECONN|EHOST|ENET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)/.test(code);
  }
  return /timeout exceeded when trying to connect|Connection terminated/.test(error.message);
}

/** Without user, password and name. */
function placeOf(url: string): string {
  const host = URL.canParse(url) ? new URL(url).host : '';
  return host === '' ? '' : ` at ${host}`;
}

/** The engine did not answer, in its own words; read by {@link engineTrouble}. */
class EngineAway extends Error {}

/** Asks whether the engine is there. Whatever else is wrong with it, preparing its namespace says so, with fewer rights. */
export async function expectEngine(engine: Pick<Engine, 'health'>): Promise<void> {
  const health = await engine.health();
  const { code } = await examineEngine({ health: () => Promise.resolve(health) });
  if (code === 'engine_away') throw new EngineAway(health.problem ?? '');
}

/** @param address host:port */
export const engineTrouble =
  (address: string) =>
  (error: unknown): Trouble | null => {
    if (!(error instanceof EngineAway)) return null;
    // gRPC's number and name, of a text that goes on for lines.
    const why = /^\d+ [A-Z_]+/.exec(error.message)?.[0];
    return {
      code: 'engine_away',
      words: `The engine (Temporal) at ${address} does not answer${why ? ` (${why})` : ''}.`,
      advice:
        'Start it, or correct TEMPORAL_ADDRESS. An API takes webhooks and commands in without it; a worker can do nothing.',
      passes: true,
    };
  };
