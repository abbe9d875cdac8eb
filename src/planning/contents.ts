import { contentsLength } from '../carriers/limits.ts';

interface ContentsSettings {
  readonly contents: { readonly from: 'words' | 'products'; readonly words: string };
}

/**
 * What is sent as a parcel's contents, and printed on its label. Posti's first version of the API wants it of every parcel
 * (posti.md 4.3 [V SKRM]). The store's general words, unless it wants the names of the products there: everybody who
 * carries the parcel reads them.
 */
export function contentsOf(productNames: readonly string[], { contents }: ContentsSettings): string {
  if (contents.from === 'words') return contents.words;
  const all = [...new Set(productNames.map((name) => name.trim()).filter((name) => name !== ''))].join(', ');
  if (all === '') return contents.words;
  return all.length <= contentsLength ? all : `${all.slice(0, contentsLength - 1).trimEnd()}…`;
}
