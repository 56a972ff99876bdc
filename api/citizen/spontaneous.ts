import { Router, type Request, type Response } from 'express'
import { findSpontaneousDueType, type SpontaneousDueType } from '../../db/ente/ente.ts'
import { romeDay } from '../../domain/calendar.ts'
import { AppError } from '../../domain/errors.ts'
import { checkForm } from '../../domain/form/check.ts'
import { formDefinitionSchema } from '../../domain/form/definition.ts'
import { now, type AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { orAgain } from '../middleware/limits.ts'
import { citizenOf } from '../middleware/session.ts'
import { languageOf, sendPage, textsFor } from '../page/page.ts'
import { enteHref, testEntiOf, dueTypeHref } from './enti.ts'
import { takeKept } from '../form/kept.ts'
import { statusOf, summaryView, type Problems } from '../form/field-view.ts'
import { problemTexts } from '../form/form-problems.ts'
import { applyAction, formView } from '../form/form-view.ts'
import { trimmedText, typedIn, type Typed } from '../form/read-request.ts'
import { formSeen, storedMark } from '../form/seen-form.ts'
import { accountPerson } from './account-person.ts'
import {
  askedOf,
  CODE,
  EMAIL,
  knownFields,
  NAME,
  payerFields,
  personKindOf,
  readPayerFields,
} from './payer-form.ts'
import type { ProveAddress } from './prove-address.ts'

/** The form as the page showed it first. The hyphen keeps it apart from the fields of the form. */
const SEEN = 'm-visto'

const PATH = '/enti/:codIpa/spontaneo/:code'
const PAYER = [NAME, CODE, EMAIL] as const

/** The form of a spontaneous due. The definition of the due type describes its fields, and only the server computes the amount. */
export function spontaneousPages({ db, config }: AppDeps, prove: ProveAddress): Router {
  const router = Router()

  router.get(PATH, async (req, res) => {
    const dueType = await mustFind(req, req.params)
    showForm(req, res, { dueType, typed: takeKept(req, res) ?? knownFields(req), problems: {} })
  })

  router.post(PATH, async (req, res) => {
    const dueType = await mustFind(req, req.params)
    const definition = formDefinitionSchema.parse(dueType.form)
    const { typed, action } = applyAction(definition, typedIn(req))
    if (action === 'update') return showForm(req, res, { dueType, typed, problems: {} })
    const context = { today: romeDay(now(config)) }
    const form = checkForm(definition, typed, context)
    const t = textsFor(res)
    const wrong = form.ok
      ? {}
      : problemTexts(t, { definition, language: languageOf(res), typed }, form.problems)
    if (action === 'compute') return showForm(req, res, { dueType, typed, problems: wrong })
    const citizen = citizenOf(req)
    const payer = readPayerFields(t, askedOf(PAYER, citizen), typed, { mayBeNobody: dueType.anonymousPayer })
    if (!form.ok || !payer.ok)
      return showForm(req, res, {
        dueType,
        typed,
        problems: { ...wrong, ...(payer.ok ? {} : payer.problems) },
      })
    const { [NAME]: anagrafica, [CODE]: codice, [EMAIL]: email } = payer.value
    const owner = { tipo: personKindOf(codice, citizen), codice, anagrafica }
    const proved = prove(req, res, {
      kind: 'spontaneous',
      enteName: dueType.enteName,
      codIpa: dueType.codIpa,
      code: dueType.code,
      values: form.values,
      importoCents: (await seenAmount(dueType, typed)) ?? form.importo,
      // The receipt goes to the versante. Without an account the pagatore is the same person, and so has the same address.
      payer: citizen?.email ? owner : { ...owner, email },
      versante: citizen?.email ? accountPerson(citizen) : { ...owner, email },
      wants: typed['azione'] === 'avviso' && dueType.noticeEnabled ? 'notice' : 'cart',
    })
    await orAgain(res, proved, (problem) => showForm(req, res, { dueType, typed, problems: {}, problem }))
  })

  /**
   * What the same answers cost by the form that the page showed, when the ente has changed it meanwhile. Undefined when it is the form of
   * now, or when by the other one nothing could be paid. It is only what the citizen is told: he pays by the form of now.
   */
  async function seenAmount({ id, form }: SpontaneousDueType, typed: Typed): Promise<number | undefined> {
    const mark = trimmedText(typed, SEEN)
    if (mark === '' || mark === storedMark(form)) return undefined
    const seen = await formSeen(db, id, mark)
    const check = seen && checkForm(seen, typed, { today: romeDay(now(config)) })
    return check?.ok ? check.importo : undefined
  }

  async function mustFind(req: Request, key: { codIpa: string; code: string }): Promise<SpontaneousDueType> {
    const dueType = await findSpontaneousDueType(db, { ...key, tests: testEntiOf(req) })
    if (!dueType) throw new AppError('NOT_FOUND')
    return dueType
  }

  function showForm(req: Request, res: Response, { dueType, typed, problems, problem = null }: Shown): void {
    const t = textsFor(res)
    const definition = formDefinitionSchema.parse(dueType.form)
    const context = { today: romeDay(now(config)) }
    sendPage(
      res,
      'citizen/spontaneous',
      {
        title: `${dueType.name}, ${dueType.enteName}`,
        here: dueType.name,
        parents: [
          { text: t('enti.title'), href: '/enti' },
          { text: dueType.enteName, href: enteHref(dueType.codIpa) },
        ],
        csrf: csrfOf(req),
        problem,
        // It stays the first one while the page is shown again, so that a change in between is told.
        seen: { name: SEEN, value: trimmedText(typed, SEEN) || storedMark(dueType.form) },
        action: dueTypeHref(dueType.codIpa, dueType.code),
        enteName: dueType.enteName,
        dueTypeName: dueType.name,
        canPrint: dueType.noticeEnabled,
        ...formView({ definition, language: languageOf(res), typed, problems, context }),
        payerFields: payerFields(t, askedOf(PAYER, citizenOf(req)), typed, problems),
        ...summaryView(problems),
      },
      statusOf(problems, problem),
    )
  }
  return router
}

interface Shown {
  dueType: SpontaneousDueType
  typed: Typed
  problems: Problems
  /** The sentence about a limit that is reached; null when none is. */
  problem?: string | null
}
