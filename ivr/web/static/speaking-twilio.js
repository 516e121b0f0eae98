// A line of Twilio's Voice SDK, which is loaded when somebody speaks by it.
import { post } from "./api.js";

const KEPT = "dialtree-call"; // where a reloaded page finds the way back into its call
const AGAIN_MS = 5000, RENEW_MS = 60_000;
const SOUNDS = ["incoming", "outgoing", "disconnect", "dtmfs", "dtmfh", ..."0123456789"].map((name) => (/\d/.test(name) ? `dtmf${name}` : name));
const SILENCE = new URL("silence.wav", import.meta.url).href; // the SDK would fetch sounds from a host of Twilio's

export class Line {
  // `told(state)` is told there, ringing, talking or away; `chosen()` names microphone and loudspeaker, `trouble(error)` why there is none.
  constructor(_, { told, chosen, trouble }) {
    Object.assign(this, { told, chosen, trouble });
    this.device = null;
    this.call = null;
    this.muted = false;
  }

  async open() {
    await import("./vendor/twilio-voice.min.js");
    // Leaving the page, the SDK hangs up. A reload comes back into the call, so it is not to know of it meanwhile.
    addEventListener("pagehide", (event) => { if (this.call) event.stopImmediatePropagation(); });
    const token = await this.token();
    const { Device } = globalThis.Twilio;
    this.device = new Device(token, {
      sounds: Object.fromEntries(SOUNDS.map((name) => [name, SILENCE])), tokenRefreshMs: RENEW_MS, logLevel: "silent",
    });
    const { device } = this;
    device.on("registered", () => { if (!this.call) this.told("there"); });
    device.on("unregistered", () => { if (!this.call) this.told("away"); });
    device.on("tokenWillExpire", async () => device.updateToken(await this.token()));
    device.on("incoming", (call) => this.take(call, "ringing"));
    device.on("error", (error) => this.failed(error));
    await this.back();
    await device.register().catch((error) => this.failed(error));
  }

  /** A token, as soon as there is one: the server may be away, or the session over for the moment. */
  async token() {
    for (;;) {
      const { status, data } = await post("speaking/token");
      if (status === 200) return data.token;
      this.told("away");
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
  }

  /** Into the call that this page was in before it was loaded again. */
  async back() {
    const connectToken = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    if (!connectToken) return;
    try {
      this.take(await this.device.connect({ connectToken, rtcConstraints: this.constraints() }), "ringing");
    } catch { /* the call is over by now; the desk says so */ }
  }

  take(call, state) {
    this.call = call;
    const over = () => {
      if (this.call !== call) return;
      this.call = null;
      sessionStorage.removeItem(KEPT);
      this.told(this.device.state === "registered" ? "there" : "away");
    };
    call.on("accept", () => {
      if (call.connectToken) sessionStorage.setItem(KEPT, call.connectToken);
      call.mute(this.muted);
      this.told("talking");
    });
    for (const end of ["disconnect", "cancel", "reject"]) call.on(end, over);
    call.on("error", (error) => { this.failed(error); if (call.status() === "closed") over(); });
    call.on("reconnecting", () => this.told("away"));
    call.on("reconnected", () => this.told("talking"));
    this.told(state);
  }

  async failed(error) {
    this.trouble(error);
    if (![20101, 20104, 31205].includes(error.code)) return; // void or too old: with another token it is there again
    this.device.updateToken(await this.token());
    if (this.device.state === "unregistered") this.device.register().catch(() => this.told("away"));
  }

  constraints() {
    const { microphone } = this.chosen();
    return { audio: microphone ? { deviceId: { exact: microphone } } : true };
  }

  async answer() {
    await this.loud();
    this.call?.accept({ rtcConstraints: this.constraints() });
  }

  hangUp() { if (this.call?.status() === "pending") this.call.reject(); else this.call?.disconnect(); }

  mute(on) {
    this.muted = on;
    if (this.call?.status() === "open") this.call.mute(on);
  }

  /** Another microphone or loudspeaker from now on. */
  async use() {
    await this.loud();
    const { microphone } = this.chosen();
    if (!this.call) return;
    await this.device.audio.setInputDevice(microphone || "default");
  }

  async loud() {
    const { loudspeaker } = this.chosen(), { audio } = this.device;
    if (audio.isOutputSelectionSupported && loudspeaker) await audio.speakerDevices.set(loudspeaker).catch(() => {});
  }
}
