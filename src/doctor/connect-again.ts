/**
 * The command by which a store is connected again, whole: what is given takes the place of what we have, and the store's
 * access token and client id are asked for each time.
 */
export const connectAgain = (storeHash: string): string =>
  `LAHETTI_CONNECT_TOKEN=<access token> npm run lahetti -- connect ${storeHash} --client-id <id>`;

/** The same with another secret of its Posti account, or another account. */
export const connectPostiAgain = (storeHash: string): string =>
  `LAHETTI_CONNECT_POSTI_SECRET=<secret> ${connectAgain(storeHash)} --posti-client-id <id>`;
