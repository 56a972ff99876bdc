import type { SeedDueType } from './model.ts'
import { seedTributi } from './tributi.ts'

/** Which tributes an ente collects and how; what is not said is spontaneous, active, without a binding date. */
const COLLECTED: Record<string, Record<string, Partial<SeedDueType>>> = {
  // Only forms: all of them, started by citizens.
  C_X901: Object.fromEntries(
    seedTributi.map(({ code }) => [
      code,
      code === 'VIOLAZIONE_CDS' ? { ibanAccredito: 'IT66U9999960010000000010102' } : {},
    ]),
  ),
  C_X902: {
    LUCE_VOTIVA: { spontaneous: false, dueOnBinding: true, postalAccount: '1000000202' },
    CONTRIBUTO_COSTRUZIONE: { spontaneous: false },
    COSAP_TOSAP: { spontaneous: false, dueOnBinding: true },
    MENSA_SCOLASTICA: { ibanAccredito: 'IT79A9999961020000000020202' },
    RETTA_ASILO_NIDO: { spontaneous: false },
    TRASPORTO_SCOLASTICO: {},
    DIRITTI_VARI: {},
    UTILIZZO_LOCALI: { active: false },
  },
  C_X903: {
    VIOLAZIONE_CDS: { spontaneous: false, ibanAccredito: 'IT14J9999962030000000030302' },
    VERBALE_AMMINISTRATIVO: { spontaneous: false },
    CONCESSIONE_CIMITERIALE: { spontaneous: false },
    UTILIZZO_LOCALI: {},
  },
  // Not open yet: only who has its test link sees it.
  C_X904: { DIRITTI_VARI: {} },
}

export const seedDueTypes: readonly SeedDueType[] = Object.entries(COLLECTED).flatMap(([codIpa, collected]) =>
  seedTributi
    .filter(({ code }) => collected[code] !== undefined)
    .map((tributo) => ({
      ...tributo,
      codIpa,
      active: true,
      spontaneous: true,
      dueOnBinding: false,
      ...collected[tributo.code],
    })),
)
