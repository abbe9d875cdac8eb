import { expect, test } from 'vitest';
import { firstOfConnections, freePorts } from '../../src/embedded/free-port.ts';

test('free ports are different ones, and none that an outgoing connection could take before somebody listens there', async () => {
  const ports = await freePorts(50);
  expect(new Set(ports).size).toBe(50);
  expect(ports.filter((port) => port >= firstOfConnections())).toEqual([]);
});
