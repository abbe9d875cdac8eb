/**
 * Countries whose postal addresses name a state, province or prefecture beside the city [R]: those where Google's open
 * address data (libaddressinput) calls it required, less the members of the EU, where a letter arrives without. Elsewhere
 * what a shop keeps as `state` (a region of Finland, a Land of Germany) is no part of the address.
 */
const withStates = new Set('AE AU BR CA CN CO HK ID IN JP KR MX MY NG RU TH TR TW UA US'.split(' '));

/** The abbreviations that the posts of these countries want on a label; elsewhere the name is written out. */
const abbreviations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  US: table(
    'Alabama AL,Alaska AK,American Samoa AS,Arizona AZ,Arkansas AR,California CA,Colorado CO,Connecticut CT,Delaware DE,' +
      'District of Columbia DC,Florida FL,Georgia GA,Guam GU,Hawaii HI,Idaho ID,Illinois IL,Indiana IN,Iowa IA,Kansas KS,' +
      'Kentucky KY,Louisiana LA,Maine ME,Maryland MD,Massachusetts MA,Michigan MI,Minnesota MN,Mississippi MS,Missouri MO,' +
      'Montana MT,Nebraska NE,Nevada NV,New Hampshire NH,New Jersey NJ,New Mexico NM,New York NY,North Carolina NC,' +
      'North Dakota ND,Northern Mariana Islands MP,Ohio OH,Oklahoma OK,Oregon OR,Pennsylvania PA,Puerto Rico PR,' +
      'Rhode Island RI,South Carolina SC,South Dakota SD,Tennessee TN,Texas TX,Utah UT,Vermont VT,Virgin Islands VI,' +
      'Virginia VA,Washington WA,West Virginia WV,Wisconsin WI,Wyoming WY,Armed Forces Americas AA,' +
      'Armed Forces Europe AE,Armed Forces Pacific AP',
  ),
  CA: table(
    'Alberta AB,British Columbia BC,Manitoba MB,New Brunswick NB,Newfoundland and Labrador NL,Northwest Territories NT,' +
      'Nova Scotia NS,Nunavut NU,Ontario ON,Prince Edward Island PE,Quebec QC,Québec QC,Saskatchewan SK,Yukon YT,' +
      'Yukon Territory YT',
  ),
  AU: table(
    'Australian Capital Territory ACT,New South Wales NSW,Northern Territory NT,Queensland QLD,South Australia SA,' +
      'Tasmania TAS,Victoria VIC,Western Australia WA',
  ),
};

/** The state as an address of the country has it; null where it has none. */
export function postalState(state: string | null, country: string): string | null {
  if (state === null || !withStates.has(country)) return null;
  return abbreviations[country]?.[state.toLowerCase()] ?? state;
}

function table(rows: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    rows.split(',').map((row) => {
      const end = row.lastIndexOf(' ');
      return [row.slice(0, end).toLowerCase(), row.slice(end + 1)];
    }),
  );
}
