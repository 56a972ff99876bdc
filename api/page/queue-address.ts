import { QUEUES, type Queue } from '../../db/worklist/queues.ts'

/** The page of support that has the lists behind the counts of "Da guardare". */
export const QUEUES_PATH = '/supporto/da-guardare'

/** The end of the address of each queue. */
const SLUGS: Record<Queue, string> = {
  late: 'senza-esito',
  mail: 'mail-rifiutate',
  files: 'file-fermi',
  asleep: 'processi-in-ritardo',
}

export const queueHref = (queue: Queue): string => `${QUEUES_PATH}/${SLUGS[queue]}`

/** The queue of the end of an address; undefined for any other text. */
export const queueOf = (slug: string): Queue | undefined => QUEUES.find((queue) => SLUGS[queue] === slug)
