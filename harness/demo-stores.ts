import { connectStore } from '../src/stores/connect.ts';
import type { Store } from '../src/stores/store.ts';
import type { Parts } from '../src/main/parts.ts';
import type { DemoMemory } from './memory.ts';
import type { Posti } from './posti.ts';
import { abroadToAPoint, inTheMailbox, toAPickupPoint, toTheDoor, withAWrongAddon } from './scenarios/places.ts';
import type { Shop } from './shop.ts';

/**
 * What a shop of the demo is like: the usual two take turns, one only observes, two are told of shipments later, one ships
 * from two places, one weighs in kilograms at first and has an app at its checkout, and one has an account with Posti of its
 * own, whose secret was mistyped. What is changed for a whole shop is changed once, and for good: its orders don't come into
 * each other's way, and those that come later end as the first.
 */
export type StoreKind =
  | 'live'
  | 'observing'
  | 'told at the first scan'
  | 'told when printed'
  | 'two warehouses'
  | 'in kilograms'
  | 'own account';

/** A shop of the demo. All but one send by one account with Posti, and by one contract but for the second warehouse. */
export interface DemoStore {
  readonly hash: string;
  readonly name: string;
  readonly kind: StoreKind;
  readonly labelSize: 'A5' | '107x225';
}

export const demoStores: readonly DemoStore[] = [
  { hash: 'demolanka', name: 'Lanka ja Lapanen', kind: 'live', labelSize: 'A5' },
  { hash: 'demopata', name: 'Padan Paikka', kind: 'live', labelSize: '107x225' },
  { hash: 'demokurkkaus', name: 'Kurkkaus (observed)', kind: 'observing', labelSize: 'A5' },
  { hash: 'demolahja', name: 'Lahjapaja', kind: 'told at the first scan', labelSize: 'A5' },
  { hash: 'demokirja', name: 'Kirjakorpi', kind: 'told when printed', labelSize: 'A5' },
  { hash: 'demovarastot', name: 'Kaksi Varastoa', kind: 'two warehouses', labelSize: 'A5' },
  { hash: 'demomitta', name: 'Mitta ja Paino', kind: 'in kilograms', labelSize: 'A5' },
  { hash: 'demosopimus', name: 'Oma Sopimus', kind: 'own account', labelSize: 'A5' },
];

/** The same with so many of the usual shops, for a load that two of them have no quota for. */
export function demoStoresWith(live: number): readonly DemoStore[] {
  const usual = demoStores.filter(({ kind }) => kind === 'live');
  const more = Array.from({ length: Math.max(0, live - usual.length) }, (_, i): DemoStore => {
    const like = usual[i % usual.length]!;
    return { ...like, hash: `${like.hash}${i + 1}`, name: `${like.name} ${i + 1}` };
  });
  return [...demoStores, ...more];
}

const contract = '600100';
/** Of the shop with two warehouses: what an order's form field calls the second one, and the storefront that observes. */
export const secondWarehouse = { code: 'turku', field: 'Varasto', contract: '600200' };
export const observingStorefront = 2;
/** Where the checkout app of the shop in kilograms writes the pickup point that was chosen. */
export const pointField = { namespace: 'checkout_app', key: 'pickup_point' };
const ownContract = '600300';

export interface ConnectDeps {
  readonly shop: Shop;
  readonly posti: Posti;
  readonly parts: Pick<Parts, 'stores' | 'bigcommerce'>;
  /** Where the stand-in shop reaches our API; null where it cannot. */
  readonly publicUrl: string | null;
  readonly memory: Pick<DemoMemory, 'secret'>;
  readonly demoStores: readonly DemoStore[];
}

/** Opens the stores at the stand-ins and connects them as a person would: again at each start, which mends their hooks. */
export async function connectDemoStores(deps: ConnectDeps): Promise<Store[]> {
  const { shop, posti, parts, publicUrl, memory, demoStores } = deps;
  for (const kind of ['live', 'own account'] as const) {
    const { clientId, clientSecret } = accountOf(kind, memory);
    const contracts = kind === 'own account' ? [ownContract] : [contract, secondWarehouse.contract];
    await posti.openAccount({ clientId, secret: clientSecret, contracts });
  }
  await posti.prepareParcels();

  const connected: Store[] = [];
  for (const demoStore of demoStores) {
    const connection = connectionOf(demoStore, memory);
    const { storeHash, name, accessToken: token, clientId, clientSecret, posti: account } = connection;
    const isKnown = (await parts.stores.list()).some((store) => store.storeHash === storeHash);
    const weighs = demoStore.kind === 'in kilograms' && !isKnown ? ({ weightUnits: 'KGS' } as const) : {};
    await shop.openStore({ hash: storeHash, name, token, clientId, clientSecret, ...weighs });
    const isMistyped = demoStore.kind === 'own account' && !isKnown;
    const { store } = await connectStore(
      {
        ...connection,
        posti: { ...account, ...(isMistyped ? { clientSecret: `${account.clientSecret}mistyped` } : {}) },
        // What was changed by hand since the first start is left as it is.
        ...(isKnown ? {} : { settings: settingsOf(demoStore) }),
        who: 'demo',
      },
      { api: parts.bigcommerce, stores: parts.stores, publicUrl },
    );
    connected.push(store);
  }
  return connected;
}

/** All that somebody types who connects it, as it is right. */
export function connectionOf({ hash, name, kind }: DemoStore, memory: Pick<DemoMemory, 'secret'>) {
  return {
    storeHash: hash,
    name,
    clientId: `client-${hash}`,
    clientSecret: `${memory.secret}client${hash}`,
    accessToken: `${memory.secret}token${hash}`,
    webhookSecret: `${memory.secret}hook${hash}`,
    posti: { ...accountOf(kind, memory), gatewaySecret: null },
  };
}

const accountOf = (kind: StoreKind, { secret }: Pick<DemoMemory, 'secret'>) =>
  kind === 'own account'
    ? { clientId: 'lahetti-demo-own', clientSecret: `${secret}own` }
    : { clientId: 'lahetti-demo', clientSecret: `${secret}posti` };

const settingsOf = ({ name, kind, labelSize }: DemoStore) => ({
  mode: kind === 'observing' ? 'observe' : 'live',
  labelSize,
  warehouses: [
    {
      code: 'vantaa',
      contractNumber: kind === 'own account' ? ownContract : contract,
      sender: { name, address1: 'Varastotie 1', postcode: '01300', city: 'Vantaa', country: 'FI' },
    },
    ...(kind === 'two warehouses'
      ? [
          {
            code: secondWarehouse.code,
            contractNumber: secondWarehouse.contract,
            sender: { name, address1: 'Satamakuja 3', postcode: '20100', city: 'Turku', country: 'FI' },
            labelSize: '107x225',
          },
        ]
      : []),
  ],
  ...(kind === 'two warehouses'
    ? {
        warehouseChoice: { formFields: [secondWarehouse.field] },
        storefronts: { [observingStorefront]: { mode: 'observe' } },
      }
    : {}),
  services: {
    [toTheDoor]: { service: 'PO2104' },
    [toAPickupPoint]: { service: 'PO2103' },
    [inTheMailbox]: { service: 'PO2461' },
    [abroadToAPoint]: { service: 'PO2351' },
    [withAWrongAddon]: { service: 'PO2104', addons: ['NOBOX'] },
  },
  // The usual shops have a tax border number and papers of their own for Åland; the others are asked.
  ...(kind === 'live' ? { customs: { papersElsewhere: ['aland'] } } : {}),
  ...(kind === 'in kilograms' ? { pickupPoint: { metafield: pointField } } : {}),
  ...(kind === 'told at the first scan' ? { writeBack: { moment: 'first_scan' } } : {}),
  ...(kind === 'told when printed' ? { writeBack: { moment: 'printed', severalParcels: 'record_per_parcel' } } : {}),
  requireSignedWebhooks: true,
});
