import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process that does nothing: how late its event loop is says what the machine does to all of them. */
export interface IdleProcess {
  /** In milliseconds, since it was last asked. */
  lagP99Ms(): Promise<number>;
  stop(): Promise<void>;
}

const answerLimitMs = 8_000;

export function startIdleProcess(): IdleProcess {
  const program = fileURLToPath(new URL('./idle-program.ts', import.meta.url));
  const child = fork(program, { execArgv: ['--import', 'tsx'] });
  const ended = once(child, 'exit');
  return {
    async lagP99Ms() {
      const answer = once(child, 'message', { signal: AbortSignal.timeout(answerLimitMs) });
      child.send('how late?');
      return ((await answer) as [number])[0];
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
