/* Who cannot see the page hears at once what is wrong. */
document.getElementById('errori')?.focus()
