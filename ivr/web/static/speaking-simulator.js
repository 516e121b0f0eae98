// A telephone of a carrier on this machine: it rings this page, and joins it to others, browser to browser (WebRTC).
const KEPT = "dialtree-telephone"; // where a reloaded page finds the telephone that it was
const AGAIN_MS = 4000, GATHER_MS = 1000, LEAVE_MS = 2000;

let leaving = 0; // until when a page that is left would look like a carrier that has forgotten us
addEventListener("beforeunload", () => { leaving = performance.now() + LEAVE_MS; });

export class Line {
  // `told(state)` is told there, ringing, talking, away or elsewhere; `microphone()` opens one, or returns null.
  constructor({ address, phones }, { told, microphone }) {
    Object.assign(this, { address, phones, told, microphone });
    this.key = null;
    this.stream = this.opening = null;
    this.muted = false;
    this.loudspeaker = "";
    this.peers = new Map();
    this.sounds = null;
    this.playing = null;
  }

  async open() {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
    try {
      if (kept?.address === this.address && kept.phones === this.phones) this.key = kept.key;
      else this.key = (await this.send("", { number: this.address })).key;
    } catch (error) {
      this.told(error.status === 409 ? "elsewhere" : "away");
      setTimeout(() => this.open(), AGAIN_MS);
      return;
    }
    sessionStorage.setItem(KEPT, JSON.stringify({ key: this.key, address: this.address, phones: this.phones }));
    this.listen();
  }

  listen() {
    const events = new EventSource(`${this.phones}/handsets/${this.key}/events`);
    const on = (name, take) => events.addEventListener(name, ({ data }) => take(JSON.parse(data)));
    addEventListener("pagehide", () => events.close(), { once: true });
    on("state", (state) => this.show(state));
    on("peers", ({ peers }) => this.join(peers));
    on("signal", (told) => this.take(told).catch(() => this.told("busy")));
    on("sound", (told) => this.play(told).catch(() => {}));
    on("quiet", ({ id }) => this.quiet(id));
    on("replaced", () => { events.close(); this.end(); this.told("elsewhere"); });
    events.addEventListener("error", () => {
      if (performance.now() < leaving) return;
      this.told("away");
      if (events.readyState !== EventSource.CLOSED) return; // the browser itself tries again
      sessionStorage.removeItem(KEPT);
      this.end();
      setTimeout(() => this.open(), AGAIN_MS);
    });
  }

  async show({ phase }) {
    if (phase === "live") await this.speak();
    else this.end();
    this.told({ live: "talking", ringing: "ringing" }[phase] ?? "there");
  }

  answer() { return this.send("answer"); }
  hangUp() { return this.send("hang-up"); }

  mute(on) {
    this.muted = on;
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !on;
  }

  /** Another microphone or loudspeaker from now on. */
  async use(loudspeaker) {
    this.loudspeaker = loudspeaker;
    for (const { element } of this.peers.values()) if (element.setSinkId) await element.setSinkId(loudspeaker);
    if (!this.opening) return;
    this.stop();
    await this.speak();
  }

  /** Open the microphone, once; whoever has hung up by then is not listened to. */
  async speak() {
    if (this.opening) return this.opening;
    const opening = this.opening = this.microphone();
    const stream = await opening;
    if (this.opening !== opening) { close(stream); return null; }
    this.stream = stream;
    this.mute(this.muted);
    this.refresh();
    return stream;
  }

  stop() {
    close(this.stream);
    this.stream = this.opening = null;
  }

  end() {
    this.stop();
    this.quiet();
  }

  async send(what, body = {}) {
    const path = what ? `handsets/${this.key}/${what}` : "handsets";
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`${this.phones}/${path}`, { method: "POST", headers, body: JSON.stringify(body), credentials: "omit" });
    if (!answer.ok) throw Object.assign(new Error(`the carrier answered ${answer.status}`), { status: answer.status });
    return answer.json();
  }

  // -- others in the same conversation: the carrier says who they are, and who may hear whom -------------------------

  join(told) {
    const wanted = new Map(told.map((each) => [each.name, each]));
    for (const [name, peer] of this.peers) {
      if (wanted.get(name)?.session === peer.session) continue;
      peer.connection.close();
      peer.element.srcObject = null;
      this.peers.delete(name);
    }
    for (const each of told) {
      if (!this.peers.has(each.name)) this.peers.set(each.name, this.meet(each));
      Object.assign(this.peers.get(each.name), { hears: each.hears, heard: each.heard });
    }
    this.refresh();
  }

  /** Let each hear, and be heard, as the carrier says and as the microphone allows. */
  refresh() {
    const [track] = this.stream?.getAudioTracks() ?? [];
    for (const { sender, element, hears, heard } of this.peers.values()) {
      sender?.replaceTrack(heard && track ? track : null).catch(() => {});
      element.muted = !hears;
    }
  }

  meet({ name, session, offers }) {
    const connection = new RTCPeerConnection({ iceServers: [] }); // this machine and its network; nobody is asked
    const peer = { name, session, connection, sender: null, element: new Audio() };
    if (this.loudspeaker) peer.element.setSinkId?.(this.loudspeaker).catch(() => {});
    connection.addEventListener("track", ({ track }) => {
      peer.element.srcObject = new MediaStream([track]);
      peer.element.play().catch(() => this.told("busy"));
    });
    if (offers) {
      peer.sender = connection.addTransceiver("audio", { direction: "sendrecv" }).sender;
      this.describe(peer, () => connection.createOffer()).catch(() => this.told("busy"));
    }
    return peer;
  }

  async describe(peer, make) {
    const { connection } = peer;
    await connection.setLocalDescription(await make());
    await gathered(connection);
    if (this.peers.get(peer.name) !== peer) return;
    const { type, sdp } = connection.localDescription;
    await this.send("signal", { to: peer.name, signal: { type, sdp } });
  }

  async take({ from, session, signal }) {
    const peer = this.peers.get(from);
    if (!signal || peer?.session !== session) return;
    const { connection } = peer;
    await connection.setRemoteDescription(signal);
    if (signal.type !== "offer") return;
    const [transceiver] = connection.getTransceivers();
    transceiver.direction = "sendrecv";
    peer.sender = transceiver.sender;
    this.refresh();
    await this.describe(peer, () => connection.createAnswer());
  }

  // -- what the carrier plays and says on the line -------------------------------------------------------------------

  async play({ id, path, loops, offset_s }) {
    this.quiet();
    if (!path) return;
    this.playing = { id, source: null };
    const answer = await fetch(`${this.phones}/${path}`, { credentials: "omit" });
    this.sounds ??= new AudioContext();
    const buffer = await this.sounds.decodeAudioData(await answer.arrayBuffer());
    if (this.playing?.id !== id) return; // over before it began
    const source = new AudioBufferSourceNode(this.sounds, { buffer, loop: loops });
    source.connect(this.sounds.destination);
    this.playing.source = source;
    source.start(0, loops ? offset_s % buffer.duration : offset_s);
  }

  quiet(id) {
    if (!this.playing || (id !== undefined && this.playing.id !== id)) return;
    this.playing.source?.stop();
    this.playing = null;
  }
}

function close(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** All addresses of this machine are known at once; a second is plenty. */
function gathered(connection) {
  return new Promise((done) => {
    const look = () => { if (connection.iceGatheringState === "complete") done(); };
    connection.addEventListener("icegatheringstatechange", look);
    setTimeout(done, GATHER_MS);
    look();
  });
}
