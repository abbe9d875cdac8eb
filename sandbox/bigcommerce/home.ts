import { rfc2822 } from './format.ts';
import type { BigCommerceState, Order, Store } from './model.ts';
import { statusName } from './statuses.ts';

const NEWEST = 15;

/** One screen for people: what this is, and what it holds. */
export function homePage(state: BigCommerceState): string {
  const stores = Object.values(state.stores);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>BigCommerce stand-in</title>
<style>body{font:15px/1.5 system-ui;margin:2rem;max-width:70rem}td,th{text-align:left;padding:.2rem 1rem .2rem 0}</style>
<h1>A BigCommerce stand-in</h1>
<p>It answers on <code>/stores/{hash}/v2/…</code> and <code>/v3/…</code> as BigCommerce would. Nothing here is real.
What it really did: <a href="/_control/books">/_control/books</a>.</p>
${stores.length === 0 ? '<p>It holds no store yet.</p>' : stores.map(storePart).join('\n')}</html>`;
}

function storePart(store: Store): string {
  const orders = Object.values(store.orders);
  const { sent, acknowledged } = store.deliveries;
  const rows = orders.slice(-NEWEST).reverse().map(orderRow).join('\n');
  return `<h2>${escaped(store.name)} (${escaped(store.hash)})</h2>
<p>${orders.length} orders, ${store.hooks.length} webhooks, ${store.requests.total} calls,
${acknowledged} of ${sent} deliveries acknowledged.</p>
<table><tr><th>Order<th>Status<th>Changed<th>To<th>Tracking numbers</tr>${rows}</table>`;
}

function orderRow(order: Order): string {
  const to = order.addresses.map(({ firstName, lastName, city }) => `${firstName} ${lastName}, ${city}`).join('; ');
  const numbers = order.shipments.map(({ trackingNumber }) => trackingNumber).join(', ');
  const cells = [String(order.id), statusName(order.statusId), rfc2822(order.modifiedAt), to, numbers];
  return `<tr>${cells.map((cell) => `<td>${escaped(cell)}`).join('')}</tr>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
