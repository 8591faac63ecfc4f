// Keyboard: / searches, g then a letter goes somewhere, j and k move through rows. Forms are sent once.
(() => {
  "use strict";
  const side = document.querySelector(".side");
  const toggle = document.getElementById("toggle");
  if (toggle && side) {
    toggle.addEventListener("click", () => {
      const open = side.classList.toggle("open");
      toggle.setAttribute("aria-expanded", String(open));
    });
    document.addEventListener("click", (event) => {
      if (!side.contains(event.target) && !toggle.contains(event.target)) side.classList.remove("open");
    });
  }
  let waiting = false;
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && side) side.classList.remove("open");
    if (typing(event.target)) return;
    if (waiting) {
      waiting = false;
      const entry = document.querySelector(`.side a[data-key="${CSS.escape(event.key)}"]`);
      if (entry) { event.preventDefault(); entry.click(); }
      return;
    }
    if (event.key === "g") { waiting = true; setTimeout(() => { waiting = false; }, 1200); }
    if (event.key === "/") {
      const search = document.querySelector("main input[type=search], .top input[type=search]");
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
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    // refusals come with a message of their own; this is for a server that does not answer sensibly
    if (event.detail.xhr.status >= 500) document.getElementById("messages").textContent = "没有保存成功，请稍后再试一次。";
  });
  document.body.addEventListener("htmx:sendError", () => {
    document.getElementById("messages").textContent = "连不上服务器，填写的内容还在页面上。请检查网络后再试。";
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if ([400, 403, 409, 422].includes(event.detail.xhr.status)) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
})();
