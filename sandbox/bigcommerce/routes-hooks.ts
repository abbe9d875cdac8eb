import { Router, type Request, type Response } from 'express';
import { bodyJson } from '../body.ts';
import type { SandboxClock } from '../clock.ts';
import type { StateFile } from '../state.ts';
import { wireBlockedDomains } from './blocked-domains.ts';
import { unixSeconds } from './format.ts';
import { callerOf } from './gate.ts';
import { switchOffIdle } from './idle-hooks.ts';
import type { BigCommerceState, Hook } from './model.ts';
import { pageV3 } from './paging.ts';
import { v3NotFound, v3Refusal } from './refusals.ts';

const MOST_PER_SCOPE = 10;

/** Managing webhooks; each account sees its own only (bigcommerce.md 4.1). */
export function hookRoutes(deps: { state: StateFile<BigCommerceState>; clock: SandboxClock }): Router {
  const { state, clock } = deps;
  const router = Router({ mergeParams: true });
  const own = (res: Response) => {
    const { store, account } = callerOf(res);
    switchOffIdle(store, clock);
    return store.hooks.filter(({ clientId }) => clientId === account.clientId);
  };
  const hookOf = (req: Request, res: Response) => {
    const hook = own(res).find(({ id }) => String(id) === req.params.hookId);
    if (hook === undefined) throw v3NotFound();
    return hook;
  };
  const wire = (res: Response, hook: Hook) => ({
    id: hook.id,
    client_id: hook.clientId,
    store_hash: callerOf(res).store.hash,
    scope: hook.scope,
    destination: hook.destination,
    headers: hook.headers,
    is_active: hook.isActive,
    created_at: unixSeconds(hook.createdAt),
    updated_at: unixSeconds(hook.updatedAt),
  });

  router.get('/hooks', (req, res) => {
    const { is_active, scope, destination } = req.query;
    const hooks = own(res).filter(
      (hook) =>
        (is_active === undefined || String(hook.isActive) === is_active) &&
        (scope === undefined || hook.scope === scope) &&
        (destination === undefined || hook.destination === destination),
    );
    res.json(
      pageV3(
        req,
        hooks.map((hook) => wire(res, hook)),
      ),
    );
  });
  router.post('/hooks', (req, res) => {
    const { store, account } = callerOf(res);
    const now = Date.now();
    // A hook is inactive unless the caller says otherwise, as the old documentation has it.
    const blank = { isActive: false, headers: null, scope: '', destination: '' };
    const fields = { ...blank, ...checked(req) };
    if (fields.scope === '' || fields.destination === '') {
      throw v3Refusal(422, 'Input is invalid', { scope: 'scope and destination are needed' });
    }
    const hook: Hook = { ...fields, id: 0, clientId: account.clientId, createdAt: now, updatedAt: now };
    refuseDouble(own(res), hook);
    if (own(res).filter(({ scope }) => scope === hook.scope).length >= MOST_PER_SCOPE) {
      throw v3Refusal(422, `There are ${MOST_PER_SCOPE} webhooks for this scope.`);
    }
    hook.id = ++store.lastId.hook;
    hook.lastEventAt = clock.now().getTime();
    store.hooks.push(hook);
    state.touch();
    res.json({ data: wire(res, hook), meta: {} });
  });

  router.get('/hooks/admin', (req, res) => {
    const { is_active } = req.query;
    const hooks_list = own(res)
      .filter((hook) => is_active === undefined || String(hook.isActive) === is_active)
      .map((hook) => ({ ...wire(res, hook), status: statusOf(hook) }));
    const blocked_domains = wireBlockedDomains(state.data, clock, callerOf(res).account.clientId);
    res.json({ data: { emails: ['admin@example.com'], hooks_list, blocked_domains }, meta: {} });
  });
  router.get('/hooks/:hookId', (req, res) => void res.json({ data: wire(res, hookOf(req, res)), meta: {} }));
  router.put('/hooks/:hookId', (req, res) => {
    const hook = hookOf(req, res);
    const fields = checked(req);
    if (Object.keys(fields).length === 0) throw v3Refusal(422, 'At least one field is needed.');
    refuseDouble(own(res), { ...hook, ...fields });
    // Switched on, it counts anew.
    if (fields.isActive === true) Object.assign(hook, { isDeactivated: false, lastEventAt: clock.now().getTime() });
    Object.assign(hook, fields, { updatedAt: Date.now() });
    state.touch();
    res.json({ data: wire(res, hook), meta: {} });
  });
  router.delete('/hooks/:hookId', (req, res) => {
    const hook = hookOf(req, res);
    const { hooks } = callerOf(res).store;
    hooks.splice(hooks.indexOf(hook), 1);
    state.touch();
    res.json({ data: wire(res, hook), meta: {} });
  });
  return router;
}

/** That `deactivated` is the shop's doing, and `inactive` the caller's, is how we read the schema. */
const statusOf = ({ isActive, isDeactivated }: Hook): string =>
  isActive ? 'active' : isDeactivated ? 'deactivated' : 'inactive';

function refuseDouble(hooks: Hook[], wanted: Hook): void {
  const { id, scope, destination } = wanted;
  if (hooks.some((hook) => hook.id !== id && hook.scope === scope && hook.destination === destination)) {
    throw v3Refusal(409, 'A webhook with this scope and destination exists.');
  }
}

type Fields = Partial<Pick<Hook, 'scope' | 'destination' | 'headers' | 'isActive'>>;

function checked(req: Request): Fields {
  const body = (bodyJson(req) ?? {}) as Record<string, unknown>;
  const errors: Record<string, string> = {};
  const fields: Fields = {};
  const { scope, destination, headers, is_active: isActive } = body;
  if (scope !== undefined) {
    if (typeof scope === 'string' && /^store\/[\w/*-]+$/.test(scope)) fields.scope = scope;
    else errors.scope = 'There is no such scope.';
  }
  if (destination !== undefined) {
    if (typeof destination === 'string' && isDeliverable(destination)) fields.destination = destination;
    else errors.destination = 'The destination must be an https address on port 443.';
  }
  if (isActive !== undefined) {
    if (typeof isActive === 'boolean') fields.isActive = isActive;
    else errors.is_active = 'is_active must be a boolean';
  }
  if (headers !== undefined) {
    if (headers === null || areHeaders(headers)) fields.headers = headers;
    else errors.headers = 'At most 64 headers, names up to 64 bytes, values up to 8 KB.';
  }
  if (Object.keys(errors).length > 0) throw v3Refusal(422, 'Input is invalid', errors);
  return fields;
}

/**
 * HTTPS on 443 as the real one; which it refuses: plain HTTP to any port of this machine, or of a name without a dot, which
 * only a private network has (between containers).
 */
function isDeliverable(destination: string): boolean {
  if (!URL.canParse(destination)) return false;
  const { protocol, port, hostname } = new URL(destination);
  const isNear = hostname === '127.0.0.1' || /^[a-z0-9-]+$/.test(hostname) || hostname === '[::1]';
  return isNear || (protocol === 'https:' && port === '');
}

function areHeaders(value: unknown): value is Record<string, string> {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= 64 &&
    entries.every(([name, text]) => typeof text === 'string' && name.length <= 64 && text.length <= 8 * 1024)
  );
}
