import type { FlowTipo } from '../values.ts'

/** A due type without any special requirement. */
export const aFlowTipo = (given: Partial<FlowTipo> = {}): FlowTipo => ({
  id: 't',
  code: 'MENSA',
  dueOnBinding: false,
  printDueOn: false,
  anonymousPayer: false,
  iban: 'IT61H9999912345000000000001',
  ...given,
})
