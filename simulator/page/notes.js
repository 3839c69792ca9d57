/** Short lines that fly over the page, and notices that wait for OK. */

const SECONDS = 4;
let fading = 0;

/** Show a line for a while. */
export function note(text, kind = "") {
  const toast = document.getElementById("toast");
  toast.textContent = text;
  toast.className = kind;
  clearTimeout(fading);
  fading = setTimeout(() => (toast.textContent = ""), SECONDS * 1000);
}

/** Say why something was not done. */
export function complain(error) {
  note(`Tidak terlaksana: ${error.message}`, "bad");
}

/** Show a notice until it is put away. */
export function alertWith(text) {
  document.getElementById("alert-text").textContent = text;
  document.getElementById("alert").showModal();
}
