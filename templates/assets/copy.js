/* Gives each code that carries data-copy a button that copies it. Where the browser cannot copy, the code stays plain text. */
if (navigator.clipboard)
  for (const code of document.querySelectorAll('[data-copy]')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'btn btn-outline-primary btn-sm mypay-copy'
    button.append(code.dataset.copyButton)
    button.setAttribute('aria-label', code.dataset.copyLabel)
    // It is in the page before anything is said in it, because screen readers announce only changes.
    const said = document.createElement('span')
    said.setAttribute('role', 'status')
    code.after(' ', button, ' ', said)
    const say = (text) => (said.textContent = text)
    button.addEventListener('click', () => {
      say('')
      navigator.clipboard.writeText(code.dataset.copy).then(
        () => say(code.dataset.copied),
        () => say(code.dataset.notCopied),
      )
    })
  }
