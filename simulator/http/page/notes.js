/** Notes that disappear after some seconds, and alerts that wait for OK. */

const SECONDS = 4;
let timer = 0;

/** Show a note for some seconds. */
export function showNote(text, kind = "") {
  const toast = document.getElementById("toast");
  toast.textContent = text;
  toast.className = kind;
  clearTimeout(timer);
  timer = setTimeout(() => (toast.textContent = ""), SECONDS * 1000);
}

/** Show why an operation failed. */
export function showError(error) {
  showNote(`Tidak terlaksana: ${error.message}`, "bad");
}

/** Show an alert until the user presses OK. */
export function showAlert(text) {
  document.getElementById("alert-text").textContent = text;
  document.getElementById("alert").showModal();
}
