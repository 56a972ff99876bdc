import { describe, expect, test } from 'vitest'
import { meaningOf } from './node-faults.ts'

describe('D1: what a fault of the node proves', () => {
  test.each([
    'PPT_SINTASSI_XSD',
    'PPT_SINTASSI_EXTRAXSD',
    'PPT_AUTENTICAZIONE',
    'PPT_AUTORIZZAZIONE',
    'PPT_SEMANTICA',
    'PPT_DOMINIO_SCONOSCIUTO',
    'PPT_DOMINIO_DISABILITATO',
    'PPT_STAZIONE_INT_PA_SCONOSCIUTA',
    'PPT_STAZIONE_INT_PA_DISABILITATA',
    'PPT_INTERMEDIARIO_PA_SCONOSCIUTO',
    'PPT_INTERMEDIARIO_PSP_DISABILITATO',
    'PPT_CANALE_SCONOSCIUTO',
    'PPT_CANALE_NONRISOLVIBILE',
    'PPT_PSP_SCONOSCIUTO',
    'PPT_FIRMA_INDISPONIBILE',
    'PPT_IBAN_NON_CENSITO',
  ])('%s proves that nothing was taken', (code) => {
    expect(meaningOf(code)).toBe('refused')
  })

  test.each([
    'PPT_SYSTEM_ERROR',
    'PPT_SUPERAMENTOSOGLIA',
    'PPT_CANALE_IRRAGGIUNGIBILE',
    'PPT_CANALE_INDISPONIBILE',
    'PPT_CANALE_SERVIZIO_NONATTIVO',
    'PPT_CANALE_TIMEOUT',
    'PPT_ESITO_SCONOSCIUTO',
    'PPT_PAGAMENTO_DUPLICATO',
    'PPT_NEVER_HEARD_OF',
    'ppt_semantica',
    ' PPT_SEMANTICA',
    '',
  ])('%j proves nothing', (code) => {
    expect(meaningOf(code)).toBe('unknown')
  })

  test.each(['PPT_RPT_DUPLICATA', 'PPT_ID_CARRELLO_DUPLICATO'])(
    '%s proves that an earlier send of ours arrived',
    (code) => {
      expect(meaningOf(code)).toBe('already')
    },
  )
})
