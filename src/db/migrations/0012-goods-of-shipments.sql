-- What tells the goods of a shipment when the order no longer has its lines: who edits an order in the shop may replace a
-- line by a new one with another id, and the goods must not get a second label for it.
update lahetti.plan_revisions r
   set content = r.content || jsonb_build_object('goods', coalesce((
         select jsonb_agg(jsonb_build_object('lineId', l.line_id, 'sku', l.sku, 'name', l.name, 'productId', 0, 'variantId', null))
           from lahetti.order_lines l
          where l.order_pk = s.order_pk and l.line_id in (
                select (u->>'lineId')::bigint from jsonb_array_elements(r.content->'lines') u)), '[]'))
  from lahetti.shipments s
 where s.id = r.shipment_id;
