// A form with data-keep loses nothing: "save" keeps what is typed while it is typed, and with "check", too, the form is
// sent only once the register says that it would take it. The server's side is governance/inventory/keeping.py.
"use strict";
(() => {
  const IDLE = 1500, SOON = 300, PATIENCE = 10000, AGAIN = 15000;
  const cookie = (name) => document.cookie.split("; ").find((each) => each.startsWith(`${name}=`))?.split("=")[1];

  const watch = (form) => {
    const place = document.getElementById("kept"), door = document.getElementById("kept-door"), words = place.dataset;
    const keeps = form.dataset.keep === "save";
    let typed = 0, stored = 0, timer = 0, older = false, leaving = false;
    let last = Promise.resolve("ready");

    const tell = (text, tone) => {
      place.dataset.tone = tone;
      if (place.textContent !== text) place.textContent = text;
      door.hidden = text !== words.signedOut;
    };

    // After signing in again in another tab the form carries the token of the new session.
    const renewToken = () => {
      const token = cookie("csrftoken"), field = form.querySelector("[name=csrfmiddlewaretoken]");
      if (token && field) field.value = token;
    };

    const understood = (answer, said, upTo) => {
      if (said.state === "kept") {
        stored = upTo;
        form.querySelector("[name=seen]").value = said.seen;
        if (said.address && form.getAttribute("action") !== said.address) {
          form.setAttribute("action", said.address);
          window.history.replaceState(null, "", said.address);
        }
      }
      older = said.state === "older";
      if (said.words) tell(said.words, answer.ok ? "good" : "warn");
      else if (place.dataset.tone === "warn" && !older) tell("", "");
      return said.state;
    };

    const ask = async (how, more) => {
      const upTo = typed;
      renewToken();
      try {
        const answer = await fetch(form.action, {
          method: "POST", body: new FormData(form), headers: { "X-Senim-Keep": how }, redirect: "manual",
          signal: AbortSignal.timeout(PATIENCE), ...more,
        });
        if (answer.type === "opaqueredirect") { tell(words.signedOut, "warn"); return "signed out"; }
        if (!answer.headers.get("Content-Type")?.includes("json")) { tell(words.refused, "warn"); return "refused"; }
        return understood(answer, await answer.json(), upTo);
      } catch (gone) {
        tell(words.offline, "warn");
        return "offline";
      }
    };

    // One question at a time: the next one carries what the last answer brought.
    const inTurn = (how, more) => {
      last = last.then((before) => (how === "save" && stored === typed ? before : ask(how, more)));
      return last;
    };

    const save = async () => {
      window.clearTimeout(timer);
      if (!keeps || older || leaving || stored === typed) return;
      const state = await inTurn("save");
      if (state === "kept" && stored !== typed) later(IDLE);
      if (["offline", "signed out", "refused"].includes(state)) later(AGAIN);
    };
    const later = (pause) => { window.clearTimeout(timer); timer = window.setTimeout(save, pause); };

    form.addEventListener("input", () => { typed += 1; later(IDLE); });
    form.addEventListener("change", () => { typed += 1; later(SOON); });
    window.addEventListener("online", save);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") save();
      else if (keeps && !older && !leaving && stored !== typed) inTurn("save", { keepalive: true });
    });

    form.addEventListener("submit", async (event) => {
      if (leaving) return;
      event.preventDefault();
      window.clearTimeout(timer);
      const state = await inTurn("check");
      if (!["ready", "kept", "older", "waiting"].includes(state)) { place.scrollIntoView({ block: "center" }); return; }
      leaving = true;
      renewToken();
      form.requestSubmit(event.submitter);
    });
    window.addEventListener("pageshow", () => { leaving = false; });
    window.addEventListener("beforeunload", (event) => { if (!leaving && keeps && stored !== typed) event.preventDefault(); });
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-keep]").forEach(watch));
})();
