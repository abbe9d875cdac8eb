import { startSandbox } from './start.ts';

/**
 * `npm run sandbox`: the stand-ins for a person who wants to try a system of their own against them. Opens a store and a
 * Posti account, and says what to put into .env. Ports and state stay: a connected store is used at its host alone.
 */
const env = process.env;
const stateDir = env['SANDBOX_STATE_DIR'] || '.lahetti-sandbox';
const ports = {
  bigcommerce: Number(env['SANDBOX_BIGCOMMERCE_PORT'] || 4010),
  posti: Number(env['SANDBOX_POSTI_PORT'] || 4020),
};
const store = {
  hash: 'sandboxshop',
  token: 'sandbox-token',
  clientId: 'sandbox-client',
  clientSecret: 'sandbox-secret',
};
const account = { clientId: 'sandbox-posti', secret: 'sandbox-posti-secret', contract: '600100' };

const sandbox = await startSandbox({
  bigCommercePort: ports.bigcommerce,
  postiPort: ports.posti,
  stateDir,
  ...(env['SANDBOX_SPEED'] && { speed: Number(env['SANDBOX_SPEED']) }),
  log: (message) => process.stderr.write(`sandbox: ${message}\n`),
}).catch((error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error;
  process.stderr.write(
    `Port ${ports.bigcommerce} or ${ports.posti} is in use by another program. Set SANDBOX_BIGCOMMERCE_PORT and SANDBOX_POSTI_PORT to others, or end it.\n`,
  );
  process.exit(69);
});
await post(`${sandbox.bigcommerce}/_control/stores`, { ...store, name: 'Sandbox Shop', weightUnits: 'Grams' });
await post(`${sandbox.posti}/_control/accounts`, {
  ...{ clientId: account.clientId, secret: account.secret, contracts: [account.contract] },
  roles: ['shippingapi', '2025-04', '2026-04'],
});
process.stdout.write(words());

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void sandbox.close().then(() => {
      process.stdout.write(`The stand-ins have ended; what they keep is in ${stateDir}.\n`);
      process.exit(0);
    });
  });
}

async function post(url: string, body: object): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
}

function words(): string {
  const { bigcommerce, posti } = sandbox;
  const sender = { name: 'Sandbox Shop', address1: 'Varastotie 1', postcode: '01300', city: 'Vantaa', country: 'FI' };
  const person = {
    ...{ firstName: 'Aino', lastName: 'Esimerkki', street1: 'Esimerkkitie 1', city: 'Helsinki', zip: '00100' },
    ...{ country: 'Finland', countryIso2: 'FI', phone: '+358401234567', email: 'aino@example.com' },
  };
  const order = {
    billing: person,
    shippingAddresses: [{ ...person, shippingMethod: 'Home delivery' }],
    lines: [{ name: 'Villasukat', sku: 'SUKAT', quantity: 1, weight: 300 }],
  };
  return `The stand-ins run until Ctrl-C. What they did can be looked at:
  BigCommerce   ${bigcommerce}/
  Posti         ${posti}/
  kept in       ${stateDir}

Into .env of a system that is to use them:
  LAHETTI_STATE_DIR=.lahetti-play
  BIGCOMMERCE_API_URL=${bigcommerce}
  POSTI_AUTH_URL=${posti}/auth
  POSTI_GATEWAY_URL=${posti}
  POSTI_TRACKING_URL=${posti}/tracking/7
  POSTI_TRACKING_AUTH_URL=${posti}/oauth/token
  POSTI_LABEL_HOSTS=${new URL(posti).host}
  PUBLIC_URL=http://127.0.0.1:8080

Then, while npm start runs:
  LAHETTI_CONNECT_TOKEN=${store.token} LAHETTI_CONNECT_CLIENT_SECRET=${store.clientSecret} LAHETTI_CONNECT_POSTI_SECRET=${account.secret} \\
    npm run -s lahetti -- connect ${store.hash} --client-id ${store.clientId} --posti-client-id ${account.clientId}
  npm run -s lahetti -- settings set ${store.hash} mode=live \\
    warehouse='${JSON.stringify({ contractNumber: account.contract, sender })}' \\
    services='${JSON.stringify({ 'Home delivery': { service: 'PO2104' } })}'

And an order:
  curl -s -H 'content-type: application/json' -d '${JSON.stringify(order)}' \\
    ${bigcommerce}/_control/stores/${store.hash}/orders
`;
}
