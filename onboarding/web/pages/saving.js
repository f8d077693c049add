// Saves what stands in a form while somebody writes, as its button "later" does; without it that button is enough.
(() => {
  "use strict";
  const PAUSE = 2e3, GAP = 5e3, LONGEST = 15e3, PATIENCE = 2e4, AGAIN = 3e4, MOST = 3e5;
  const line = document.querySelector(".saving"), form = line.closest("form");
  const { since, later, lost } = line.dataset;
  const written = () => new URLSearchParams(new FormData(form)).toString();
  const show = (id) => { document.getElementById(id).hidden = false; };
  const say = (text) => { if (line.textContent !== text) line.textContent = text; };
  const wait = (time) => { clearTimeout(timer); timer = setTimeout(save, time); };
  let kept = "unsent" in line.dataset ? "" : written();
  let began = 0, last = 0, timer = 0, over = false, request = null;

  const changed = () => {
    if (over || request || written() === kept) return;
    const now = Date.now();
    began ||= now;
    wait(Math.max(last + GAP - now, Math.min(PAUSE, began + LONGEST - now)));
  };

  const save = async () => {
    const text = written();
    clearTimeout(timer);
    if (over || request || text === kept) return;
    request = new AbortController();
    const { signal } = request, end = setTimeout(() => request.abort(), PATIENCE);
    const body = `${text}&${later}=yes&${later}-since=${since}`;
    let again = AGAIN;
    began = 0;
    last = Date.now();
    try {
      const answer = await fetch(location.href, {
        method: "POST", body, signal, redirect: "error", keepalive: body.length < 6e4,
        headers: {
          "Accept": "application/json",
          "Accept-Language": document.documentElement.lang,
          "Content-Type": "application/x-www-form-urlencoded",
        },
      });
      say((await answer.json()).said);
      const asked = Math.min(1e3 * answer.headers.get("Retry-After") || 0, MOST);
      again = (answer.status >= 500 || [408, 429].includes(answer.status)) && (asked || AGAIN);
      if (asked) last = Date.now() + asked - GAP;
      over ||= !(again || answer.ok);
      if (answer.ok) { kept = text; show("delete-draft"); }
    } catch { if (!over) say(lost); }
    clearTimeout(end);
    request = null;
    if (again) wait(again); else if (document.hidden) save(); else changed();
  };

  form.addEventListener("input", changed);
  form.addEventListener("submit", () => {
    over = true;
    request?.abort();
    setTimeout(() => { over = false; changed(); }, PATIENCE);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  addEventListener("online", save);
  show("saving-told");
  changed();
})();
