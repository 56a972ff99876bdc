/** The PSP that takes money in the simulator: the only one with counters. */
export const PSP = {
  psp: '60000000001',
  broker: '60000000001',
  channel: '60000000001_01',
  name: 'PSP simulato',
} as const
