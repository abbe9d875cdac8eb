import { fromTenThousandths, tenThousandths } from './format.ts';
import type { Line, Order } from './model.ts';
import { withTax } from './wire-money.ts';

const none = '0.0000';

/** An order product: V2's word for a line. Its `id` is what shipments call `order_product_id` (bigcommerce.md 2.5). */
export function orderProduct(order: Order, line: Line) {
  const price = tenThousandths(line.price);
  const total = price * line.quantity;
  return {
    id: line.id,
    order_id: order.id,
    product_id: line.productId,
    variant_id: line.productId === 0 ? 0 : line.productId + 1000,
    order_pickup_method_id: line.pickupMethodId,
    order_address_id: line.addressId,
    name: line.name,
    name_customer: line.name,
    name_merchant: line.name,
    sku: line.sku,
    upc: '',
    type: line.type,
    base_price: fromTenThousandths(price),
    ...withTax('price', price),
    base_total: fromTenThousandths(total),
    ...withTax('total', total),
    weight: line.weight,
    width: line.size?.width ?? none,
    height: line.size?.height ?? none,
    depth: line.size?.depth ?? none,
    quantity: line.quantity,
    base_cost_price: none,
    cost_price_inc_tax: none,
    cost_price_ex_tax: none,
    cost_price_tax: none,
    is_refunded: line.quantityRefunded >= line.quantity,
    quantity_refunded: line.quantityRefunded,
    refund_amount: none,
    return_id: 0,
    wrapping_id: 0,
    wrapping_name: '',
    base_wrapping_cost: none,
    wrapping_cost_ex_tax: none,
    wrapping_cost_inc_tax: none,
    wrapping_cost_tax: none,
    wrapping_message: '',
    quantity_shipped: line.quantityShipped,
    event_name: null,
    event_date: null,
    fixed_shipping_cost: none,
    ebay_item_id: '',
    ebay_transaction_id: '',
    option_set_id: null,
    parent_order_product_id: null,
    is_bundled_product: false,
    bin_picking_number: '',
    external_id: '',
    fulfillment_source: '',
    brand: '',
    gift_certificate_id: null,
    applied_discounts: [],
    product_options: [],
    configurable_fields: [],
    discounted_total_inc_tax: fromTenThousandths(total),
  };
}
