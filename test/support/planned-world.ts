import { setByTheShop, type OrderMemory } from '../../src/planning/admission.ts';
import type { Order } from '../../src/orders/order.ts';
import { plan, type Plan } from '../../src/planning/plan.ts';
import type { KnownShipment } from '../../src/planning/known-shipment.ts';
import type { Draft } from '../../src/planning/shipment-plan.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { liveSettings, orderDate } from './order-builder.ts';

/** What Postgres would hold of one order, in memory: plans are made from it and carried out on it. */
export class PlannedWorld {
  shipments: KnownShipment[] = [];
  memory: OrderMemory = {
    triggered: false,
    bookedByHand: false,
    onHold: false,
    keptBack: false,
    told: false,
    chosenStatusId: null,
  };
  settings: Settings;
  now: Date;

  constructor(settings = liveSettings(), now = new Date(orderDate.getTime() + 3_600_000)) {
    this.settings = settings;
    this.now = now;
  }

  plan(order: Order): Plan {
    const told = this.shipments.some((s) => s.told === 'told' || s.shopHasRecord);
    return plan(order, { ...this.memory, told }, this.shipments, this.settings, this.now);
  }

  /** Plans and carries the plan out; gives it. */
  look(order: Order): Plan {
    const planned = this.plan(order);
    if (!setByTheShop.includes(order.statusId)) this.memory = { ...this.memory, chosenStatusId: order.statusId };
    if (planned.triggers) this.memory = { ...this.memory, triggered: true };
    for (const decision of planned.decisions) {
      switch (decision.do) {
        case 'create':
          this.shipments.push({
            ...fresh,
            n: this.shipments.length + 1,
            ...fromDraft(decision.draft),
            blocked: decision.blocked,
            plannedAfterTold: this.shipments.some((s) => s.shopHasRecord),
          });
          break;
        case 'plan_anew':
          this.set(decision.n, { ...fromDraft(decision.draft), blocked: decision.blocked });
          break;
        case 'leave':
          if (decision.blocked !== undefined) this.set(decision.n, { blocked: decision.blocked });
          break;
        case 'cancel':
          this.set(decision.n, { phase: 'cancelled', blocked: null, attentionCode: null });
          break;
        case 'withdraw':
          this.set(decision.n, { cancelling: true, attentionCode: null, concern: null });
          break;
        case 'raise':
          this.set(decision.n, { attentionCode: decision.problem.code, concern: decision.concern });
          break;
        case 'calm':
          this.set(decision.n, { attentionCode: null, concern: null });
          break;
        case 'take_lines':
          this.set(decision.n, { lines: decision.lines, goods: decision.goods });
          break;
        case 'look_again':
          break;
        default:
          decision satisfies never;
      }
    }
    return planned;
  }

  /** Looks, and books everything that may be booked. */
  lookAndBook(order: Order): Plan {
    const planned = this.look(order);
    for (const s of this.shipments) if (this.isBookable(s)) this.set(s.n, { phase: 'booked' });
    return planned;
  }

  isBookable(s: KnownShipment): boolean {
    return s.phase === 'planned' && s.blocked === null && s.attentionCode === null && !s.attemptOut && !s.cancelling;
  }

  /** The shop has a record of a booked shipment, and counts its units. */
  tell(n: number): void {
    this.set(n, { told: 'told', shopHasRecord: true });
  }

  withdraw(n: number): void {
    this.set(n, { phase: 'cancelled', cancelling: false, told: 'withdrawn', shopHasRecord: false });
  }

  accept(n: number): void {
    const { accepted, concern } = this.shipment(n);
    this.set(n, { accepted: concern === null ? accepted : [...accepted, concern], concern: null, attentionCode: null });
  }

  set(n: number, changes: Partial<KnownShipment>): void {
    this.shipments = this.shipments.map((s) => (s.n === n ? { ...s, ...changes } : s));
  }

  shipment(n: number): KnownShipment {
    const found = this.shipments.find((s) => s.n === n);
    if (!found) throw new Error(`There is no shipment ${n}.`);
    return found;
  }

  /** Units of these goods in shipments that are on their way out, or went. */
  unitsGoing(sku: string): number {
    const isOf = (s: KnownShipment, lineId: number) => s.goods.some((g) => g.lineId === lineId && g.sku === sku);
    return this.shipments
      .filter((s) => s.phase !== 'cancelled' && !s.cancelling)
      .flatMap((s) => s.lines.filter(({ lineId }) => isOf(s, lineId)))
      .reduce((sum, u) => sum + u.quantity, 0);
  }
}

const fresh = {
  phase: 'planned',
  attemptOut: false,
  cancelling: false,
  told: 'not_yet',
  shopHasRecord: false,
  deliveryStatus: 'unknown',
  override: null,
  keptBack: false,
  concern: null,
  accepted: [],
} as const;

const fromDraft = (draft: Draft) => ({
  addressId: draft.plan.addressId,
  lines: draft.plan.lines,
  goods: draft.plan.goods ?? [],
  digest: draft.digest,
  sourceDigest: draft.sourceDigest,
  attentionCode: draft.problems[0]?.code ?? null,
});
