/* The page already tells the truth and has its link "Aggiorna"; this keeps its numbers moving, at most once a second. */
const box = () => document.getElementById('stato')
const href = box()?.dataset.live
if (href) {
  const source = new EventSource(href)
  let waiting = false
  const refresh = async () => {
    waiting = false
    const answer = await fetch(location.href).catch(() => undefined)
    if (!answer?.ok) return
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('stato')
    if (!fresh) return
    const focused = document.activeElement?.closest('form')?.getAttribute('action')
    box().replaceWith(fresh)
    if (focused) document.querySelector(`form[action="${CSS.escape(focused)}"] button`)?.focus()
    if (fresh.dataset.live) return
    source.close()
    // It said what was about to happen, and that is over.
    document.getElementById('fatto')?.remove()
  }
  addEventListener('beforeunload', () => source.close())
  source.addEventListener('changed', () => {
    if (waiting) return
    waiting = true
    setTimeout(refresh, 1000)
  })
}
