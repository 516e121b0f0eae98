// Sound: what the person hears - prompts, music, the tones of keys, ringing - through one volume.

// ITU-T Q.23: each key sounds its row's and its column's frequency at once.
const ROWS_HZ = { 1: 697, 2: 697, 3: 697, A: 697, 4: 770, 5: 770, 6: 770, B: 770, 7: 852, 8: 852, 9: 852, C: 852, "*": 941, 0: 941, "#": 941, D: 941 };
const COLUMNS_HZ = { 1: 1209, 4: 1209, 7: 1209, "*": 1209, 2: 1336, 5: 1336, 8: 1336, 0: 1336, 3: 1477, 6: 1477, 9: 1477, "#": 1477, A: 1633, B: 1633, C: 1633, D: 1633 };
const KEY_S = 0.16;
const TONE_LEVEL = 0.12;
// Frequencies, and seconds of sound and of silence: North America's ringing, heard by who calls; a bell for who is called.
const CADENCES = { ringback: [[440, 480], 2, 4], ring: [[620, 780], 0.8, 1.6] };

export class Sound {
  constructor() {
    this.made = null;
    this.volume = 0.8;
    this.muted = false;
    this.slower = false;
    this.now = null; // { id, stop } of what is being played
    this.cadence = null;
    this.fetched = new Map();
  }

  // The context exists from the first use on; browsers let it sound only after the person has touched the page.
  context() {
    if (!this.made) {
      this.made = new AudioContext();
      this.out = this.made.createGain();
      this.out.connect(this.made.destination);
      this.setVolume();
    }
    if (this.made.state === "suspended") this.made.resume().catch(() => {});
    return this.made;
  }

  setVolume(volume = this.volume, muted = this.muted) {
    Object.assign(this, { volume, muted });
    if (this.made) this.out.gain.value = muted ? 0 : volume;
  }

  // Sines together from `at` on, with soft ends.
  tone(hertz, at, seconds, level = TONE_LEVEL) {
    const context = this.context();
    const gain = context.createGain();
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(level, at + 0.005);
    gain.gain.setValueAtTime(level, at + seconds - 0.005);
    gain.gain.linearRampToValueAtTime(0, at + seconds);
    gain.connect(this.out);
    return hertz.map((each) => {
      const oscillator = context.createOscillator();
      oscillator.frequency.value = each;
      oscillator.connect(gain);
      oscillator.start(at);
      oscillator.stop(at + seconds);
      return oscillator;
    });
  }

  key(key, after = 0) {
    const context = this.context();
    if (key in ROWS_HZ) this.tone([ROWS_HZ[key], COLUMNS_HZ[key]], context.currentTime + after, KEY_S);
  }

  keys(keys) {
    let after = 0;
    for (const key of keys) {
      this.key(key, after);
      after += { w: 0.5, W: 1 }[key] || 0.25;
    }
  }

  beep() {
    const context = this.context();
    this.tone([1000], context.currentTime, 0.4);
  }

  // Ring, over and over, until another cadence or none is asked for.
  ringing(name) {
    if (name === (this.cadence && this.cadence.name)) return;
    if (this.cadence) {
      clearInterval(this.cadence.timer);
      this.cadence.oscillators.forEach((each) => each.stop());
    }
    this.cadence = null;
    if (!name || !navigator.userActivation.hasBeenActive) return; // nothing may sound before the page was touched
    const [hertz, on, off] = CADENCES[name];
    const cadence = { name, oscillators: [] };
    const once = () => { cadence.oscillators = this.tone(hertz, this.context().currentTime, on, 0.06); };
    once();
    cadence.timer = setInterval(once, (on + off) * 1000);
    this.cadence = cadence;
  }

  // What the carrier lets the person hear; it replaces what was heard before.
  async play(told) {
    if (told.what === "beep") { this.beep(); return; }
    if (told.what === "tones") { this.keys(told.text); return; }
    this.quiet();
    this.now = { id: told.id, stop: () => {} };
    const asked = performance.now();
    if (!told.path) {
      if (told.what === "say") this.speak(told);
      return;
    }
    const buffer = await this.decoded(told.path);
    if (!this.now || this.now.id !== told.id) return; // over before it began
    const context = this.context();
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.loop = told.loops;
    source.connect(this.out);
    const offset = told.offset_s + (performance.now() - asked) / 1000;
    const late = told.loops ? offset % buffer.duration : offset;
    if (late < 0.35) source.start(0); // a moment's delay must not eat the first word
    else if (late < buffer.duration) source.start(0, late);
    else return;
    this.now.stop = () => source.stop();
  }

  async decoded(path) {
    if (!this.fetched.has(path)) {
      const answer = await fetch(path);
      if (!answer.ok) throw new Error("a sound could not be fetched from the carrier");
      const buffer = await this.context().decodeAudioData(await answer.arrayBuffer());
      if (this.fetched.size > 40) this.fetched.clear();
      this.fetched.set(path, buffer);
    }
    return this.fetched.get(path);
  }

  // Without a voice at the carrier's: the browser's own, if it has one for the language.
  speak({ text, language }) {
    const synthesis = window.speechSynthesis;
    const code = (language || "en").slice(0, 2).toLowerCase();
    const voice = synthesis && synthesis.getVoices().find((each) => each.lang.toLowerCase().startsWith(code));
    if (!voice || this.muted) return;
    const words = new SpeechSynthesisUtterance(text);
    Object.assign(words, { voice, lang: voice.lang, volume: this.volume, rate: this.slower ? 0.75 : 1 });
    synthesis.cancel();
    synthesis.speak(words);
    this.now.stop = () => synthesis.cancel();
  }

  // Stop what is heard; with an id only that.
  quiet(id) {
    if (!this.now || (id !== undefined && this.now.id !== id)) return;
    this.now.stop();
    this.now = null;
  }
}
