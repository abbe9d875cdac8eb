/** Words and versions stay; what could be an id, a hash, a number or a person's does not. */
const plain = /^([a-z_-]+|v\d|\d{4}-\d{2}|\d)$/i;

/** A URL's path as a pattern, without host and query: `/stores/:id/v2/orders/:id`. */
export function routeTemplate(url: string): string {
  const { pathname } = new URL(url);
  const parts = pathname.split('/');
  return parts
    .map((part, i) => (part === '' || (plain.test(part) && parts[i - 1] !== 'stores') ? part : ':id'))
    .join('/');
}
