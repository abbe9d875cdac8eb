/** locker: in a building · outdoor: an outdoor locker · staffed: a counter in a shop. */
export type PointKind = 'locker' | 'outdoor' | 'staffed';

/** Hours of a week, worded once: all = round the clock, shop = long hours, kiosk = weekdays and Saturday, office = weekdays. */
export type Hours = 'all' | 'shop' | 'kiosk' | 'office';

/** A pickup point as the sandbox keeps it; its wire form is made in point-wire.ts. All of them are invented. */
export interface Point {
  /** Nine digits: routing postcode and routing service code (posti.md 5.3). */
  id: string;
  name: string;
  kind: PointKind;
  hours: Hours;
  country: string;
  street: string;
  postcode: string;
  city: string;
  latitude: number;
  longitude: number;
  /** For renovation: closed on every day of the week. */
  closed: boolean;
  /** In the lists, and still refused when it is booked: there is no field that would say so (posti.md 5.3). */
  inactive: boolean;
  /** A compartment can be reserved in it. Which lockers are so, and what it is like, no source says: made up. */
  reservable: boolean;
}

/** id suffix | name | kind | hours | country | street | postcode | city | latitude | longitude | flag */
const rows = `
3230|Kauppa Kamppi|staffed|shop|FI|Urho Kekkosen katu 1|00100|Helsinki|60.1690|24.9318|
3231|Asema-automaatti|locker|all|FI|Elielinaukio 2|00100|Helsinki|60.1717|24.9400|reservable
3232|Kioski Kluuvi|staffed|kiosk|FI|Kluuvikatu 5|00100|Helsinki|60.1692|24.9465|inactive
3233|Eiran ulkoautomaatti|outdoor|all|FI|Tehtaankatu 20|00150|Helsinki|60.1588|24.9425|
3234|Kallion Kukka|staffed|kiosk|FI|Fleminginkatu 8|00530|Helsinki|60.1846|24.9520|
3235|Kalliotori automaatti|locker|shop|FI|Toinen linja 7|00530|Helsinki|60.1836|24.9455|reservable
3236|Pasilan ulkoautomaatti|outdoor|all|FI|Ratapihantie 9|00520|Helsinki|60.1989|24.9335|
3237|Valinta Lauttasaari|staffed|shop|FI|Lauttasaarentie 28|00200|Helsinki|60.1593|24.8800|
3238|Itäportin automaatti|locker|shop|FI|Itäkatu 3|00930|Helsinki|60.2106|25.0800|
3239|Munkan paperikauppa|staffed|office|FI|Laajalahdentie 11|00330|Helsinki|60.1978|24.8793|closed
3240|Tapiola automaatti|locker|shop|FI|Länsituulentie 6|02100|Espoo|60.1757|24.8051|
3241|Matinkylän kioski|staffed|kiosk|FI|Suomenlahdentie 2|02230|Espoo|60.1602|24.7385|
3242|Leppävaaran ulkoautomaatti|outdoor|all|FI|Hevosenkenkä 4|02600|Espoo|60.2190|24.8130|
3243|Tikkurilan Tori|staffed|shop|FI|Asematie 10|01300|Vantaa|60.2925|25.0440|
3244|Myyrmäen automaatti|locker|all|FI|Liesitori 1|01600|Vantaa|60.2613|24.8545|
3245|Porvoon Puoti|staffed|kiosk|FI|Mannerheiminkatu 14|06100|Porvoo|60.3932|25.6640|
3246|Lohjan automaatti|locker|shop|FI|Laurinkatu 50|08100|Lohja|60.2503|24.0654|
3247|Hyvinkään kauppa|staffed|shop|FI|Hämeenkatu 7|05800|Hyvinkää|60.6310|24.8610|
3248|Lahden torikioski|staffed|kiosk|FI|Vapaudenkatu 12|15110|Lahti|60.9830|25.6570|
3249|Lahden ulkoautomaatti|outdoor|all|FI|Askonkatu 2|15100|Lahti|60.9770|25.6580|
3250|Hämeenlinnan automaatti|locker|shop|FI|Raatihuoneenkatu 16|13100|Hämeenlinna|60.9950|24.4640|
3251|Turun Kauppatori|staffed|shop|FI|Eerikinkatu 9|20100|Turku|60.4510|22.2670|
3252|Turun satama-automaatti|outdoor|all|FI|Linnankatu 90|20100|Turku|60.4360|22.2230|
3253|Salon Kirja|staffed|office|FI|Vilhonkatu 8|24100|Salo|60.3840|23.1290|
3254|Porin automaatti|locker|shop|FI|Yrjönkatu 15|28100|Pori|61.4840|21.7970|
3255|Rauman Kioski|staffed|kiosk|FI|Kauppakatu 20|26100|Rauma|61.1280|21.5110|
3256|Tampereen keskusautomaatti|locker|all|FI|Rautatienkatu 25|33100|Tampere|61.4983|23.7730|reservable
3257|Hervannan kauppa|staffed|shop|FI|Insinöörinkatu 30|33720|Tampere|61.4505|23.8510|
3258|Tesoman ulkoautomaatti|outdoor|all|FI|Tesomankatu 4|33310|Tampere|61.5060|23.6270|inactive
3259|Jyväskylän automaatti|locker|shop|FI|Kauppakatu 29|40100|Jyväskylä|62.2420|25.7470|
3260|Mikkelin Tori|staffed|kiosk|FI|Porrassalmenkatu 19|50100|Mikkeli|61.6880|27.2720|
3261|Kuopion automaatti|locker|shop|FI|Haapaniemenkatu 18|70100|Kuopio|62.8920|27.6780|
3262|Joensuun Valinta|staffed|shop|FI|Siltakatu 10|80100|Joensuu|62.6010|29.7630|
3263|Lappeenrannan automaatti|locker|shop|FI|Valtakatu 36|53100|Lappeenranta|61.0580|28.1880|
3264|Kotkan kioski|staffed|kiosk|FI|Keskuskatu 9|48100|Kotka|60.4670|26.9450|
3265|Vaasan automaatti|locker|all|FI|Rewell 101|65100|Vaasa|63.0950|21.6160|
3266|Seinäjoen kauppa|staffed|shop|FI|Kauppakatu 3|60100|Seinäjoki|62.7900|22.8400|
3267|Kokkolan ulkoautomaatti|outdoor|all|FI|Rantakatu 11|67100|Kokkola|63.8380|23.1300|
3268|Oulun automaatti|locker|shop|FI|Isokatu 22|90100|Oulu|65.0120|25.4710|
3269|Linnanmaan kioski|staffed|kiosk|FI|Kauppalinnankuja 1|90570|Oulu|65.0590|25.4660|
3270|Kajaanin Puoti|staffed|office|FI|Kauppakatu 17|87100|Kajaani|64.2270|27.7290|
3271|Rovaniemen automaatti|locker|all|FI|Koskikatu 20|96200|Rovaniemi|66.5020|25.7290|
3272|Ivalon kauppa|staffed|shop|FI|Ivalontie 10|99800|Ivalo|68.6590|27.5400|
4100|Torget i Mariehamn|staffed|shop|AX|Torggatan 12|22100|Mariehamn|60.0973|19.9348|
4101|Västerhamns automat|outdoor|all|AX|Hamngatan 8|22100|Mariehamn|60.0930|19.9270|
4102|Godby Lanthandel|staffed|kiosk|AX|Von Knorringsvägen 3|22410|Godby|60.2290|19.9900|
5100|Tallinna Keskus pakiautomaat|locker|shop|EE|Viru väljak 4|10111|Tallinn|59.4363|24.7558|reservable
5101|Mustamäe pakiautomaat|outdoor|all|EE|Sõpruse pst 200|13412|Tallinn|59.4060|24.6830|
5102|Tartu pakiautomaat|locker|shop|EE|Riia 2|51004|Tartu|58.3776|26.7290|
5103|Pärnu pakiautomaat|locker|shop|EE|Lai 5|80010|Pärnu|58.3850|24.4990|closed
6100|Rīgas centra pakomāts|locker|shop|LV|Brīvības iela 90|1001|Rīga|56.9600|24.1300|
6101|Purvciema pakomāts|outdoor|all|LV|Nīcgales iela 4|1035|Rīga|56.9570|24.1890|
6102|Liepājas pakomāts|locker|shop|LV|Lielā iela 13|3401|Liepāja|56.5110|21.0110|
7100|Vilniaus centro paštomatas|locker|shop|LT|Gedimino pr. 9|01103|Vilnius|54.6870|25.2790|
7101|Kauno paštomatas|outdoor|all|LT|Laisvės al. 60|44250|Kaunas|54.8970|23.9120|
7102|Klaipėdos paštomatas|locker|shop|LT|Taikos pr. 61|91151|Klaipėda|55.6890|21.1480|
8100|Ombud Vasastan|staffed|shop|SE|Odengatan 70|11322|Stockholm|59.3430|18.0510|
8101|Paketbox Södermalm|outdoor|all|SE|Götgatan 44|11826|Stockholm|59.3140|18.0730|
8102|Ombud Haga|staffed|kiosk|SE|Haga Nygata 20|41301|Göteborg|57.6980|11.9580|
8103|Ombud Möllan|staffed|shop|SE|Bergsgatan 8|21422|Malmö|55.5920|13.0080|
9100|Kiosken Nørreport|staffed|kiosk|DK|Frederiksborggade 12|1360|København|55.6830|12.5720|
9101|Pakkeboks Vesterbro|outdoor|all|DK|Istedgade 60|1650|København|55.6690|12.5540|reservable
9102|Købmanden Latinerkvarteret|staffed|shop|DK|Badstuegade 8|8000|Aarhus|56.1580|10.2090|
9103|Pakkeboks Odense Station|locker|shop|DK|Østre Stationsvej 27|5000|Odense|55.4018|10.3870|closed
9104|Kiosken Nørresundby|staffed|office|DK|Brotorvet 3|9400|Nørresundby|57.0580|9.9220|inactive
`;

export const seedPoints: readonly Point[] = rows
  .trim()
  .split('\n')
  .map((row) => {
    const [code = '', name = '', kind, hours, country = '', street = '', postcode = '', city = '', lat, lon, flag] =
      row.split('|');
    return {
      id: postcode.padStart(5, '0') + code,
      name,
      kind: kind as PointKind,
      hours: hours as Hours,
      country,
      street,
      postcode,
      city,
      latitude: Number(lat),
      longitude: Number(lon),
      closed: flag === 'closed',
      inactive: flag === 'inactive',
      reservable: flag === 'reservable',
    };
  });
