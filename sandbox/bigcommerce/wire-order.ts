import { rfc2822, tenThousandths } from './format.ts';
import type { Order, Store } from './model.ts';
import { statusName } from './statuses.ts';
import { billingAddress } from './wire-address.ts';
import type { Link } from './wire-links.ts';
import { withTax } from './wire-money.ts';

const none = '0.0000';
const parity = '1.0000000000';

/**
 * An order as `/v2/orders` gives it, in the real key order (bigcommerce.md 2.3).
 * `consignments` takes the place of the link where they were included.
 */
export function wireOrder(store: Store, order: Order, link: (resource: string) => Link, consignments?: unknown) {
  const total = order.lines.reduce((sum, line) => sum + tenThousandths(line.price) * line.quantity, 0);
  const own = (part: string) => link(`/orders/${order.id}/${part}`);
  return {
    id: order.id,
    customer_id: order.customerId,
    date_created: order.unreadable === true ? 'soon' : rfc2822(order.createdAt),
    is_tax_inclusive_pricing: true,
    date_modified: rfc2822(order.modifiedAt),
    date_shipped: order.shippedAt === null ? '' : rfc2822(order.shippedAt),
    status_id: order.statusId,
    status: statusName(order.statusId),
    ...withTax('subtotal', total),
    base_shipping_cost: none,
    ...withTax('shipping_cost', 0),
    shipping_cost_tax_class_id: 2,
    base_handling_cost: none,
    ...withTax('handling_cost', 0),
    handling_cost_tax_class_id: 2,
    base_wrapping_cost: none,
    ...withTax('wrapping_cost', 0),
    wrapping_cost_tax_class_id: 3,
    ...withTax('total', total),
    items_total: order.lines.reduce((sum, line) => sum + line.quantity, 0),
    items_shipped: order.lines.reduce((sum, line) => sum + line.quantityShipped, 0),
    payment_method: order.paymentMethod,
    payment_provider_id: null,
    payment_status: order.paymentStatus,
    refunded_amount: order.refundedAmount,
    order_is_digital: order.lines.every((line) => line.type === 'digital'),
    store_credit_amount: none,
    gift_certificate_amount: none,
    ip_address: '',
    ip_address_v6: '',
    geoip_country: '',
    geoip_country_iso2: '',
    currency_id: 1,
    currency_code: store.currency,
    currency_exchange_rate: parity,
    default_currency_id: 1,
    default_currency_code: store.currency,
    staff_notes: order.staffNotes,
    customer_message: order.customerMessage,
    discount_amount: none,
    coupon_discount: none,
    shipping_address_count: order.addresses.length,
    is_deleted: order.isDeleted,
    ebay_order_id: '0',
    cart_id: order.cartId,
    billing_address: billingAddress(order.billing),
    fees: own('fees'),
    is_email_opt_in: false,
    credit_card_type: null,
    order_source: order.orderSource,
    channel_id: order.channelId,
    external_source: order.externalSource,
    consignments: consignments ?? own('consignments'),
    products: own('products'),
    shipping_addresses: own('shipping_addresses'),
    coupons: own('coupons'),
    external_id: null,
    external_merchant_id: null,
    tax_provider_id: 'BasicTaxProvider',
    customer_locale: order.customerLocale,
    external_order_id: order.externalOrderId,
    store_default_currency_code: store.currency,
    store_default_to_transactional_exchange_rate: parity,
    custom_status: statusName(order.statusId),
  };
}
