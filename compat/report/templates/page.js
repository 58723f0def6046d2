for (const button of document.querySelectorAll("button[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copies);
    let done = true;
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      getSelection().selectAllChildren(source);
      done = document.execCommand("copy");
    }
    button.textContent = done ? "Copied" : "Press Ctrl+C";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
}

const reveal = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
  target?.scrollIntoView();
};
addEventListener("hashchange", reveal);
if (location.hash) reveal();

const form = document.getElementById("filters");
const rows = [...document.querySelectorAll("[data-question]")];
const told = document.getElementById("filtered");
const filter = () => {
  const wanted = Object.fromEntries(new FormData(form));
  const words = wanted.words.trim().toLowerCase();
  const fits = (row) => (!wanted.level || row.dataset.level === wanted.level)
    && (!wanted.device || row.dataset.device === wanted.device)
    && (!wanted.changed || row.dataset.changed)
    && (!wanted.relied || row.dataset.relied)
    && (!words || row.dataset.question.toLowerCase().includes(words));
  const seen = new Set();
  for (const row of rows) {
    row.hidden = !fits(row);
    if (!row.hidden) seen.add(row.dataset.device + " " + row.dataset.id);
  }
  const narrowed = words || wanted.level || wanted.device || wanted.changed || wanted.relied;
  for (const part of document.querySelectorAll("#questions [data-holds]")) {
    const any = part.querySelector("[data-question]:not([hidden])");
    part.hidden = Boolean(narrowed) && !any;
    if (part.tagName === "DETAILS" && (words || wanted.level || wanted.relied) && any && part.dataset.holds === "rows") part.open = true;
  }
  told.textContent = narrowed ? `${seen.size} of ${told.dataset.all} questions` : "";
};
if (form) {
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
}
