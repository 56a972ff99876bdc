/**
 * A person who can sign in at the simulated provider. All are invented, with codes of a municipality that does not
 * exist.
 */
export type TestPerson = {
  id: string
  codiceFiscale: string
  name: string
  familyName: string
  email: string | undefined
  /** Explains to the tester who this person is. */
  note: string
}

export const PEOPLE: readonly TestPerson[] = [
  {
    id: 'chiara',
    codiceFiscale: 'BNCCHR85H52M999M',
    name: 'Chiara',
    familyName: 'Bianchi',
    email: 'chiara.bianchi@example.org',
    note: 'ha posizioni aperte presso il Comune di Pieve Sant’Elmo',
  },
  {
    id: 'luca',
    codiceFiscale: 'SPSLCU71S03M999T',
    name: 'Luca',
    familyName: 'Esposito',
    email: undefined,
    note: 'il suo gestore non comunica un indirizzo e-mail',
  },
  {
    id: 'federica',
    codiceFiscale: 'ZNNFRC88T49M999S',
    name: 'Federica',
    familyName: 'Zanin',
    email: 'federica.zanin@example.org',
    note: 'ha un verbale da pagare al Comune di Rivalunga sul Brenta',
  },
  {
    id: 'paolo',
    codiceFiscale: 'FRRPLA64P30M999Q',
    name: 'Paolo',
    familyName: 'Ferri',
    email: 'paolo.ferri@example.org',
    note: 'operatore del Comune di Pieve Sant’Elmo: area operatore',
  },
  {
    id: 'sara',
    codiceFiscale: 'GLLSRA78E45M999O',
    name: 'Sara',
    familyName: 'Gallo',
    email: 'sara.gallo@example.org',
    note: 'amministra i Comuni di Pieve Sant’Elmo e di Rivalunga sul Brenta',
  },
  {
    id: 'elena',
    codiceFiscale: 'CNTLNE01A49M999C',
    name: 'Elena',
    familyName: 'Conti',
    email: 'elena.conti@example.org',
    note: 'amministra la piattaforma della Regione',
  },
]
