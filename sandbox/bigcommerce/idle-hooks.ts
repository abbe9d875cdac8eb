import type { SandboxClock } from '../clock.ts';
import type { Hook, Store } from './model.ts';

/** Days of the sandbox's clock without an event after which a hook is switched off (bigcommerce.md 4.1). */
const idleDays = 90;
const dayMs = 86_400_000;

/** Looks at hooks whenever somebody could notice; nothing else shows when the real one does it. */
export function switchOffIdle({ hooks }: Store, clock: SandboxClock): void {
  const now = clock.now().getTime();
  for (const hook of hooks) {
    // One of an older state file begins to count now.
    hook.lastEventAt ??= now;
    if (hook.isActive && now - hook.lastEventAt > idleDays * dayMs) switchOff(hook);
  }
}

/** By the shop, and not by whoever made it. */
export function switchOff(hook: Hook): void {
  Object.assign(hook, { isActive: false, isDeactivated: true, updatedAt: Date.now() });
}
