// Two comforts; every page works without them: choose all on a page, and a button that prints.
document.querySelectorAll("[data-all]").forEach((all) => {
  const boxes = all.form.querySelectorAll(`[name="${all.dataset.all}"]`);
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
});
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
