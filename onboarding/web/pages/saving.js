// Saves a form while somebody writes, as its button "later" does.
(() => {
  "use strict";
  const PAUSE = 2e3, GAP = 5e3, LONGEST = 15e3, PATIENCE = 2e4, AGAIN = 3e4, MOST = 3e5;
  const line = document.querySelector(".saving"), form = line.closest("form");
  const { later, lost, off } = line.dataset, mark = form.elements[`${later}-mark`];
  const written = () => new URLSearchParams(new FormData(form)).toString();
  const show = (id) => { document.getElementById(id).hidden = false; };
  const say = (text) => { if (line.textContent !== text) line.textContent = text; };
  const wait = (time) => { clearTimeout(timer); timer = setTimeout(save, time); };
  mark.disabled = true;
  let kept = "unsent" in line.dataset ? "" : written(), unsure = "";
  let began = 0, last = 0, timer = 0, over = false, request = null;

  const changed = () => {
    if (over || request || written() === kept) return;
    const now = Date.now();
    began ||= now;
    wait(Math.max(last + GAP - now, Math.min(PAUSE, began + LONGEST - now)));
  };

  const save = async () => {
    const text = unsure || written();
    clearTimeout(timer);
    if (over || request || text === kept) return;
    request = new AbortController();
    const { signal } = request, end = setTimeout(() => request.abort(), PATIENCE);
    const body = new URLSearchParams(`${text}&${later}=yes&${mark.name}=${mark.value}`);
    let again = AGAIN;
    began = 0;
    last = Date.now();
    unsure = text;
    try {
      const answer = await fetch("", {
        method: "POST", body, signal, keepalive: text.length < 6e4,
        headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang },
      });
      const asked = Math.min(1e3 * answer.headers.get("Retry-After") || 0, MOST);
      again = (answer.ok || /5..|408|429/.test(answer.status)) && (asked || AGAIN);
      if (asked) last = Date.now() + asked - GAP;
      over ||= !again;
      const told = await answer.json();
      say(told.said);
      unsure = "";
      if (answer.ok) { again = 0; kept = text; mark.value = told.mark; show("delete-draft"); }
    } catch { if (!signal.aborted || !over) say(over ? off : lost); }
    clearTimeout(end);
    request = null;
    again ? wait(again) : document.hidden ? save() : changed();
  };

  form.addEventListener("input", changed);
  form.addEventListener("submit", () => {
    over = true;
    mark.disabled = unsure;
    request?.abort();
    setTimeout(() => { over = !(mark.disabled = true); changed(); }, PATIENCE);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  addEventListener("online", save);
  show("saving-told");
  changed();
})();
