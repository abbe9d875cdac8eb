export interface Scope {
  readonly id: 'orders_read' | 'orders_modify' | 'information' | 'other';
  /** As the control panel has it. */
  readonly name: string;
}

/** The scope that a request needs (bigcommerce.md 1.5). Hooks and the clock need none of their own. */
export function scopeOf({ method, path = '' }: { readonly method: string; readonly path?: string | undefined }): Scope {
  if (/^\/v2\/order_statuses\b|^\/v[23]\/orders\b/.test(path)) {
    return method === 'GET'
      ? { id: 'orders_read', name: 'Orders (read-only or modify)' }
      : { id: 'orders_modify', name: 'Orders (modify)' };
  }
  if (path.startsWith('/v2/store')) return { id: 'information', name: 'Information & settings (read-only)' };
  return { id: 'other', name: 'that this needs' };
}
