/* Asks before a page is left whose form was changed and not sent. What was sent is kept by the server. */
for (const form of document.querySelectorAll('form[data-unsaved]')) {
  const ask = (event) => event.preventDefault()
  form.addEventListener('input', () => addEventListener('beforeunload', ask))
  form.addEventListener('submit', () => removeEventListener('beforeunload', ask))
}
