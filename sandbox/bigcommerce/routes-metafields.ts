import { Router, type Request, type Response } from 'express';
import { bodyJson } from '../body.ts';
import type { Changes } from './changes.ts';
import { iso } from './format.ts';
import { callerOf, deleted, needs } from './gate.ts';
import { orderOf } from './lookup.ts';
import type { Metafield, Order, Store } from './model.ts';
import { pageV3 } from './paging.ts';
import { v3NotFound, v3Refusal } from './refusals.ts';

const permissionSets = ['app_only', 'read', 'write', 'read_and_sf_access', 'write_and_sf_access'];
const lengths = { namespace: [1, 64], key: [1, 64], value: [1, 65_535], description: [0, 255] } as const;
const MOST_PER_ORDER_AND_CLIENT = 250;

export type MetafieldChange = 'created' | 'updated' | 'deleted';

/** The hook names the order as text, and a namespace, which the documentation's example lacks (bigcommerce.md 4.2). */
export function tellOfMetafield(
  changes: Changes,
  store: Store,
  what: MetafieldChange,
  order: Order,
  { id, namespace }: Metafield,
): void {
  changes.tell(store, `store/order/metafield/${what}`, {
    metafield_id: id,
    resource_id: String(order.id),
    namespace,
  });
}

export function newMetafield(store: Store, ownerClientId: string, fields: Partial<Metafield>): Metafield {
  const now = Date.now();
  const blank = { permissionSet: '', namespace: '', key: '', value: '', description: '' };
  return { id: ++store.lastId.metafield, ownerClientId, ...blank, ...fields, createdAt: now, modifiedAt: now };
}

/** Order metafields (bigcommerce.md 8). */
export function metafieldRoutes(deps: { changes: Changes }): Router {
  const { changes } = deps;
  const router = Router({ mergeParams: true });
  router.use('/orders', needs('store_v2_orders'));

  const tell = (res: Response, what: MetafieldChange, order: Order, field: Metafield) =>
    tellOfMetafield(changes, callerOf(res).store, what, order, field);

  /** Of all orders of the store; the filters are those of one order (bigcommerce.md 8, orders.v3.yml of April 2026). */
  router.get('/orders/metafields', (req, res) => {
    const orders = Object.values(callerOf(res).store.orders);
    const isWanted = filterOf(req);
    const all = orders.flatMap((order) => order.metafields.map((field) => ({ order, field })));
    const found = all.filter(({ field }) => visible(res, field) && isWanted(field));
    found.sort((a, b) => a.field.id - b.field.id);
    const sorted = req.query.direction === 'desc' ? found.reverse() : found;
    res.json(
      pageV3(
        req,
        sorted.map(({ order, field }) => wireMetafield(order, field)),
      ),
    );
  });

  router.get('/orders/:orderId/metafields', (req, res) => {
    const order = orderOf(req, res);
    const isWanted = filterOf(req);
    const fields = order.metafields.filter((field) => visible(res, field) && isWanted(field));
    const sorted = req.query.direction === 'desc' ? fields.reverse() : fields;
    res.json(
      pageV3(
        req,
        sorted.map((field) => wireMetafield(order, field)),
      ),
    );
  });

  router.post('/orders/:orderId/metafields', (req, res) => {
    const order = orderOf(req, res);
    const { store, account } = callerOf(res);
    const fields = checked(req, true);
    const own = order.metafields.filter(({ ownerClientId }) => ownerClientId === account.clientId);
    if (own.some(({ namespace, key }) => namespace === fields.namespace && key === fields.key)) throw duplicate();
    if (own.length >= MOST_PER_ORDER_AND_CLIENT) throw v3Refusal(422, 'The order has too many metafields.');
    const field = newMetafield(store, account.clientId, fields);
    order.metafields.push(field);
    tell(res, 'created', order, field);
    res.json({ data: wireMetafield(order, field), meta: {} });
  });

  router.get('/orders/:orderId/metafields/:fieldId', (req, res) => {
    res.json({ data: wireMetafield(orderOf(req, res), fieldOf(req, res)), meta: {} });
  });
  router.put('/orders/:orderId/metafields/:fieldId', (req, res) => {
    const [order, field] = [orderOf(req, res), fieldOf(req, res)];
    mayWrite(res, field);
    Object.assign(field, checked(req, false), { modifiedAt: Date.now() });
    tell(res, 'updated', order, field);
    res.json({ data: wireMetafield(order, field), meta: {} });
  });
  router.delete('/orders/:orderId/metafields/:fieldId', (req, res) => {
    const [order, field] = [orderOf(req, res), fieldOf(req, res)];
    mayWrite(res, field);
    order.metafields.splice(order.metafields.indexOf(field), 1);
    tell(res, 'deleted', order, field);
    deleted(res);
  });
  return router;
}

/** What the query asks for. A date is given to the second, so that a field of that very second is among them. */
function filterOf(req: Request): (field: Metafield) => boolean {
  const wanted = (name: 'key' | 'namespace') => {
    const many = req.query[`${name}:in`];
    if (typeof many === 'string') return many.split(',');
    return typeof req.query[name] === 'string' ? [req.query[name]] : undefined;
  };
  const limit = (name: string, otherwise: number) => {
    const given = req.query[name];
    if (given === undefined) return otherwise;
    const at = typeof given === 'string' ? Date.parse(given) : NaN;
    if (Number.isNaN(at)) throw v3Refusal(422, 'Input is invalid', { [name]: 'This is no date.' });
    return at;
  };
  const [keys, namespaces] = [wanted('key'), wanted('namespace')];
  const dates = (['created', 'modified'] as const).map((what) => ({
    at: `${what}At` as const,
    from: limit(`date_${what}:min`, -Infinity),
    to: limit(`date_${what}:max`, Infinity),
  }));
  return (field) =>
    keys?.includes(field.key) !== false &&
    namespaces?.includes(field.namespace) !== false &&
    dates.every(({ at, from, to }) => field[at] >= from && field[at] <= to);
}

/** `app_only` fields do not exist for other tokens. */
function visible(res: Response, field: Metafield): boolean {
  return field.permissionSet !== 'app_only' || field.ownerClientId === callerOf(res).account.clientId;
}

function fieldOf(req: Request, res: Response): Metafield {
  const field = orderOf(req, res).metafields.find(({ id }) => String(id) === req.params.fieldId);
  if (field === undefined || !visible(res, field)) throw v3NotFound();
  return field;
}

function mayWrite(res: Response, field: Metafield): void {
  const { account } = callerOf(res);
  const foreign = field.ownerClientId !== account.clientId;
  if (foreign && !field.permissionSet.startsWith('write')) {
    throw v3Refusal(403, 'The metafield belongs to another app, which does not let others write it.');
  }
}

const duplicate = () => v3Refusal(409, 'A metafield with this namespace and key exists.');

function checked(req: Request, isNew: boolean): Partial<Metafield> {
  const body = (bodyJson(req) ?? {}) as Record<string, unknown>;
  const errors: Record<string, string> = {};
  for (const [name, [shortest, longest]] of Object.entries(lengths)) {
    const value = body[name];
    if (value === undefined) {
      if (isNew && shortest > 0) errors[name] = `Please provide a ${name}.`;
    } else if (typeof value !== 'string' || value.length < shortest || value.length > longest) {
      errors[name] = `${name} must be a string of ${shortest} to ${longest} characters`;
    }
  }
  const permissionSet = body.permission_set;
  if (permissionSet === undefined ? isNew : !permissionSets.includes(permissionSet as string)) {
    errors.permission_set = `permission_set must be one of ${permissionSets.join(', ')}`;
  }
  if (Object.keys(errors).length > 0) throw v3Refusal(422, 'Input is invalid', errors);
  return {
    ...(Object.fromEntries(
      Object.keys(lengths).flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])),
    ) as Partial<Metafield>),
    ...(typeof permissionSet === 'string' && { permissionSet }),
  };
}

function wireMetafield(order: Order, field: Metafield) {
  return {
    id: field.id,
    key: field.key,
    value: field.value,
    namespace: field.namespace,
    permission_set: field.permissionSet,
    resource_type: 'order',
    resource_id: order.id,
    description: field.description,
    date_created: iso(field.createdAt),
    date_modified: iso(field.modifiedAt),
    owner_client_id: field.ownerClientId,
  };
}
