import type { BulkKind } from '../../domain/bulk/acts.ts'
import { WHY_NOT_PRINTED } from '../due/notice-document.ts'
import { WHY_NOT_ASKED } from '../mail/notice-book.ts'
import { IS_DOUBTFUL } from '../payment/known.ts'

/**
 * SQL: why an act leaves a due `d` of the type `t` as it is, a `LeftReason`; null when it does it. Both ask it: the page that says what an
 * act would do, and the act itself when the due has its turn.
 */
export const WHY_LEFT: Record<BulkKind, string> = {
  // A single due whose money is in doubt can be cancelled on its page, which shows the doubt; among many nobody would see it.
  cancel: `case when d.state <> 'payable' then d.state when ${IS_DOUBTFUL} then 'doubt' end`,
  print: `(${WHY_NOT_PRINTED})`,
  send: WHY_NOT_ASKED,
  export: 'null::text',
}
