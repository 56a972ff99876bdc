import type { SeedDueType } from './model.ts'
import { seedTributi } from './tributi.ts'

/**
 * The tributes that each ente collects. Without other values a type is spontaneous, active and without a binding date.
 */
const COLLECTED: Record<string, Record<string, Partial<SeedDueType>>> = {
  // This ente has only forms: all tributes, started by citizens.
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
  // This ente is not open yet: only people with its test link see it.
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
