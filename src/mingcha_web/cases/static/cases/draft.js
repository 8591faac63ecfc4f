// What is typed in a step is kept on this device until the server has it: a visit does not get lost with the signal.
(() => {
  "use strict";
  const skipped = new Set(["csrfmiddlewaretoken", "version", "submit_key", "files"]);
  const read = (form) => {
    const kept = {};
    for (const [name, value] of new FormData(form)) if (!skipped.has(name) && typeof value === "string" && value) kept[name] = value;
    return kept;
  };
  const fill = (form, kept) => {
    let changed = false;
    for (const [name, value] of Object.entries(kept)) {
      const fields = [...form.elements].filter((field) => field.name === name);
      for (const field of fields) {
        if (field.type === "radio") { if (field.value === value && !field.checked) { field.checked = true; changed = true; } }
        else if (field.type !== "file" && !field.value) { field.value = value; changed = true; }
      }
    }
    return changed;
  };
  const notice = (form, words) => {
    let box = form.querySelector(".draft-notice");
    if (!box) { box = document.createElement("div"); box.className = "notice draft-notice"; box.setAttribute("role", "status"); form.prepend(box); }
    box.textContent = words;
  };
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const key = `mingcha-draft-${form.dataset.draft}`;
    const saved = localStorage.getItem(key);
    if (saved && fill(form, JSON.parse(saved))) notice(form, "已恢复上次没有提交成功的内容。");
    form.addEventListener("input", () => {
      const kept = read(form);
      if (Object.keys(kept).length) localStorage.setItem(key, JSON.stringify(kept)); else localStorage.removeItem(key);
    });
    form.addEventListener("submit", async (event) => {
      if (form.dataset.sending) { event.preventDefault(); return; }
      event.preventDefault();
      form.dataset.sending = "1";
      try {
        const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "follow", headers: { "X-Draft": "1" } });
        const page = await answer.text();
        if (answer.ok) { localStorage.removeItem(key); history.replaceState(null, "", answer.url); }
        document.open(); document.write(page); document.close();
      } catch {
        delete form.dataset.sending;
        notice(form, "没有信号，还没有提交。填写的内容已存在这台设备上，信号好了再点一次。");
        form.querySelector(".draft-notice").scrollIntoView({ block: "center" });
      }
    });
  }
})();
