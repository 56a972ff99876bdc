import type { SchemaName } from '../schemas.ts'
import { everyElement, writeSample, type Sample } from './sample.ts'

/** A type by its namespace and its name, as in `xsi:type`. */
type TypeName = readonly [namespace: string, name: string]

const XSI = 'http://www.w3.org/2001/XMLSchema-instance'
const XSD = 'http://www.w3.org/2001/XMLSchema'
const NODO = 'http://ws.pagamenti.telematici.gov/'
const PAGAMENTI = 'http://www.digitpa.gov.it/schemas/2011/Pagamenti/'
const ENTE = 'http://www.regione.veneto.it/pagamenti/ente/'

const types = (namespace: string, names: string): TypeName[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => [namespace, name])

/** Types of XML Schema itself: the element's own, a narrower one, another one. */
const BUILT_IN = types(
  XSD,
  'string token int positiveInteger boolean decimal date dateTime base64Binary anyType',
)
/** Types that no schema defines. */
const UNKNOWN = [...types('urn:nobody', 'stText35'), ...types(XSD, 'text')]

const DOCUMENTS = types(
  PAGAMENTI,
  `stText16 stText35 stText70 stText140 stISODate stISODateTime stBase64 stBase64Binary70 stImporto stImportoDiversoDaZero
   stCodiceIdentificativoUnivoco stNazioneProvincia stEMail stAutenticazioneSoggetto stTipoVersamento stCodiceEsitoPagamento
   stFirmaRicevuta stTipoIdentificativoUnivoco stTipoIdentificativoUnivocoPersFG stTipoIdentificativoUnivocoPersG
   stDatiSpecificiRiscossione stTipoBollo stTipoAllegatoRicevuta stIBANIdentifier stBICIdentifier ctDominio
   ctIdentificativoUnivoco ctIdentificativoUnivocoPersonaFG ctIdentificativoUnivocoPersonaG ctSoggettoVersante
   ctSoggettoPagatore ctEnteBeneficiario ctIstitutoAttestante ctRichiestaPagamentoTelematico ctRicevutaTelematica
   ctDatiVersamentoRPT ctDatiSingoloVersamentoRPT ctDatiMarcaBolloDigitale ctDatiVersamentoRT ctDatiSingoloPagamentoRT
   ctAllegatoRicevuta`,
)
const SHARED = types(NODO, 'stText35 risposta faultBean answer')

/** The type names in the published descriptions, and a few names that are in none. */
const TRIED: Readonly<Record<SchemaName, readonly TypeName[]>> = {
  'rpt-rt': [...DOCUMENTS, ...types(PAGAMENTI, 'text35 rt')],
  'nodo-per-pa': [
    ...SHARED,
    ...types(`${NODO}ppthead`, 'stText35 stIdentificativoCarrello'),
    ...types(
      NODO,
      `stPassword stConvenzione stZeroUno nodoInviaRPT nodoInviaRPTRisposta nodoInviaCarrelloRPT
       nodoInviaCarrelloRPTRisposta tipoListaRPT tipoElementoListaRPT listaErroriRPT nodoChiediStatoRPT
       nodoChiediStatoRPTRisposta esitoChiediStatoRPT tipoStoricoRPT tipoStoricoVersamento nodoChiediCopiaRT
       nodoChiediCopiaRTRisposta nodoChiediListaPendentiRPT nodoChiediListaPendentiRPTRisposta tipoListaRPTPendenti
       tipoRPTPendente nodoChiediElencoFlussiRendicontazione nodoChiediElencoFlussiRendicontazioneRisposta
       tipoElencoFlussiRendicontazione tipoIdRendicontazione nodoChiediFlussoRendicontazione
       nodoChiediFlussoRendicontazioneRisposta sendRpt`,
    ),
  ],
  'pa-per-nodo': [
    ...SHARED,
    ...types(`${NODO}ppthead`, 'stText35'),
    ...types(NODO, 'paaInviaRT paaInviaRTRisposta esitoPaaInviaRT rtOutcome'),
  ],
  'pa-per-nodo-pagamento-psp': [
    ...SHARED,
    ...DOCUMENTS,
    ...types(`${NODO}ppthead`, 'stText35'),
    ...types(
      NODO,
      `stText25 stImporto stCausaleVersamento ctSpezzoniCausaleVersamento ctSpezzoneStrutturatoCausaleVersamento
       paaVerificaRPT paaVerificaRPTRisposta esitoVerificaRPT paaAttivaRPT paaAttivaRPTRisposta esitoAttivaRPT
       paaTipoDatiPagamentoPA paaTipoDatiPagamentoPSP noticeOutcome`,
    ),
  ],
  'pa-per-ente': [
    ...types(`${ENTE}ppthead`, 'stText35 text35'),
    ...types(
      ENTE,
      `stPassword risposta faultBean paaSILAutorizzaImportFlusso paaSILAutorizzaImportFlussoRisposta
       paaSILChiediStatoImportFlusso paaSILChiediStatoImportFlussoRisposta password importState`,
    ),
  ],
}

export interface Typed {
  /** Place of the element and its `xsi:type`, for people. */
  from: string
  place: string
  type: TypeName
  text: string
}

/**
 * The sample with `xsi:type` on one element: for every element whose place is not in `seen`, with every type we try.
 */
export function typedOf(schema: SchemaName, sample: Sample, seen: Set<string>): Typed[] {
  const copy = structuredClone(sample)
  return placesOf(copy).flatMap(([place, element]) => {
    if (seen.has(place)) return []
    seen.add(place)
    return [...TRIED[schema], ...BUILT_IN, ...UNKNOWN].map((type) => ({
      from: `${place} is a ${type[1]} of ${type[0]}`,
      place,
      type,
      text: writeTyped(copy, [[element, type]]),
    }))
  })
}

/** The sample with `xsi:type` on each element whose place has a named type. */
export function typedThroughout(sample: Sample, typeOf: (place: string) => TypeName | undefined): string {
  const copy = structuredClone(sample)
  const said = placesOf(copy).flatMap(([place, element]) => {
    const type = typeOf(place)
    return type ? [[element, type] as const] : []
  })
  return writeTyped(copy, said)
}

/** Elements with their place: their own name and their parent's, because one name may have two types. */
function placesOf(root: Sample, parent = ''): [place: string, element: Sample][] {
  const place = `${parent}/${localName(root)}`
  return [[place, root], ...root.children.flatMap((child) => placesOf(child, localName(root)))]
}

function writeTyped(root: Sample, said: readonly (readonly [Sample, TypeName])[]): string {
  const before = new Map(everyElement(root).map((element) => [element, element.attributes]))
  for (const [element, [namespace, name]] of said)
    element.attributes = [
      ...element.attributes,
      ['xmlns:said', namespace],
      ['xmlns:by', XSI],
      ['by:type', `said:${name}`],
    ]
  const text = writeSample(root)
  for (const [element, attributes] of before) element.attributes = attributes
  return text
}

const localName = (element: Sample): string => element.name.replace(/^.*:/, '')
