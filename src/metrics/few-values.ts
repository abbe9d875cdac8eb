/**
 * Keeps a label to few values: after `most` different ones, and for what is not a plain name, it says `other`. A series
 * that anybody outside can multiply would fill the memory of whoever reads it.
 */
export function fewValues(most: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= most || !/^[\w :./’-]{1,60}$/.test(value)) return 'other';
    known.add(value);
    return value;
  };
}
