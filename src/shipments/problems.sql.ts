import type { Attention } from '../domain/order-state.ts';
import type { Db } from '../db/pool.ts';
import type { Problem } from '../domain/problem.ts';
import { attentionFor, attentions } from './attention.ts';

/** What a shipment needs a person for. */

/** Only a person closes it, whatever else is found, changed or over: two parcels of one shipment may be on their way. */
const strayScans = `jsonb_path_query_array(coalesce(people_problem, '{}'), '$.problems[*] ? (@.code == "scan_on_orphan")')`;

/** For a `set` list: what needed a person is over, but for scans on numbers that should be on no parcel. */
export const problemsAreOver = `
  attention = case when attention->>'code' = 'scan_on_orphan' then attention
                   when ${strayScans} <> '[]' then jsonb_build_object('code', 'scan_on_orphan', 'commands', '${JSON.stringify(attentions.scan_on_orphan)}'::jsonb,
                     'since', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end,
  people_problem = case when ${strayScans} <> '[]' then jsonb_build_object('problems', ${strayScans}) end,
  concern = null`;

/**
 * Sets or clears what a shipment needs attention for. The first problem names it; the words of all are kept. `concern` is
 * the name of the facts behind it, where they are facts that a person can accept once and for all. A scan on a number that
 * should be on no parcel stays, named first where it was, until a person closes it ({@link problemsAreOver}).
 */
export async function setProblems(
  tx: Db,
  orderPk: number,
  n: number,
  problems: readonly Problem[],
  now: Date,
  concern: string | null = null,
): Promise<void> {
  const [first] = problems;
  if (!first) {
    await tx.query(
      `update lahetti.shipments set ${problemsAreOver}
        where order_pk = $1 and n = $2 and attention is not null`,
      [orderPk, n],
    );
    return;
  }
  await tx.query(
    `update lahetti.shipments
        set attention = case when attention->>'code' = 'scan_on_orphan' then attention else $3 end,
            people_problem = jsonb_build_object('problems', case when attention->>'code' = 'scan_on_orphan'
              then ${strayScans} || $4::jsonb else $4::jsonb || ${strayScans} end),
            concern = $5
      where order_pk = $1 and n = $2`,
    [orderPk, n, JSON.stringify(attentionFor(first, now)), JSON.stringify(problems), concern],
  );
}

/** The facts behind an attention that stands have changed: what a person accepts now are these. */
export async function setConcern(tx: Db, orderPk: number, n: number, concern: string): Promise<void> {
  await tx.query(`update lahetti.shipments set concern = $3 where order_pk = $1 and n = $2 and attention is not null`, [
    orderPk,
    n,
    concern,
  ]);
}

/** Another problem beside those that are there; what names the attention stays. */
export async function addProblem(tx: Db, shipmentId: number, problem: Problem): Promise<void> {
  await tx.query(
    `update lahetti.shipments
        set people_problem = jsonb_build_object('problems', coalesce(people_problem->'problems', '[]') || $2::jsonb)
      where id = $1`,
    [shipmentId, JSON.stringify([problem])],
  );
}

/** The same problems with more to say of them. */
export async function saveProblems(tx: Db, shipmentId: number, problems: readonly Problem[]): Promise<void> {
  await tx.query(
    `update lahetti.shipments set people_problem = people_problem || jsonb_build_object('problems', $2::jsonb) where id = $1`,
    [shipmentId, JSON.stringify(problems)],
  );
}

/**
 * A person has seen what it needs attention for: the same facts are not raised again, and a plan that they kept from being
 * booked is made anew before anything is. What stands beside a scan on a number
 * that should be on no parcel is next, and such a scan beside anything else.
 */
export async function closeAttention(
  tx: Db,
  s: {
    readonly id: number;
    readonly attention: Attention | null;
    readonly problems: readonly { readonly code: string }[];
  },
  now: Date,
): Promise<void> {
  if (s.attention?.code !== 'scan_on_orphan') {
    await tx.query(
      `update lahetti.shipments
          set accepted = case when concern is null or concern = any(accepted) then accepted else accepted || concern end,
              look_again = look_again or phase = 'planned',
              ${problemsAreOver}
        where id = $1`,
      [s.id],
    );
    return;
  }
  const next = s.problems.find(({ code }) => code !== 'scan_on_orphan');
  await tx.query(
    `update lahetti.shipments
        set attention = $2::jsonb, concern = case when $2::jsonb is not null then concern end,
            people_problem = case when $2::jsonb is not null then jsonb_build_object('problems',
              jsonb_path_query_array(people_problem, '$.problems[*] ? (@.code != "scan_on_orphan")')) end
      where id = $1`,
    [s.id, next ? JSON.stringify(attentionFor(next, now)) : null],
  );
}

/** Texts of an order that hold people: the words of problems, and what a person changed. */
export async function eraseTextsOfShipments(tx: Db, orderPk: number): Promise<void> {
  await tx.query(`update lahetti.shipments set people_problem = null, people_override = null where order_pk = $1`, [
    orderPk,
  ]);
}
