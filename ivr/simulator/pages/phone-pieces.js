// Pieces: what the microphone hears, brought down to a telephone's 8 kHz and cut into pieces of a quarter of a second.
"use strict";

const RATE_HZ = 8000;
const PIECE = RATE_HZ / 4;
const CUT_OFF_HZ = 3600; // what lies above would come back as a whistle
const LOBES = 8; // of the filter, on each side: more is sharper
const FINE = 64; // places of the filter that are known between two samples

class Pieces extends AudioWorkletProcessor {
  constructor() {
    super();
    this.ratio = sampleRate / RATE_HZ;
    this.half = Math.ceil(LOBES * this.ratio);
    this.filter = filter(this.half);
    this.on = false;
    this.clear();
    this.port.onmessage = ({ data }) => {
      if (data === "start") this.clear();
      this.on = data === "start";
      if (data === "flush") {
        this.send();
        this.port.postMessage("flushed");
      }
    };
  }

  clear() {
    this.kept = new Float32Array(0);
    this.at = this.half; // of the next sample to make, within what is kept
    this.piece = new Int16Array(PIECE);
    this.filled = 0;
  }

  send() {
    if (this.filled) this.port.postMessage(this.piece.slice(0, this.filled));
    this.filled = 0;
  }

  process([[input]]) {
    if (!this.on || !input) return true;
    const all = new Float32Array(this.kept.length + input.length);
    all.set(this.kept);
    all.set(input, this.kept.length);
    for (; this.at + this.half < all.length; this.at += this.ratio) {
      let sum = 0;
      for (let n = Math.ceil(this.at - this.half); n <= this.at + this.half; n += 1) {
        sum += all[n] * this.filter[Math.round((n - this.at + this.half) * FINE)];
      }
      this.piece[this.filled] = Math.round(Math.max(-1, Math.min(1, sum)) * 32767);
      this.filled += 1;
      if (this.filled === PIECE) this.send();
    }
    const past = Math.max(0, Math.floor(this.at - this.half) - 1);
    this.kept = all.slice(past);
    this.at -= past;
    return true;
  }
}

// A low-pass: a sinc that fades out at `half` samples on either side.
function filter(half) {
  const places = new Float32Array(2 * half * FINE + 1);
  const turn = (2 * CUT_OFF_HZ) / sampleRate;
  for (let place = 0; place < places.length; place += 1) {
    const x = place / FINE - half;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * turn * x) / (Math.PI * turn * x);
    places[place] = turn * sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / half));
  }
  return places;
}

registerProcessor("pieces", Pieces);
