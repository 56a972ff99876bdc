import type { FlowDueType } from '../values.ts'

/** A due type without any special requirement. */
export const aFlowDueType = (given: Partial<FlowDueType> = {}): FlowDueType => ({
  id: 't',
  code: 'MENSA',
  dueOnBinding: false,
  printDueOn: false,
  anonymousPayer: false,
  iban: 'IT61H9999912345000000000001',
  mailsNotice: false,
  ...given,
})
