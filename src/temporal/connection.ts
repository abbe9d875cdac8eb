import { Connection } from '@temporalio/client';
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';

export interface EngineConnection {
  readonly connection: Connection;
  readonly namespace: string;
}

export interface EngineAddress {
  /** host:port; of the embedded server, or what TEMPORAL_ADDRESS says. */
  readonly address: string;
  readonly namespace: string;
  /** The embedded server is ours and local: nothing of the environment applies to it. */
  readonly embedded: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * What a client's `Connection` and a worker's `NativeConnection` are opened with. TLS, API key and headers come from the
 * SDK's own variables (TEMPORAL_API_KEY, TEMPORAL_TLS_…, TEMPORAL_GRPC_META_…), as Temporal Cloud documents them. A profile
 * file counts only where TEMPORAL_CONFIG_FILE or TEMPORAL_PROFILE names one: what lies in a person's home folder must not
 * decide where orders run. The address and namespace given here win over those of a profile.
 */
export function connectionOptions(where: EngineAddress): ClientConnectConfig['connectionOptions'] {
  if (where.embedded) return { address: where.address };
  const env = Object.fromEntries(
    Object.entries(where.env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
  const { connectionOptions: options } = loadClientConnectConfig({
    overrideEnvVars: env,
    disableFile: !env['TEMPORAL_CONFIG_FILE'] && !env['TEMPORAL_PROFILE'],
  });
  return { ...withoutUndefined(options), address: where.address };
}

/** Connects at the first call, so that a process starts, and takes hints in, while the engine is down. */
export function openEngineConnection(where: EngineAddress): EngineConnection {
  return { connection: Connection.lazy(connectionOptions(where)), namespace: where.namespace };
}

function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
