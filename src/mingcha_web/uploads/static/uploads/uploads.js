// Says which of the chosen files are too large or too many before anything is sent.
(() => {
  const form = document.querySelector(".upload-form");
  const input = form && form.querySelector("input[type=file]");
  if (!input) return;
  const list = form.querySelector(".chosen");
  const words = (size) => (size < 1048576 ? `${Math.ceil(size / 1024)} KB` : `${Math.round(size / 1048576)} MB`);
  const look = () => {
    const files = [...input.files];
    const large = files.filter((file) => file.size > Number(form.dataset.limit));
    const tooMany = files.length > Number(form.dataset.most);
    list.replaceChildren(...files.map((file) => {
      const line = document.createElement("li");
      line.textContent = `${file.name}（${words(file.size)}）`;
      if (large.includes(file)) { line.className = "bad"; line.textContent += " 超过上限，请拆成几个文件"; }
      return line;
    }));
    const said = tooMany ? `一次最多 ${form.dataset.most} 个文件，请分批上传。` : large.length ? "有文件超过大小上限。" : "";
    input.setCustomValidity(said);
  };
  input.addEventListener("change", look);
  look();
})();
