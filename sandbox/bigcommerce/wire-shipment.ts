import { rfc2822 } from './format.ts';
import type { Order, Shipment } from './model.ts';
import { addressFields } from './wire-address.ts';

/** A shipment in the observed key order (bigcommerce.md 3.1). */
export function wireShipment(order: Order, shipment: Shipment) {
  const address = order.addresses.find(({ id }) => id === shipment.addressId);
  return {
    id: shipment.id,
    order_id: order.id,
    customer_id: order.customerId,
    order_address_id: shipment.addressId,
    date_created: rfc2822(shipment.createdAt),
    tracking_number: shipment.trackingNumber,
    merchant_shipping_cost: shipment.merchantShippingCost,
    shipping_method: shipment.shippingMethod,
    comments: shipment.comments,
    shipping_provider: shipment.shippingProvider,
    tracking_carrier: shipment.trackingCarrier,
    tracking_link: shipment.trackingLink,
    billing_address: addressFields(order.billing),
    shipping_address: address === undefined ? {} : addressFields(address),
    items: shipment.items.map(({ order_product_id, quantity }) => ({
      order_product_id,
      product_id: order.lines.find(({ id }) => id === order_product_id)?.productId ?? 0,
      quantity,
    })),
    generated_tracking_link: generatedLink(shipment),
    shipping_provider_display_name: displayNames[shipment.shippingProvider] ?? shipment.shippingProvider,
  };
}

const displayNames: Record<string, string> = {
  '': 'Other',
  custom: 'Custom',
  fedex: 'FedEx',
  ups: 'UPS',
  usps: 'USPS',
};

/** bigcommerce.md 3.4: a number with a provider or a carrier's slug, unless the merchant gave a link of his own. */
function generatedLink({ trackingLink, trackingNumber, trackingCarrier, shippingProvider }: Shipment): string {
  const carrier = trackingCarrier || (shippingProvider === 'custom' ? '' : shippingProvider);
  if (trackingLink !== '' || trackingNumber === '' || carrier === '') return '';
  return `https://www.aftership.com/track/${carrier}/${encodeURIComponent(trackingNumber)}`;
}
