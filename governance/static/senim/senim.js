// What plain HTML cannot do for us. Everything here is a comfort: every page works without it.
"use strict";
(() => {
  // Requests of htmx carry the token that forms carry as a hidden field. It is only on pages of people who signed in.
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
  });

  // When the session has ended, a fragment is answered with the sign-in page: the whole page must go there, not a part of it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answered = new URL(event.detail.xhr.responseURL, window.location.href).pathname;
    if (answered !== document.body.dataset.signIn) return;
    event.detail.shouldSwap = false;
    window.location.reload();
  });

  // A refused fragment stops asking, keeps what it showed and says so.
  document.addEventListener("htmx:responseError", (event) => {
    const asking = event.detail.elt;
    const still = asking.cloneNode(true);
    ["hx-get", "hx-post", "hx-trigger"].forEach((name) => still.removeAttribute(name));
    const note = document.createElement("p");
    note.className = "note note-warn";
    note.setAttribute("role", "alert");
    note.textContent = document.body.dataset.stopped;
    asking.replaceWith(still);
    still.after(note);
  });

  // Menus made of <details> close on Escape, on a click elsewhere and when another one opens.
  const close = (except) => document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
  document.addEventListener("click", (event) => close(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    close(null);
    if (menu) menu.querySelector("summary").focus();
  });

  // A form marked data-once is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-once]") || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }));

  // A digest is shown short and copied whole.
  const copyable = (root) => root.querySelectorAll("[data-copy]").forEach((each) => {
    each.tabIndex = 0;
    each.setAttribute("role", "button");
  });
  const copy = async (each) => {
    await navigator.clipboard.writeText(each.dataset.copy);
    const before = each.textContent;
    each.textContent = document.body.dataset.copied;
    window.setTimeout(() => { each.textContent = before; }, 1200);
  };
  const asked = (event) => event.type === "click" || event.key === "Enter" || event.key === " ";
  ["click", "keydown"].forEach((kind) => document.addEventListener(kind, (event) => {
    const each = event.target.closest("[data-copy]");
    if (!each || !navigator.clipboard || !asked(event) || each.textContent === document.body.dataset.copied) return;
    event.preventDefault();
    copy(each);
  }));
  document.addEventListener("htmx:load", (event) => copyable(event.detail.elt));

  // The summary of the errors is the first thing to read after a refused form.
  document.addEventListener("DOMContentLoaded", () => {
    copyable(document);
    const summary = document.querySelector("[data-focus]");
    if (summary) summary.focus();
  });
})();
