import type { Server } from 'node:net';
import { AppError } from './errors.ts';

export interface Place {
  readonly host: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** What a person sets to have another: `HTTP_PORT`, `HTTP_HOST`. */
  readonly variables: { readonly port: string; readonly host: string };
}

/** Listens. @throws AppError `port_in_use`, `port_not_allowed`, `no_such_address`, each with the variable to set */
export function listen(server: Server, { host, port, variables }: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(inWords(error, { host, port, variables })));
    server.listen(port, host, resolve);
  });
}

function inWords(cause: NodeJS.ErrnoException, { host, port, variables }: Place): Error {
  switch (cause.code) {
    case 'EADDRINUSE':
      // Whoever has it may be about to end: an earlier process of ours, for one.
      return new AppError(`Port ${port} of ${host} is in use by another program.`, {
        ...{ kind: 'retryable', code: 'port_in_use', cause },
        advice: `Set ${variables.port} to another one (0 takes any that is free), or end that program.`,
      });
    case 'EACCES':
      return new AppError(`We may not listen at port ${port} of ${host}.`, {
        ...{ kind: 'invalid', code: 'port_not_allowed', cause },
        advice: `Set ${variables.port} to one from 1024 on: those below are for system programs.`,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new AppError(`This machine has no address ${host} to listen at.`, {
        ...{ kind: 'invalid', code: 'no_such_address', cause },
        advice: `Set ${variables.host} to 127.0.0.1, or to 0.0.0.0 for all addresses of the machine.`,
      });
    default:
      return cause;
  }
}
