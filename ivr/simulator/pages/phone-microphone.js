// Microphone: opened once, shared by the recording of messages and by the talk with other telephones.

const WANTED = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

export class Microphone {
  // `sendPiece(bytes)` takes 8 kHz 16-bit sound to the carrier, and returns a promise.
  constructor(context, sendPiece) {
    this.context = context;
    this.sendPiece = sendPiece;
    this.stream = null;
    this.node = null;
    this.recording = false;
    this.sent = Promise.resolve();
  }

  get open() {
    return this.stream !== null;
  }

  async turnOn() {
    if (this.open) return;
    if (!navigator.mediaDevices) throw new Error("this browser gives pages no microphone");
    const stream = await navigator.mediaDevices.getUserMedia({ audio: WANTED });
    const context = this.context();
    await context.audioWorklet.addModule("phone-pieces.js");
    this.node = new AudioWorkletNode(context, "pieces", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    this.node.port.addEventListener("message", ({ data }) => {
      if (data instanceof Int16Array) this.sent = this.sent.then(() => this.sendPiece(data)).catch(() => {});
    });
    this.node.port.start();
    context.createMediaStreamSource(stream).connect(this.node);
    this.stream = stream;
    if (this.recording) this.node.port.postMessage("start");
  }

  turnOff() {
    if (this.stream) this.stream.getTracks().forEach((track) => track.stop());
    if (this.node) this.node.disconnect();
    this.stream = this.node = null;
  }

  record(on) {
    if (on === this.recording) return;
    this.recording = on;
    if (this.node) this.node.port.postMessage(on ? "start" : "stop");
  }

  // What has been said until now is with the carrier when this is done: a key pressed after it comes after it.
  async flush() {
    if (!this.node || !this.recording) return;
    const { port } = this.node;
    const flushed = new Promise((done) => {
      const heard = ({ data }) => {
        if (data !== "flushed") return;
        port.removeEventListener("message", heard);
        done();
      };
      port.addEventListener("message", heard);
      setTimeout(done, 300); // a microphone that has gone silent must not keep a key from being pressed
    });
    port.postMessage("flush");
    await flushed;
    await this.sent;
  }
}
