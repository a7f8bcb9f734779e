{
  const own = typeof element == 'object' ? element : null
  let last
  const mark = form => {
    for (const one of [form, ...form.querySelectorAll('a,button,input,select,textarea,[tabindex]')]) {
      one.dataset.lmSuppressShortcuts = ''
      if (one.matches('.sign[title]') && last != (last = one.title)) one.click()
      if (one.type == 'password') one.autocomplete = 'off'
      if (one.matches('input,select,textarea')) one.ariaInvalid = !!one.closest('.bad')
    }
  }
  const begin = tries => {
    const form = own?.closest?.('.aic-form')
    if (form) {
      form.tabIndex = -1
      mark(form)
      form.onchange = () => setTimeout(() => form.querySelector('.left')?.click(), 250)
      form.onclick = event => event.target.closest('[role=tab]')?.focus()
      form.onkeydown = event => {
        if (event.target.matches('pre') && event.key.toLowerCase() == 'a' && (event.ctrlKey || event.metaKey)) {
          getSelection().selectAllChildren(event.target)
          event.preventDefault()
        }
      }
      new MutationObserver(() => mark(form)).observe(form, {subtree: true, childList: true, attributeFilter: ['class', 'tabindex', 'title']})
    } else if (tries) requestAnimationFrame(() => begin(tries - 1))
  }
  begin(600)
}
