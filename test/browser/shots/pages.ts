import { fill, follow, open, press, sees, uploads, waits, type Step } from './steps.ts'

/** First names of people who can sign in on an installation of `npm start`. */
export type Person = 'Chiara' | 'Paolo' | 'Sara' | 'Elena'

export interface ShotPage {
  name: string
  /** Who signs in first; nobody when absent. */
  who?: Person
  steps: readonly Step[]
}

const ENTE = '/enti/C_X902'
const FORM = `${ENTE}/spontaneo/DIRITTI_VARI`
const OPERATOR = '/operatore/C_X902'
const ADMIN = '/admin/enti/C_X902'

const DUE = {
  diritto: 'Segreteria',
  importo: '10,50',
  'intestatario-nome': 'Chiara Bianchi',
  'intestatario-codice': 'BNCCHR85H52M999M',
  'e-mail': 'chiara.bianchi@example.org',
}
/** A notice of the demonstration data. */
const NOTICE = { 'codice-avviso': '322000000000000450', 'intestatario-codice': 'BNCCHR85H52M999M' }

const CONTINUE = press('Continua')
/** Each picture of each run has a due of its own, because paying the same thing twice asks for a confirmation. */
const RUN = String(Date.now()).slice(-6)
const inCart = (what: string): readonly Step[] => [
  open(FORM),
  fill({ ...DUE, nota: `${what} n. ${RUN}` }),
  CONTINUE,
]
const pays = (nota: string, choice: string, heading: RegExp): readonly Step[] => [
  ...inCart(nota),
  press(/^Paga .*€/),
  press(choice),
  sees(heading),
]

/** Of a spreadsheet saved as a CSV: a good row, a doubtful one and one that cannot be read. */
const SHEET = [
  'IUD;codiceIdentificativoUnivoco;tipoIdentificativoUnivoco;anagraficaPagatore;importoDovuto;dataEsecuzionePagamento;tipoDovuto;tipoVersamento;causaleVersamento;datiSpecificiRiscossione;flgGeneraIuv;azione',
  ...['21,75;31/12/2099', '1.234,50;30/11/2020', '12.345;31/12/2099'].map(
    (values, n) =>
      `FOTO-${RUN}-${n};BNCCHR85H52M999M;F;Bianchi Chiara;${values};DIRITTI_VARI;ALL;Diritti ${n};9/0105107TS/;VERO;I`,
  ),
].join('\n')
const sheet = (iuf: string, ...then: readonly Step[]): readonly Step[] => [
  open(`${OPERATOR}/flussi`),
  uploads('#file', `${iuf}.csv`, SHEET),
  follow('#foglio'),
  press('Carica'),
  waits('#carica'),
  fill({ iuf: `${iuf}${RUN}` }),
  ...then,
]
const ACT: readonly Step[] = [
  open(`${OPERATOR}/dovuti`),
  (page) => page.selectOption('#atto', 'cancel'),
  follow('button[name=chi][value=tutti]'),
]

const pagesOf = (who: Person | undefined, pages: Record<string, readonly Step[]>): ShotPage[] =>
  Object.entries(pages).map(([name, steps]) => ({ name, steps, ...(who && { who }) }))

/** The pages of docs/looks.md, in its order. */
export const SHOT_PAGES: readonly ShotPage[] = [
  ...pagesOf(undefined, {
    home: [open('/')],
    enti: [open('/enti')],
    ente: [open(ENTE)],
    form: [open(FORM)],
    'form-errors': [open(FORM), CONTINUE],
    'mail-sent': inCart('certificato'),
    notice: [open('/avviso')],
    'notice-errors': [open('/avviso'), CONTINUE],
    'notice-found': [open('/avviso'), fill(NOTICE), CONTINUE],
    'cart-empty': [open('/carrello')],
    missing: [open('/nulla')],
    questions: [open('/domande')],
    help: [open('/aiuto')],
  }),
  ...pagesOf('Chiara', {
    cart: inCart('certificato di nascita'),
    payer: [...inCart('certificato di residenza'), open('/carrello/versante')],
    paid: pays('stato di famiglia', 'Paga', /^Pagato$/),
    refused: pays('carta d’identità', 'Rifiuta il pagamento', /non riuscito|Non pagato/i),
    waiting: pays('estratto di nascita', 'Paga più tardi', /prenotato/i),
    area: [open('/area')],
    positions: [open('/area/posizioni')],
    payments: [open('/area/pagamenti')],
    account: [open('/area/account')],
  }),
  ...pagesOf('Paolo', {
    'operator-home': [open(OPERATOR)],
    dues: [open(`${OPERATOR}/dovuti`)],
    due: [open(`${OPERATOR}/dovuti`), follow('main table a')],
    'new-due': [open(`${OPERATOR}/dovuti/nuovo`)],
    flows: [open(`${OPERATOR}/flussi`)],
    exports: [open(`${OPERATOR}/esportazioni`)],
    'operator-anomalies': [open(`${OPERATOR}/anomalie`)],
    sheet: sheet('FOTO'),
    'sheet-check': sheet('PROVA', press('Controlla senza caricare'), waits('.mypay-facts')),
    'act-ask': ACT,
    acts: [open(`${OPERATOR}/operazioni`)],
    'past-day': [
      open(`${OPERATOR}/dovuti/nuovo?tipo=DIRITTI_VARI`),
      fill({
        'modulo-diritto': 'Copia di atti',
        'modulo-importo': '12,34',
        dataEsecuzionePagamento: '2020-12-31',
        codiceIdentificativoUnivoco: 'BNCCHR85H52M999M',
        anagraficaPagatore: 'Chiara Bianchi',
      }),
      follow('main form button.btn-primary[type=submit]'),
    ],
    reporting: [open(`${OPERATOR}/rendicontazione`)],
    'reporting-flow': [open(`${OPERATOR}/rendicontazione`), follow('main table a')],
  }),
  ...pagesOf('Sara', {
    'ente-admin-home': [open(OPERATOR)],
    'ente-admin': [open(ADMIN)],
    'ente-types': [open(`${ADMIN}/tipi`)],
    prices: [open(`${ADMIN}/tipi/MENSA_SCOLASTICA/modulo`)],
  }),
  ...pagesOf('Elena', {
    'form-editor': [open(`${ADMIN}/tipi/MENSA_SCOLASTICA/modulo`)],
    support: [open('/supporto')],
    'support-payment': [
      open(`/supporto?q=${DUE['intestatario-codice']}`),
      follow('ul.mypay-list a, main td a'),
    ],
    'support-anomalies': [open('/supporto/anomalie')],
    'admin-enti': [open('/admin/enti')],
    'admin-ente': [open(ADMIN)],
    'admin-types': [open(`${ADMIN}/tipi`)],
    'admin-operators': [open('/admin/operatori')],
    'admin-accesses': [open('/admin/accessi')],
    journal: [open('/admin/giornale')],
  }),
]
