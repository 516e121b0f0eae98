// The lines of an order: as soon as something stands in the last one that is shown, the next one is there, too.
document.addEventListener("input", ({ target }) => {
  const row = target.value && target.closest?.("tr[data-item]");
  if (row?.nextElementSibling) row.nextElementSibling.hidden = false;
});
