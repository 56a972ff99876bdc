import type { Context } from '../context.ts'
import { html, type Html } from '../html.ts'
import { showInstant } from '../pages/instant.ts'
import type { Flow } from '../reporting/flow.ts'
import { countOf } from '../reporting/rows.ts'
import { EXAMPLE_LABELS } from './examples.ts'

const LISTED = 20

/** Flows of reporting: those published, and the buttons that publish more. */
export function reportingSection(context: Context): Html {
  const flows = context.world.flows.list()
  const newest = flows.slice(-LISTED).toReversed()
  return html`${newest.length === 0 ? html`<p>Nessun flusso pubblicato.</p>` : table(newest, flows.length)}
    <form method="post" action="/azioni/pubblica">
      <p>Un flusso per ente, PSP e giorno, con i pagamenti che non stanno ancora in un flusso.</p>
      <button>Pubblica i flussi di oggi</button>
    </form>
    <p>Oppure un flusso fatto apposta, per vedere che cosa ne dice MyPay:</p>
    ${exampleForm(context)}
    <form method="post" action="/azioni/giorno">
      <p>Qui fuori è il ${showInstant(context.now().toISOString())}.</p>
      <button class="plain">Avanza di un giorno</button>
    </form>`
}

function table(flows: readonly Flow[], all: number): Html {
  return html`<div class="scroll">
    <table>
      <caption>
        Gli ultimi ${flows.length} flussi di ${all}
      </caption>
      <thead>
        <tr>
          <th scope="col">Flusso</th>
          <th scope="col">Ente</th>
          <th scope="col">Pubblicato</th>
          <th scope="col" class="number">Pagamenti</th>
          <th scope="col" class="number">Totale</th>
        </tr>
      </thead>
      <tbody>
        ${flows.map(flowRow)}
      </tbody>
    </table>
  </div>`
}

function flowRow({ fdr, revision, domain, psp, published, totPayments, sumPayments, rows }: Flow): Html {
  const count = countOf(rows)
  return html`<tr>
    <td><code>${fdr}</code><br />revisione ${revision}, PSP ${psp}</td>
    <td>${domain}</td>
    <td>${showInstant(published)}</td>
    <td class="number">${totPayments}${count === totPayments ? '' : ` (in realtà ${count})`}</td>
    <td class="number">${sumPayments}</td>
  </tr>`
}

function exampleForm({ world }: Context): Html {
  const domain = [...world.rpts.values()].at(-1)?.domain ?? world.flows.list().at(-1)?.domain ?? ''
  return html`<form class="row" method="post" action="/azioni/esempio">
    <div>
      <label for="esempio">Un flusso</label>
      <select id="esempio" name="esempio">
        ${EXAMPLE_LABELS.map(({ id, label }) => html`<option value="${id}">${label}</option>`)}
      </select>
    </div>
    <div>
      <label for="ente">Codice fiscale dell'ente</label>
      <input id="ente" name="ente" type="text" inputmode="numeric" value="${domain}" required size="12" />
    </div>
    <button class="plain">Pubblica</button>
  </form>`
}
