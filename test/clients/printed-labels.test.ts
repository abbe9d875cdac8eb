import { PDF } from '@libpdf/core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/start.ts';
import type { LabelSize } from '../../src/carriers/port.ts';
import { knownLabelFacts, type LabelFacts } from '../../src/carriers/label-facts.ts';
import { toParty } from '../../src/booking/party.ts';
import { createHttpSender } from '../../src/http-client/sender.ts';
import type { Address } from '../../src/orders/order.ts';
import { createPostiCarrier } from '../../src/carriers/posti/carrier.ts';
import { control } from './control.ts';

/** What stands on a label, by the stand-in's PDF: from an address of the shop through our rules and client. */

const sender = createHttpSender();
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let serial = 0;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.close();
  await sender.close();
});
afterEach(() => labels({ contact: false, state: false, longLines: 'cut' }));

const labels = (habits: object) => control(sandbox.posti, 'PUT', '/labels', habits);

const home: Address = {
  ...{ firstName: 'Aino', lastName: 'Esimerkki', company: null, street1: 'Keksitty katu 1', street2: null },
  ...{ city: 'Helsinki', state: null, postcode: '00100', country: 'FI' },
  ...{ phone: '040 123 4567', email: 'aino@example.com', formFields: {} },
};

interface Wanted {
  readonly address: Partial<Address>;
  readonly size?: LabelSize;
  readonly point?: string;
  readonly service?: string;
  readonly label?: LabelFacts;
}

async function printed({ address, size = 'A5', point, service = 'PO2103', label }: Wanted): Promise<string> {
  const party = toParty({ ...home, ...address }, null, {
    labelSize: size,
    toPickupPoint: point !== undefined,
    ...(label ? { label } : {}),
  });
  if ('problems' in party) throw new Error(JSON.stringify(party.problems));
  const carrier = createPostiCarrier({
    account: { id: 'posti-1', clientId: 'sandbox', clientSecret: 'sandbox-secret' },
    urls: { auth: `${sandbox.posti}/auth/api/v1/token`, tracking: `${sandbox.posti}/tracking/7` },
    labelHosts: [new URL(sandbox.posti).host],
    userAgent: 'lahetti-test',
    sender,
    log: () => {},
    clock: { now: () => new Date() },
  });
  const answer = await carrier.book(
    {
      ...{ reference: `1-200-1-${++serial}`, contractNumber: '654321', service, addons: [] },
      sender: {
        ...party.party,
        name: 'Kauppa Oy',
        address1: 'Varastokatu 2',
        address2: null,
        country: 'FI',
        postcode: '00200',
      },
      receiver: party.party,
      pickupPointId: point ?? null,
      parcels: [{ weightGrams: 500, contents: 'Tavaraa / Goods' }],
      labelSize: size,
      freeText: null,
    },
    { about: {} },
  );
  if (answer.outcome !== 'created') throw new Error(JSON.stringify(answer));
  const pdf = await PDF.load(answer.labels[0]!.pdf!);
  return pdf.getPages()[0]!.extractText().text.replaceAll(/\s+/g, ' ');
}

const osuuskunta = 'Keksittyjen Tarvikkeiden Osuuskunta';

describe('a label names', () => {
  test.each<[string, Wanted, string[]]>([
    [
      'company, person and street',
      { address: { company: 'Keksi Oy' } },
      ['Keksi Oy', 'Aino Esimerkki', 'Keksitty katu 1'],
    ],
    [
      'a company that fills its line, and the person',
      { address: { company: osuuskunta, street2: 'C 34' } },
      [osuuskunta, 'Aino Esimerkki', 'Keksitty katu 1', 'C 34'],
    ],
    [
      'both on a thermal label',
      { address: { company: 'Keksittyjen Osuus' }, size: '107x225' },
      ['Keksittyjen Osuus', 'Aino Esimerkki', 'Keksitty katu 1'],
    ],
    [
      'both on a parcel to a pickup point',
      { address: { company: 'Keksi Oy' }, point: '001003230' },
      ['Keksi Oy', 'Aino Esimerkki'],
    ],
    [
      'the c/o line',
      { address: { street1: 'c/o Kuvitelma', street2: 'Keksitty katu 1' } },
      ['c/o Kuvitelma', 'Keksitty katu 1'],
    ],
    [
      'a surname at the end of a long name',
      { address: { firstName: 'Maximiliana Aleksandra Wilhelmiina', lastName: 'Kuvitteellinen' } },
      ['Maximiliana A. W. Kuvitteellinen'],
    ],
    [
      'a street of 24 characters on a thermal label',
      { address: { street1: 'Keksittyjenkatu 112 B 45' }, size: '107x225' },
      ['Keksittyjenkatu 112 B 45'],
    ],
    [
      'the state',
      { address: { city: 'Toronto', state: 'Ontario', country: 'CA', postcode: 'M5H 2N2' }, service: 'ITPR' },
      ['Toronto, ON'],
    ],
    ['what an HTML entity stands for', { address: { street1: 'Mets&auml;katu 1' } }, ['Metsäkatu 1']],
    ['the contents', { address: {} }, ['Tavaraa / Goods']],
  ])('a printed label names %s', async (_name, wanted, texts) => {
    const text = await printed(wanted);
    for (const each of texts) expect(text).toContain(each);
  });

  test('a printed label names the person in the contact line, where Posti prints it and the store says so', async () => {
    await labels({ contact: true });
    const text = await printed({
      address: { company: osuuskunta, street1: 'Keksityn Kaupungin Keskimmäinen', street2: 'katu 1 B 45' },
      label: { ...knownLabelFacts, contact: true },
    });
    for (const each of [osuuskunta, 'Aino Esimerkki', 'katu 1 B 45']) expect(text).toContain(each);
  });
});
