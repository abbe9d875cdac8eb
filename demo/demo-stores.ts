import { connectStore } from '../src/stores/connect.ts';
import type { Store } from '../src/stores/store.ts';
import type { Parts } from '../src/main/parts.ts';
import type { DemoMemory } from './memory.ts';
import type { Posti } from './posti.ts';
import { abroadToAPoint, inTheMailbox, toAPickupPoint, toTheDoor, withAWrongAddon } from './scenarios/places.ts';
import type { Shop } from './shop.ts';

/**
 * What a shop of the demo is like: the usual two take turns, one only observes, two are told of shipments later, and one
 * ships from two places.
 */
export type StoreKind = 'live' | 'observing' | 'told at the first scan' | 'told when printed' | 'two warehouses';

/** A shop of the demo. All of them send by one account with Posti, and by one contract but for the second warehouse. */
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
  const account = { clientId: 'lahetti-demo', clientSecret: `${memory.secret}posti` };
  await posti.openAccount({
    clientId: account.clientId,
    secret: account.clientSecret,
    contracts: [contract, secondWarehouse.contract],
  });
  await posti.prepareParcels();

  const connected: Store[] = [];
  for (const demoStore of demoStores) {
    const { hash, name } = demoStore;
    const token = `${memory.secret}token${hash}`;
    const [clientId, clientSecret] = [`client-${hash}`, `${memory.secret}client${hash}`];
    await shop.openStore({ hash, name, token, clientId, clientSecret });
    const isKnown = (await parts.stores.list()).some(({ storeHash }) => storeHash === hash);
    const { store } = await connectStore(
      {
        storeHash: hash,
        name,
        clientId,
        clientSecret,
        accessToken: token,
        webhookSecret: `${memory.secret}hook${hash}`,
        posti: { ...account, gatewaySecret: null },
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

const settingsOf = ({ name, kind, labelSize }: DemoStore) => ({
  mode: kind === 'observing' ? 'observe' : 'live',
  labelSize,
  warehouses: [
    {
      code: 'vantaa',
      contractNumber: contract,
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
  ...(kind === 'told at the first scan' ? { writeBack: { moment: 'first_scan' } } : {}),
  ...(kind === 'told when printed' ? { writeBack: { moment: 'printed', severalParcels: 'record_per_parcel' } } : {}),
  requireSignedWebhooks: true,
});
