import { expect, test } from 'vitest';
import { createTokenHosts } from '../../src/carriers/posti/token-hosts.ts';

const hosts = createTokenHosts(
  ['https://gateway-auth.posti.fi/api/v1/token', 'https://192.0.2.1/x', 'https://proxy.example.co.uk/posti'],
  ['sandbox:80'],
);

test.each(['https://gateway-auth.posti.fi/other', 'https://gateway2.posti.fi/2026-04', 'https://192.0.2.1/y'])(
  'a token may be sent to %s: configured, or in the same domain of Posti',
  (url) => expect(() => hosts.expect(url)).not.toThrow(),
);

test.each([
  'https://posti.fi.example.com/2026-04',
  'https://gateway.evilposti.fi/2026-04',
  'https://gateway.example/2026-04',
  'https://another.example.co.uk/posti',
  'https://gateway.posti.com/2026-04',
  'https://gateway2.posti.fi:8443/2026-04',
  'https://192.0.3.1/x',
  'http://gateway-auth.posti.fi/2026-04',
  'http://gateway2.posti.fi/2026-04',
  'http://127.0.0.1:9/2026-04',
])('a token is not sent to %s', (url) => expect(() => hosts.expect(url)).toThrow('our token is not sent there'));
