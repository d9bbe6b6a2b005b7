// Full screen and picture-in-picture. The frame fills the screen, not the video, so that the watermark stays on it and what is covered stays
// covered. A window of its own has the bare video: it is offered where nothing lies over that.

export const canFloat = () => document.pictureInPictureEnabled === true;

/** An iPhone lets only a bare video fill the screen: there, the frame fills the page instead. */
export class Frame {
  /** Whether it fills the page, where the browser gives no full screen. */
  #page = false;

  /**
   * @param {HTMLElement} element
   * @param {() => void} changed Called when it begins or ends to fill the screen.
   */
  constructor(element, changed) {
    this.element = element;
    this.changed = changed;
  }

  /** @param {AbortSignal} signal */
  connect(signal) {
    document.addEventListener("fullscreenchange", this.changed, { signal });
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.#fillPage(false), { signal });
    signal.addEventListener("abort", () => this.leave());
  }

  get fills() {
    return this.#page || (document.fullscreenElement !== null && document.fullscreenElement === this.element.firstElementChild);
  }

  toggle() {
    if (this.fills) this.leave();
    else if (document.fullscreenEnabled) this.element.firstElementChild?.requestFullscreen().catch(() => this.#fillPage(true));
    else this.#fillPage(true);
  }

  leave() {
    this.dock();
    if (this.#page) this.#fillPage(false);
    else if (this.fills) document.exitFullscreen().catch(() => {});
  }

  /** Takes the video back from a window of its own. */
  dock() {
    if (this.element.contains(document.pictureInPictureElement)) document.exitPictureInPicture().catch(() => {});
  }

  /**
   * The same of an iPhone, which can show a video full screen by itself.
   * @param {Event} event
   */
  static dockPhone({ currentTarget }) {
    /** @type {any} */ (currentTarget).webkitExitFullscreen?.();
  }

  /** @param {HTMLVideoElement} video */
  float(video) {
    const done = document.pictureInPictureElement === video ? document.exitPictureInPicture() : video.requestPictureInPicture();
    // A browser may say no, for instance before the first frame; the picture in the page stays as it is.
    done.catch(() => {});
  }

  /** @param {boolean} fills */
  #fillPage(fills) {
    if (this.#page === fills) return;
    this.#page = fills;
    document.documentElement.classList.toggle("filled", fills);
    this.changed();
  }
}
