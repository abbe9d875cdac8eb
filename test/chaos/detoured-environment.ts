import type { Env } from '../../harness/topology.ts';
import { detourNames, openDetour, type Detour, type DetourName } from './detours.ts';

/** API and workers reach everybody through a proxy; the stand-ins, the harness and its people go the plain way. */
export async function throughDetours(env: Env, detours: Map<DetourName, Detour>): Promise<Env> {
  const ports: Record<DetourName, number> = {
    database: portOf(env.DATABASE_URL),
    engine: portOf(`http://${env.TEMPORAL_ADDRESS ?? ''}`),
    bigcommerce: portOf(env.BIGCOMMERCE_API_URL),
    posti: portOf(env.POSTI_GATEWAY_URL),
  };
  for (const name of detourNames) detours.set(name, await openDetour(ports[name]));
  const moved = (text: string | undefined, name: DetourName) =>
    text?.replace(`:${ports[name]}`, `:${detours.get(name)?.port ?? 0}`);
  return {
    ...env,
    DATABASE_URL: moved(env.DATABASE_URL, 'database'),
    TEMPORAL_ADDRESS: moved(env.TEMPORAL_ADDRESS, 'engine'),
    BIGCOMMERCE_API_URL: moved(env.BIGCOMMERCE_API_URL, 'bigcommerce'),
    POSTI_AUTH_URL: moved(env.POSTI_AUTH_URL, 'posti'),
    POSTI_GATEWAY_URL: moved(env.POSTI_GATEWAY_URL, 'posti'),
    POSTI_TRACKING_URL: moved(env.POSTI_TRACKING_URL, 'posti'),
    POSTI_TRACKING_AUTH_URL: moved(env.POSTI_TRACKING_AUTH_URL, 'posti'),
    // Links to labels may name either.
    POSTI_LABEL_HOSTS: `${env.POSTI_LABEL_HOSTS ?? ''},${moved(env.POSTI_LABEL_HOSTS, 'posti') ?? ''}`,
  };
}

const portOf = (url: string | undefined): number => Number(new URL(url ?? '').port);
