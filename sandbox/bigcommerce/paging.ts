import type { Request } from 'express';
import { invalidField, v2Refusal, v3Refusal } from './refusals.ts';

const MOST_PER_PAGE = 250;
const USUAL_PER_PAGE = 50;

/** One page of a V2 list; more than 250 per page is 413 (bigcommerce.md 2.2). */
export function pageV2<T>(req: Request, items: T[]): T[] {
  const page = wholeNumber(req.query.page, 1);
  const limit = wholeNumber(req.query.limit, USUAL_PER_PAGE);
  if (page === undefined) throw invalidField('page', 'Page must be a number above 0.');
  if (limit === undefined) throw invalidField('limit', 'Limit must be a number above 0.');
  if (limit > MOST_PER_PAGE) throw v2Refusal(413, { message: `The limit is above ${MOST_PER_PAGE}.` });
  return items.slice((page - 1) * limit, page * limit);
}

/** One page of a V3 list with its `meta`; at the ends the links are absent, not null (bigcommerce.md 6.5). */
export function pageV3<T>(req: Request, items: T[]): { data: T[]; meta: unknown } {
  const page = wholeNumber(req.query.page, 1);
  const limit = wholeNumber(req.query.limit, USUAL_PER_PAGE);
  if (page === undefined || limit === undefined)
    throw v3Refusal(422, 'Input is invalid', { page: 'not a number above 0' });
  if (limit > MOST_PER_PAGE) throw v3Refusal(413, `The limit is above ${MOST_PER_PAGE}.`);
  const data = items.slice((page - 1) * limit, page * limit);
  const totalPages = Math.ceil(items.length / limit);
  const link = (n: number) => `?page=${n}&limit=${limit}`;
  const links = {
    ...(page > 1 && { previous: link(page - 1) }),
    current: link(page),
    ...(page < totalPages && { next: link(page + 1) }),
  };
  const counts = { total: items.length, count: data.length, per_page: limit, current_page: page };
  return { data, meta: { pagination: { ...counts, total_pages: totalPages, links } } };
}

function wholeNumber(value: unknown, fallback: number): number | undefined {
  if (value === undefined) return fallback;
  const number = Number(value);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
