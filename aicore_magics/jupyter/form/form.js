{
  const own = typeof element === "undefined" ? null : element
  const mark = form => {
    for (const one of [form, ...form.querySelectorAll("a,button,input,select,textarea,[tabindex]")]) {
      one.setAttribute("data-lm-suppress-shortcuts", "")
      if (one.type === "password") one.autocomplete = "off"
      if (one.matches("input,select,textarea")) one.ariaInvalid = Boolean(one.closest(".bad"))
    }
  }
  const begin = frames => {
    const form = own?.closest?.(".aic-form")
    if (form) {
      form.tabIndex = -1
      mark(form)
      new MutationObserver(() => mark(form)).observe(form, {subtree: true, childList: true, attributeFilter: ["class", "tabindex"]})
    } else if (frames) requestAnimationFrame(() => begin(frames - 1))
  }
  begin(600)
}
