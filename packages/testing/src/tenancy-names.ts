const families =
  'Huber Müller Novak Rossi García Dubois Kowalski Andersson Jansen Silva Papadopoulos Horvat Nagy Petrov Yılmaz Okafor Tanaka Nguyen Haddad Cohen Murphy Schmidt Bianchi López Lefèvre Nowak Nilsson de Vries Costa Ivanov Kaya Mensah Sato Tran Khoury Levi Byrne Weber Ferrari Martín Moreau Wiśniewski Larsen Bakker Pereira Popescu Demir Adeyemi Suzuki Pham'.split(
    / (?!Vries)/,
  )
const trades =
  'Bakery,Dental Practice,Architects,Law Office,Joinery,City Clinic,Tax Advisers,Print Shop,Winery,Garage,Pharmacy,Logistics,Optics,Hotel,Engineering,Carpentry,Florist,Bookshop,Electrics,Roofing,Veterinary Clinic,School,Brewery,Insurance,Metalworks,Studio,Textiles,Nursery,Travel,Software'.split(
    ',',
  )
const towns =
  'Linz,Graz,Wien,Bregenz,München,Köln,Zürich,Bern,Lyon,Nantes,Torino,Bari,Sevilla,Bilbao,Porto,Braga,Kraków,Gdańsk,Brno,Plzeň,Győr,Zagreb,Split,Ljubljana,Thessaloniki,Varna,Cluj,İzmir,Aarhus,Malmö,Bergen,Turku,Gent,Utrecht,Cork,Galway,Leeds,York,Perth,Tampa'.split(
    ',',
  )
const firms =
  'Northwind,Contoso,Blue Harbour,Alpine,Meridian,Lighthouse,Redwood,Granite,Silverline,Cobalt'.split(',')
const firmKinds =
  'IT,Systems,Managed Services,Cloud,Networks,Data,Computing,Support,Solutions,Technologies'.split(',')
const machines = 'web,db,files,mail,office,cad,till,laptop,desk,server,nas,build'.split(',')

/** `Bakery Huber, Linz`; another one for each number, also far beyond those there are words for. */
export function customerName(number: number): string {
  return numbered(number, [trades, families, towns], ([trade, family, town]) => `${trade} ${family}, ${town}`)
}

/** `Northwind IT Graz` */
export function resellerName(number: number): string {
  return numbered(number, [firms, firmKinds, towns], ([firm, kind, town]) => `${firm} ${kind} ${town}`)
}

/** `web-00042` */
export function clientIdOf(number: number): string {
  return `${machines[number % machines.length]}-${String(number).padStart(6, '0')}`
}

/** Takes each combination of words once, neighbours as different as can be, before it begins to count. */
function numbered(
  number: number,
  words: readonly (readonly string[])[],
  join: (chosen: string[]) => string,
): string {
  const combinations = words.reduce((product, list) => product * list.length, 1)
  // 7919 is prime and no factor of any list's length: each combination comes up once.
  let rest = (number * 7919) % combinations
  const chosen = words.map((list) => {
    const word = list[rest % list.length] ?? ''
    rest = Math.floor(rest / list.length)
    return word
  })
  const round = Math.floor(number / combinations)
  return round === 0 ? join(chosen) : `${join(chosen)} ${round + 1}`
}
