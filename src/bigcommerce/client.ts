import { z } from 'zod';
import type { Call } from '../exchanges/exchange.ts';
import { isAppError } from '../errors.ts';
import type { BigCommerceApi, StoreConnection } from './api.ts';
import { allPages, getOrder, listOrders, toSeconds } from './orders.ts';
import { createRequests, outOfStep, type BigCommerceDeps } from './requests.ts';
import { orderHead, shippingQuotes } from './wire-order.ts';
import {
  envelope,
  hook,
  hooksAdmin,
  metafield,
  ordersMetafield,
  orderStatus,
  shipment,
  storeInformation,
  time,
} from './wire-records.ts';

/**
 * A client for all stores: the connection comes with each call. It is made incapable of `DELETE /v2/orders` and of
 * deleting all shipments of an order, which are one forgotten id away in this API (bigcommerce.md 9, 26).
 */
export function createBigCommerce(deps: BigCommerceDeps): BigCommerceApi {
  const requests = createRequests(deps);

  const get = (store: StoreConnection, purpose: string, path: string, call: Call) =>
    ({ method: 'GET', purpose, store, path, call }) as const;
  const post = (store: StoreConnection, purpose: string, path: string, body: unknown, call: Call) =>
    ({ method: 'POST', purpose, store, path, body, call }) as const;
  const put = (store: StoreConnection, purpose: string, path: string, body: unknown, call: Call) =>
    ({ method: 'PUT', purpose, store, path, body, call }) as const;

  /** Deletes one thing; that it is gone already is what was wanted. */
  async function deleteOne(store: StoreConnection, purpose: string, list: string, itemId: number, call: Call) {
    const path = `${list}/${id(itemId)}`;
    try {
      await requests.done({ method: 'DELETE', purpose, store, path, call });
    } catch (error) {
      if (!isAppError(error) || error.kind !== 'not_found') throw error;
    }
  }

  return {
    async getTime(store, call) {
      const answer = await requests.read(get(store, 'read the shop’s clock', '/v2/time', call), time);
      return new Date(answer.time * 1000);
    },
    getStore: (store, call) => requests.read(get(store, 'read store information', '/v2/store', call), storeInformation),
    getOrderStatuses: (store, call) =>
      requests.readList(get(store, 'list order statuses', '/v2/order_statuses', call), orderStatus),

    getOrder: (store, orderId, call) => getOrder(requests, store, id(orderId), call),
    async listShippingQuotes(store, orderId, addressId, call) {
      // The link within an order's address answers nothing; this path does (bigcommerce.md 0.4, 6).
      const path = `/v2/orders/${id(orderId)}/shipping_addresses/${id(addressId)}/shipping_quotes`;
      try {
        return await requests.readOr([], get(store, 'read chosen rates', path, call), shippingQuotes);
      } catch (error) {
        // The address is gone meanwhile: the next look sees that.
        if (isAppError(error) && error.kind === 'not_found') return [];
        throw error;
      }
    },
    listOrders: (store, query, call) => listOrders(requests, store, query, call),
    setOrderStatus: (store, orderId, statusId, call) =>
      requests.read(
        put(store, 'set order status', `/v2/orders/${id(orderId)}`, { status_id: statusId }, call),
        orderHead,
      ),

    listShipments: (store, orderId, call) =>
      allPages((page) =>
        requests.readList(
          get(store, 'list shipments', `/v2/orders/${id(orderId)}/shipments?page=${page}&limit=250`, call),
          shipmentOf(orderId),
        ),
      ),
    createShipment: (store, orderId, draft, call) =>
      requests.read(
        // Without this key the shop makes it `custom` and mails no tracking link (bigcommerce.md 3.2).
        post(
          store,
          'create shipment',
          `/v2/orders/${id(orderId)}/shipments`,
          { shipping_provider: '', ...draft },
          call,
        ),
        shipmentOf(orderId),
      ),
    updateShipment: (store, orderId, shipmentId, change, call) =>
      requests.read(
        put(store, 'update shipment', `/v2/orders/${id(orderId)}/shipments/${id(shipmentId)}`, change, call),
        shipmentOf(orderId),
      ),
    deleteShipment: (store, orderId, shipmentId, call) =>
      deleteOne(store, 'delete shipment', `/v2/orders/${id(orderId)}/shipments`, shipmentId, call),

    listMetafields: (store, orderId, query, call) =>
      allPages(async (page) => {
        const parameters = new URLSearchParams({ page: String(page), limit: '250', ...query });
        const path = `/v3/orders/${id(orderId)}/metafields?${parameters.toString()}`;
        return (await requests.read(get(store, 'list metafields', path, call), envelope(z.array(metafield)))).data;
      }),
    async listMetafieldsOfOrders(store, { namespaces, keys, modifiedSince, page, limit }, call) {
      const parameters = new URLSearchParams({
        'namespace:in': namespaces.join(','),
        'key:in': keys.join(','),
        'date_modified:min': toSeconds(modifiedSince),
        page: String(page),
        limit: String(limit),
      });
      const path = `/v3/orders/metafields?${parameters.toString()}`;
      const asked = get(store, 'list metafields of all orders', path, call);
      const { data } = await requests.read(asked, envelope(z.array(ordersMetafield)));
      return { fields: data.filter((field) => field !== null), full: data.length >= limit };
    },
    async createMetafield(store, orderId, draft, call) {
      const path = `/v3/orders/${id(orderId)}/metafields`;
      return (await requests.read(post(store, 'create metafield', path, draft, call), envelope(metafield))).data;
    },
    async updateMetafield(store, orderId, metafieldId, change, call) {
      const path = `/v3/orders/${id(orderId)}/metafields/${id(metafieldId)}`;
      return (await requests.read(put(store, 'update metafield', path, change, call), envelope(metafield))).data;
    },
    deleteMetafield: (store, orderId, metafieldId, call) =>
      deleteOne(store, 'delete metafield', `/v3/orders/${id(orderId)}/metafields`, metafieldId, call),

    listHooks: (store, call) =>
      allPages(async (page) => {
        const path = `/v3/hooks?page=${page}&limit=250`;
        return (await requests.read(get(store, 'list webhooks', path, call), envelope(z.array(hook)))).data;
      }),
    async listBlockedDomains(store, call) {
      const asked = get(store, 'list blocked domains', '/v3/hooks/admin', call);
      return (await requests.read(asked, envelope(hooksAdmin))).data.blocked_domains;
    },
    async createHook(store, draft, call) {
      return (await requests.read(post(store, 'create webhook', '/v3/hooks', draft, call), envelope(hook))).data;
    },
    async updateHook(store, hookId, change, call) {
      const path = `/v3/hooks/${id(hookId)}`;
      return (await requests.read(put(store, 'update webhook', path, change, call), envelope(hook))).data;
    },
    deleteHook: (store, hookId, call) => deleteOne(store, 'delete webhook', '/v3/hooks', hookId, call),

    quota: (storeHash) => requests.quota(storeHash),
  };
}

/** An answer about another order is none: see getOrder. */
const shipmentOf = (orderId: number) =>
  shipment.refine(({ order_id: of }) => of === orderId, { path: ['order_id'], ...outOfStep });

/** Never lets an empty, zero or broken id into a path, where it would mean "all of them". */
function id(value: number): number {
  if (!Number.isSafeInteger(value) || value <= 0) throw new TypeError(`Not an id of BigCommerce: ${value}`);
  return value;
}
