import { startSandbox } from './start.ts';

/** The sandbox as a process of its own: one line of JSON on stdout once both stand-ins listen, everything else on stderr. */
const env = process.env;
const number = (text: string | undefined) => (text === undefined || text === '' ? undefined : Number(text));
const speed = number(env.SANDBOX_SPEED);
const { SANDBOX_HOST: host, SANDBOX_NAME: name } = env;

const sandbox = await startSandbox({
  bigCommercePort: number(env.SANDBOX_BIGCOMMERCE_PORT) ?? 0,
  postiPort: number(env.SANDBOX_POSTI_PORT) ?? 0,
  ...(host && { place: { host, name: name ?? host } }),
  ...(env.SANDBOX_STATE_DIR && { stateDir: env.SANDBOX_STATE_DIR }),
  ...(speed !== undefined && { speed }),
  log: (message) => process.stderr.write(`sandbox: ${message}\n`),
});
const { bigcommerce, posti } = sandbox;
process.stdout.write(`${JSON.stringify({ ready: true, bigcommerce, posti })}\n`);

const stop = () => {
  sandbox.close().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`sandbox: ${String(error)}\n`);
      process.exit(1);
    },
  );
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
