/** The only style sheet of the simulator's pages. Contrast is at least 4.5:1 and focus is always visible. */
export const STYLE = `
:root { --ink: #17324d; --paper: #fff; --line: #c5d0da; --blue: #0059b3; --soft: #f2f6fa; }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header { display: flex; flex-wrap: wrap; gap: .5rem 2rem; padding: .5rem 1rem; background: var(--ink); }
header, header a { color: #fff; }
header a { display: inline-block; padding: .5rem .5rem .5rem 0; }
.brand { margin: 0; padding: .5rem 0; font-weight: 700; }
main { max-width: 80rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; }
h2 { margin-top: 2rem; font-size: 1.25rem; }
a { color: var(--blue); }
:focus-visible { outline: 3px solid #e6a700; outline-offset: 2px; }
table { width: 100%; border-collapse: collapse; }
caption { text-align: left; padding: .25rem 0; }
th, td { padding: .5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.scroll { overflow-x: auto; }
.number { text-align: right; white-space: nowrap; }
button { padding: .5rem .9rem; font: inherit; color: #fff; background: var(--blue);
  border: 1px solid var(--blue); border-radius: 4px; cursor: pointer; }
button.plain { color: var(--blue); background: var(--paper); }
button:hover { text-decoration: underline; }
form.row { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; }
form.choices { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0; }
form.row > div { max-width: 100%; }
label { display: block; font-weight: 600; }
select, input { padding: .5rem; font: inherit; border: 1px solid #5c6f82; border-radius: 4px; max-width: 100%; }
dl { display: grid; grid-template-columns: minmax(0, 2fr) minmax(6rem, 3fr); gap: .25rem 1rem; }
dt { font-weight: 600; overflow-wrap: anywhere; }
dd { margin: 0; overflow-wrap: anywhere; }
li { overflow-wrap: anywhere; }
td code { white-space: nowrap; }
code, pre { font-size: .9em; overflow-wrap: anywhere; }
pre { padding: 1rem; background: var(--soft); white-space: pre-wrap; }
.card { max-width: 40rem; padding: 1rem 1.5rem; border: 1px solid var(--line); border-radius: 8px; }
iframe { width: 100%; height: 32rem; border: 1px solid var(--line); background: #fff; }
`
