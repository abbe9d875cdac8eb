import { hostname, tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../../', import.meta.url));
const temporary = new RegExp(`${tmpdir().replaceAll(/[/\\]/g, '.')}.[\\w./-]*`, 'g');

/**
 * A history's JSON without what only the machine that it was recorded on knows: workers and clients call themselves pid@host
 * and name their sticky queues so, and stack traces name the folders that they were made in.
 */
export function withoutHost(json: string): string {
  return JSON.stringify(JSON.parse(json))
    .replaceAll(hostname(), 'host')
    .replaceAll(checkout, '')
    .replaceAll(temporary, '');
}
