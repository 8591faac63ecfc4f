// Keyboard: / searches, g then a letter goes somewhere, j and k move through rows, ? tells all this. Forms are sent once.
(() => {
  "use strict";
  const side = document.querySelector(".side");
  const toggle = document.getElementById("toggle");
  const keys = document.getElementById("keys");

  const openMenu = (open) => {
    if (!side || !toggle) return;
    side.classList.toggle("open", open);
    toggle.setAttribute("aria-expanded", String(open));
  };
  if (toggle && side) {
    toggle.addEventListener("click", () => {
      const open = !side.classList.contains("open");
      openMenu(open);
      if (open) side.querySelector("a").focus();
    });
    document.addEventListener("click", (event) => {
      if (side.classList.contains("open") && !side.contains(event.target) && !toggle.contains(event.target)) openMenu(false);
    });
  }
  const openKeys = () => { if (keys && keys.showModal && !keys.open) { openMenu(false); keys.showModal(); } };
  document.addEventListener("click", (event) => {
    // filters change the address without loading the page: an export takes what is set now
    const link = event.target.closest("a[data-export]");
    if (!link) return;
    const asked = new URLSearchParams(location.search);
    asked.delete("page");
    if (link.dataset.export) asked.set("export", link.dataset.export);
    link.search = asked.toString();
  });
  for (const button of document.querySelectorAll("[data-open=keys]")) button.addEventListener("click", openKeys);
  if (keys) keys.addEventListener("click", (event) => { if (event.target === keys) keys.close(); });
  for (const link of document.querySelectorAll("[data-back]")) {
    if (history.length < 2) continue;
    link.addEventListener("click", (event) => { event.preventDefault(); history.back(); });
  }

  // on a phone the filters stay folded until they are wanted
  for (const form of document.querySelectorAll("form.filters")) {
    if (form.querySelectorAll("select").length < 2 || !form.querySelector("input[type=search]")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-secondary filters-toggle";
    const fold = (shut) => {
      form.classList.toggle("shut", shut);
      button.setAttribute("aria-expanded", String(!shut));
      button.textContent = shut ? "更多筛选" : "收起筛选";
    };
    button.addEventListener("click", () => fold(!form.classList.contains("shut")));
    fold(![...form.querySelectorAll("select, input[type=month], input[type=date]")].some((field) => field.value));
    form.append(button);
  }

  let waiting = false;
  const typing = (target) => target.closest && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && side && side.classList.contains("open")) { openMenu(false); toggle.focus(); }
    if (typing(event.target) || (keys && keys.open)) return;
    if (waiting) {
      waiting = false;
      const entry = document.querySelector(`.side a[data-key="${CSS.escape(event.key)}"]`);
      if (entry) { event.preventDefault(); entry.click(); }
      return;
    }
    if (event.key === "g") { waiting = true; setTimeout(() => { waiting = false; }, 1200); }
    if (event.key === "?") { event.preventDefault(); openKeys(); }
    if (event.key === "/") {
      const search = document.querySelector("main input[type=search]") || document.querySelector(".top input[type=search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
    if (event.key === "j" || event.key === "k") {
      const links = [...document.querySelectorAll(".rows tbody tr a.row-link")];
      const at = links.indexOf(document.activeElement);
      const next = links[event.key === "j" ? at + 1 : at - 1];
      if (next) { event.preventDefault(); next.focus(); next.scrollIntoView({ block: "nearest" }); }
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    if (event.submitter) event.submitter.classList.add("sending");
    setTimeout(() => {
      delete form.dataset.sent;
      if (event.submitter) event.submitter.classList.remove("sending");
    }, 8000);
  });
  // a page that comes back from the browser's memory can be sent again
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) delete form.dataset.sent;
  });

  const say = (words) => {
    const box = document.getElementById("messages");
    if (!box) return;
    const notice = document.createElement("div");
    notice.className = "notice notice-bad";
    notice.textContent = words;
    box.replaceChildren(notice);
    notice.scrollIntoView({ block: "nearest" });
  };
  document.body.addEventListener("htmx:responseError", (event) => {
    // refusals come with a message of their own; this is for a server that does not answer sensibly
    if (event.detail.xhr.status >= 500) say("没有办成，系统出错了。请稍后再试一次。");
  });
  document.body.addEventListener("htmx:sendError", () => say("连不上服务器，填写的内容还在页面上。请检查网络后再试。"));
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if ([400, 403, 409, 422].includes(event.detail.xhr.status)) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
})();
