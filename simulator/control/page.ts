import { html, type Html } from '../html.ts'
import type { Context } from '../context.ts'
import { showCents } from '../money.ts'
import { showInstant } from '../pages/instant.ts'
import { keyOf } from '../world/facts.ts'
import type { RptRecord, RtRecord } from '../world/records.ts'
import { PRESETS } from './presets.ts'
import { reportingSection } from './reporting.ts'

const LISTED = 50

const RT_STATUS: Record<RtRecord['status'], string> = {
  waiting: 'da consegnare',
  accepted: 'accettata',
  refused: 'rifiutata',
  given_up: 'abbandonata',
  on_request: 'solo a richiesta',
}

/** What a person can do with one payment, in the order of the buttons. */
export const ACTIONS = {
  resend: 'Invia di nuovo la RT',
  positive: 'Invia una RT positiva',
  negative: 'Invia una RT negativa',
} as const

export function homePage(context: Context): Html {
  const newest = [...context.world.rpts.values()].slice(-LISTED).reverse()
  return html`<p>Qui accade tutto quello che sta fuori: il nodo, i PSP, la posta. Niente è denaro vero.</p>
    <h2 id="pagamenti">Pagamenti</h2>
    ${newest.length === 0 ? html`<p>Nessuna RPT ricevuta.</p>` : paymentsTable(context, newest)}
    <h2 id="rendicontazione">Rendicontazione</h2>
    ${reportingSection(context)}
    <h2 id="comportamenti">Comportamenti</h2>
    ${activeRules(context)} ${newRuleForm()}
    <h2 id="azzera">Azzera</h2>
    <form method="post" action="/azioni/azzera">
      <p>Dimentica pagamenti, ricevute, flussi, posta e comportamenti, e torna al giorno vero.</p>
      <button class="plain">Azzera il simulatore</button>
    </form>`
}

function paymentsTable(context: Context, rpts: RptRecord[]): Html {
  return html`<div class="scroll">
    <table>
      <caption>
        Le ultime ${rpts.length} RPT di ${context.world.rpts.size}
      </caption>
      <thead>
        <tr>
          <th scope="col">Ente e IUV</th>
          <th scope="col" class="number">Importo</th>
          <th scope="col">Stato al nodo</th>
          <th scope="col">Ricevute</th>
          <th scope="col">Azioni</th>
        </tr>
      </thead>
      <tbody>
        ${rpts.map((rpt) => paymentRow(context, rpt))}
      </tbody>
    </table>
  </div>`
}

function paymentRow({ world }: Context, rpt: RptRecord): Html {
  const rts = rpt.rts.map((id) => world.rts.get(id)).filter((rt) => rt !== undefined)
  const last = rpt.history.at(-1)
  const isOpen = world.open.has(rpt.idSession)
  return html`<tr>
    <td>${rpt.domain}<br /><code>${rpt.iuv}</code><br />CCP ${rpt.ccp}</td>
    <td class="number">${showCents(rpt.cents)}</td>
    <td>${last?.state}<br />${last ? showInstant(last.at) : ''}</td>
    <td>${rts.map(rtLine)}</td>
    <td>
      ${isOpen ? html`<p><a href="/psp/paga?idSession=${rpt.idSession}">Apri la pagina del PSP</a></p>` : ''}
      <form class="row" method="post" action="/azioni/rt">
        <input type="hidden" name="rpt" value="${keyOf(rpt)}" />
        ${Object.entries(ACTIONS).map(([name, label]) =>
          name === 'resend' && rts.length === 0
            ? ''
            : html`<button class="plain" name="azione" value="${name}">${label}</button>`,
        )}
      </form>
    </td>
  </tr>`
}

function rtLine({ code, cents, status, tries, lastFault }: RtRecord): Html {
  const fault = lastFault === undefined ? '' : `, ${lastFault}`
  return html`<div>esito ${code}, ${showCents(cents)}: ${RT_STATUS[status]} (invii: ${tries}${fault})</div>`
}

function activeRules({ behaviours }: Context): Html {
  const { rules, held } = behaviours.shown()
  const list = rules.map(
    (rule) =>
      html`<li>
        <form class="row" method="post" action="/azioni/togli">
          <input type="hidden" name="id" value="${rule.id}" />
          <code>${JSON.stringify(rule)}</code> <button class="plain">Togli ${rule.id}</button>
        </form>
      </li>`,
  )
  return html`${
    list.length === 0
      ? html`<p>Tutto si comporta bene.</p>`
      : html`<ul>
          ${list}
        </ul>`
  }
  ${
    held.length === 0
      ? ''
      : html`<form method="post" action="/azioni/rilascia">
          <p>Risposte trattenute: ${held.length}</p>
          <button>Rilascia</button>
        </form>`
  }`
}

function newRuleForm(): Html {
  const groups = [...new Set(PRESETS.map(({ group }) => group))]
  const options = groups.map(
    (group) =>
      html`<optgroup label="${group}">
        ${PRESETS.filter((preset) => preset.group === group).map(
          ({ id, label }) => html`<option value="${id}">${label}</option>`,
        )}
      </optgroup>`,
  )
  return html`<form class="row" method="post" action="/azioni/comportamento">
    <div>
      <label for="preset">Da ora</label>
      <select id="preset" name="preset">
        ${options}
      </select>
    </div>
    <div>
      <label for="volte">Per quante volte (vuoto: sempre)</label>
      <input id="volte" name="volte" type="text" inputmode="numeric" value="1" size="6" />
    </div>
    <button>Attiva</button>
  </form>`
}
