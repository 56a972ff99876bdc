/* The page already tells the truth and has its link "Aggiorna"; this only saves a click when the state changes. */
const box = document.getElementById('stato')
const href = box?.dataset.live
if (href) {
  const source = new EventSource(href)
  // Somebody who is leaving must not be called back by a reload.
  addEventListener('beforeunload', () => source.close())
  source.addEventListener('changed', () => {
    source.close()
    document.getElementById('stato-testo').textContent = box.dataset.news
    location.reload()
  })
}
