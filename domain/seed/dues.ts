import { addDays } from '../calendar.ts'
import { cents } from '../money.ts'
import type { Person } from '../person.ts'
import type { SeedDue, SeedShare } from './model.ts'
import { seedPagatori as pagatori } from './pagatori.ts'

/**
 * Dues of the two enti that load files, each with a notice. Due dates are relative to the day of loading, so that a
 * demonstration is never out of date: one due has expired, the others have not.
 * @param today in Rome, 'YYYY-MM-DD'
 */
export function seedDues(today: string): readonly SeedDue[] {
  return ROWS.map(([codIpa, dueType, progressive, amount, causale, pagatore, dueInDays, secondary]) => ({
    codIpa,
    dueType,
    iud: `${dueType.slice(0, 12)}-${String(progressive).padStart(6, '0')}`,
    progressive,
    importo: cents(amount),
    causale,
    pagatore,
    dueOn: addDays(today, dueInDays),
    ...(secondary && { secondary }),
  }))
}

/** This ente is not on the platform, as is common for second beneficiaries. */
const unioneMontana: SeedShare = {
  domain: '99999905054',
  name: 'Unione Montana Alta Vallescura',
  iban: 'IT43A9999965050000000050501',
  importo: cents(35_000),
  datiSpecificiRiscossione: '9/0105102TS/',
}

type Row = [
  codIpa: string,
  dueType: string,
  progressive: number,
  cents: number,
  causale: string,
  pagatore: Person,
  dueInDays: number,
  secondary?: SeedShare,
]

const PIEVE = 'C_X902'
const RIVALUNGA = 'C_X903'

const ROWS: readonly Row[] = [
  [PIEVE, 'LUCE_VOTIVA', 1, 1850, 'Canone luce votiva - Capoluogo - lampada 12/B', pagatori.bianchi, 30],
  [PIEVE, 'LUCE_VOTIVA', 2, 1850, 'Canone luce votiva - Capoluogo - lampada 87', pagatori.dangelo, -40],
  [PIEVE, 'RETTA_ASILO_NIDO', 3, 32_450, 'Retta nido Il Girasole - codice N-0217', pagatori.galli, 15],
  [
    PIEVE,
    'MENSA_SCOLASTICA',
    4,
    9680,
    'Mensa scolastica Primaria Don Milani - pasti 22',
    pagatori.bianchi,
    20,
  ],
  [PIEVE, 'COSAP_TOSAP', 5, 41_200, 'Canone unico 2026 - Piazza Roma mq 24', pagatori.impresa, 60],
  [
    PIEVE,
    'CONTRIBUTO_COSTRUZIONE',
    6,
    123_450,
    'Contributo di costruzione pratica PDC/118/2026 - rata 1',
    pagatori.impresa,
    45,
    unioneMontana,
  ],
  [
    RIVALUNGA,
    'VIOLAZIONE_CDS',
    1,
    4200,
    'Violazione codice della strada verbale V/20417/2026',
    pagatori.zanin,
    5,
  ],
  [RIVALUNGA, 'VERBALE_AMMINISTRATIVO', 2, 10_400, 'Verbale amministrativo VA/311/2026', pagatori.rizzi, -10],
  [
    RIVALUNGA,
    'CONCESSIONE_CIMITERIALE',
    3,
    185_000,
    'Concessione loculo contratto 45/2026',
    pagatori.dangelo,
    90,
  ],
]
