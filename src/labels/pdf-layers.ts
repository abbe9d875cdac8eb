import { NotMergeable } from './merge-trouble.ts';
import { nameOf, type Found, type PdfFile } from './pdf-file.ts';
import { dictOf, type FoundDict } from './pdf-pages.ts';
import type { PdfReference } from './pdf-syntax.ts';
import { isNull } from './pdf-annotations.ts';

/** The layers of a file (ISO 32000-1, 8.11), and which of them are not shown unless somebody turns them on. */
export interface Layers {
  readonly all: readonly PdfReference[];
  readonly off: ReadonlySet<number>;
  /** Rules by which a viewer turns layers on and off for the screen and the printer, as they stand in the file. */
  readonly rules: readonly Found[];
}

export const noLayers: Layers = { all: [], off: new Set(), rules: [] };

/** @throws NotMergeable where viewers would not agree on what is shown */
export function layersOf(file: PdfFile, catalog: FoundDict): Layers {
  const found = file.follow(catalog.value.entries.get('OCProperties'), catalog.within);
  if (!found || isNull(found.value)) return noLayers;
  const properties = dictOf(found, 'the list of layers');
  const all = referencesIn(file, properties, 'OCGs');
  const shown = file.follow(properties.value.entries.get('D'), properties.within);
  if (!shown) throw new NotMergeable('layers', 'nothing says which are shown');
  const config = dictOf(shown, 'the state of the layers');
  const intent = file.follow(config.value.entries.get('Intent'), config.within)?.value;
  const isForViewing = !intent || isNull(intent) || (intent.kind === 'name' && intent.name === 'View');
  if (!isForViewing) {
    throw new NotMergeable('layers', 'they are not meant for viewing');
  }
  // Some viewers take one of these in the place of the usual one.
  for (const other of valuesIn(file, properties, 'Configs')) {
    if (dictOf(other, 'a state of the layers').value.entries.has('Intent'))
      throw new NotMergeable('layers', 'several states');
  }
  const on = new Set(referencesIn(file, config, 'ON').map(({ number }) => number));
  const off = new Set(referencesIn(file, config, 'OFF').map(({ number }) => number));
  if (nameOf(file, config.value, 'BaseState', config.within) === 'OFF') {
    for (const { number } of all) if (!on.has(number)) off.add(number);
  }
  const known = new Set(all.map(({ number }) => number));
  for (const number of [...on, ...off]) {
    if (!known.has(number)) throw new NotMergeable('layers', 'a layer is not in the list');
  }
  return { all, off, rules: valuesIn(file, config, 'AS') };
}

function valuesIn(file: PdfFile, { value, within }: FoundDict, key: string): Found[] {
  const found = file.follow(value.entries.get(key), within);
  if (!found || isNull(found.value)) return [];
  if (found.value.kind !== 'array') throw new NotMergeable('layers', `${key} is no list`);
  return found.value.items
    .filter((item) => !isNull(item))
    .map((item) => {
      const entry = file.follow(item, found.within);
      if (!entry) throw new NotMergeable('layers', `${key} has a gap`);
      return entry;
    });
}

function referencesIn(file: PdfFile, { value, within }: FoundDict, key: string): PdfReference[] {
  const found = file.follow(value.entries.get(key), within);
  if (!found || isNull(found.value)) return [];
  if (found.value.kind !== 'array') throw new NotMergeable('layers', `${key} is no list`);
  const seen = new Set<number>();
  return found.value.items.flatMap((item) => {
    if (isNull(item)) return [];
    if (item.kind !== 'reference') throw new NotMergeable('layers', `${key} has something else than layers`);
    if (seen.has(item.number)) return [];
    seen.add(item.number);
    return [item];
  });
}
