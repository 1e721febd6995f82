// Before the first paint, so that a page comes up under the name it showed last. See src/branding/brand.ts.
;(() => {
  const kept = localStorage.getItem('granary.brand')
  if (kept !== null) document.title = JSON.parse(kept).productName
})()
