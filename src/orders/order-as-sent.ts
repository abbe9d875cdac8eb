/**
 * The part of the shop's order that is read (bigcommerce.md 2.3 to 2.5), in its own names. What the BigCommerce client
 * returns fits; all but the ids and dates may be missing.
 */
export interface OrderAsSent {
  readonly order: {
    readonly id: number;
    readonly date_created: Date | string;
    /** Null where it could not be read. */
    readonly date_modified: Date | string | null;
    readonly status_id?: number | null;
    readonly channel_id?: number | null;
    readonly is_deleted?: boolean | null;
    readonly order_is_digital?: boolean | null;
    /** What the shopper pays in; `currency_code` is only what was displayed. */
    readonly default_currency_code?: string | null;
    readonly currency_code?: string | null;
    readonly total_inc_tax?: string | null;
    readonly cart_id?: string | null;
    readonly customer_locale?: string | null;
    readonly customer_message?: string | null;
    readonly staff_notes?: string | null;
    /** Units, not lines. */
    readonly items_total?: number | null;
    readonly items_shipped?: number | null;
    readonly billing_address?: AddressAsSent | null;
  };
  readonly lines: readonly LineAsSent[];
  readonly addresses: readonly ShippingAddressAsSent[];
}

export interface AddressAsSent {
  readonly first_name?: string | null;
  readonly last_name?: string | null;
  readonly company?: string | null;
  readonly street_1?: string | null;
  readonly street_2?: string | null;
  readonly city?: string | null;
  readonly state?: string | null;
  readonly zip?: string | null;
  readonly country?: string | null;
  readonly country_iso2?: string | null;
  readonly phone?: string | null;
  readonly email?: string | null;
  readonly form_fields?: readonly FormFieldAsSent[] | null;
}

export interface FormFieldAsSent {
  readonly name: string;
  readonly value: string | number | string[] | null;
}

export interface ShippingAddressAsSent extends AddressAsSent {
  readonly id: number;
  readonly shipping_method?: string | null;
}

export interface LineAsSent {
  readonly id: number;
  readonly product_id?: number | null;
  readonly variant_id?: number | null;
  readonly order_address_id?: number | null;
  readonly order_pickup_method_id?: number | null;
  readonly sku?: string | null;
  readonly name?: string | null;
  readonly type?: string | null;
  readonly quantity?: number | null;
  readonly quantity_shipped?: number | null;
  readonly quantity_refunded?: number | null;
  /** Decimal text of one unit, in the store's weight unit. */
  readonly weight?: string | null;
  /** Decimal text of one unit, in the store's unit of length. */
  readonly width?: string | null;
  readonly height?: string | null;
  readonly depth?: string | null;
  readonly price_inc_tax?: string | null;
}
