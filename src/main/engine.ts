import { searchAttributes } from '../../workflows/contract.ts';
import type { Config } from '../config.ts';
import { openEngineConnection, type EngineConnection } from '../temporal/connection.ts';
import { startEmbeddedTemporal } from '../embedded/embedded-temporal.ts';
import { prepareNamespace } from '../temporal/namespace.ts';
import type { Logger } from '../log.ts';
import { restartEngineEveryMs, type EngineCare } from './ground.ts';

export interface OpenEngine extends EngineConnection {
  readonly address: string;
  readonly embedded: boolean;
  /** Where people look at workflows; null where nobody told us. */
  readonly uiUrl: string | null;
  /** Creates what the namespace needs where it may, and verifies it otherwise. @throws AppError that lists what is missing */
  prepare(): Promise<void>;
  close(): Promise<void>;
}

/** Closed orders are kept this long by the embedded server, as the compose file's namespace does. */
const retentionDays = 30;

/** The Temporal server: embedded where no other is configured. Does not wait for an external one. */
export async function openEngine(
  config: Config,
  log: Logger,
  { restartEveryMs = restartEngineEveryMs }: Pick<EngineCare, 'restartEveryMs'> = {},
): Promise<OpenEngine> {
  const { address: external, namespace, embeddedPort, embeddedUiPort } = config.temporal;
  const embedded =
    external === null
      ? await startEmbeddedTemporal({
          stateDir: config.stateDir,
          env: config.env,
          ...(embeddedPort ? { port: embeddedPort } : {}),
          ...(embeddedUiPort ? { uiPort: embeddedUiPort } : {}),
          ...(restartEveryMs === null ? {} : { restartEveryMs }),
          log,
        })
      : null;
  if (embedded) log.info({ url: embedded.uiUrl }, `Temporal shows orders at ${embedded.uiUrl}`);
  const address = external ?? embedded!.address;
  const open = openEngineConnection({ address, namespace, embedded: embedded !== null, env: config.env });
  return {
    ...open,
    address,
    embedded: embedded !== null,
    uiUrl: embedded?.uiUrl ?? config.temporal.uiUrl,
    prepare: () =>
      prepareNamespace(open.connection, {
        namespace,
        searchAttributes: Object.fromEntries(
          Object.values(searchAttributes).map(({ name }) => [name, 'Keyword'] as const),
        ),
        embedded: embedded !== null,
        retentionDays,
      }),
    async close() {
      await open.connection.close();
      await embedded?.stop();
    },
  };
}
