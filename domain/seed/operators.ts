import type { Role } from '../ente/ente.ts'

/** The staff of the demo installation: invented persons who sign in at the simulated provider. */
export interface SeedOperator {
  codiceFiscale: string
  name: string
  email: string
  isPlatformAdmin: boolean
  /** Granted types by ente. An administrator may use all types. */
  grants: readonly { codIpa: string; role: Role; dueTypes?: readonly string[] }[]
}

export const seedOperators: readonly SeedOperator[] = [
  {
    codiceFiscale: 'FRRPLA64P30M999Q',
    name: 'Paolo Ferri',
    email: 'paolo.ferri@example.org',
    isPlatformAdmin: false,
    grants: [
      {
        codIpa: 'C_X902',
        role: 'operator',
        dueTypes: ['LUCE_VOTIVA', 'COSAP_TOSAP', 'MENSA_SCOLASTICA', 'TRASPORTO_SCOLASTICO', 'DIRITTI_VARI'],
      },
    ],
  },
  {
    codiceFiscale: 'GLLSRA78E45M999O',
    name: 'Sara Gallo',
    email: 'sara.gallo@example.org',
    isPlatformAdmin: false,
    grants: [
      { codIpa: 'C_X902', role: 'admin' },
      { codIpa: 'C_X903', role: 'admin' },
    ],
  },
  {
    codiceFiscale: 'CNTLNE01A49M999C',
    name: 'Elena Conti',
    email: 'elena.conti@example.org',
    isPlatformAdmin: true,
    grants: [],
  },
]
