// Sends a file, and tells how much of it has gone: `fetch` does not say.

import * as api from "../api.js";

/**
 * @param {string} path Below /api/v1/.
 * @param {ArrayBuffer} file
 * @param {(sent: number) => void} onprogress From 0 to 1.
 * @returns {Promise<any>} What the gateway answers; a `Problem` otherwise.
 */
export function upload(path, file, onprogress) {
  const request = new XMLHttpRequest();
  request.open("POST", `/api/v1/${path}`);
  request.responseType = "json";
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.setRequestHeader("X-CSRF-Token", api.csrfToken());
  request.upload.onprogress = ({ lengthComputable, loaded, total }) => lengthComputable && onprogress(loaded / total);
  request.upload.onload = () => onprogress(1);
  return new Promise((resolve, reject) => {
    request.onload = () => {
      const { status, response } = request;
      if (status >= 200 && status < 300) return resolve(response);
      const { code = "unknown", ...facts } = response ?? {};
      reject(new api.Problem(code, status, facts));
    };
    request.onerror = request.ontimeout = () => reject(new api.Problem("no_connection"));
    request.send(file);
  });
}
