// Talk: the sound between this telephone and others on this machine, browser to browser (WebRTC); the carrier only
// introduces them to each other and says who may hear whom.

export class Talk {
  // `signal(to, what)` carries a word to another page; `microphone()` is the stream, or null; `sound` has the volume.
  constructor(signal, microphone, sound) {
    this.signal = signal;
    this.microphone = microphone;
    this.sound = sound;
    this.peers = new Map();
  }

  // The pages to be connected with from now on.
  update(told) {
    const wanted = new Map(told.map((each) => [each.name, each]));
    for (const [name, peer] of this.peers) {
      const now = wanted.get(name);
      if (!now || now.session !== peer.session) this.close(name);
    }
    for (const each of told) {
      if (!this.peers.has(each.name)) this.peers.set(each.name, this.connect(each));
      Object.assign(this.peers.get(each.name), { hears: each.hears, heard: each.heard });
    }
    this.refresh();
  }

  // Let each peer hear, and be heard, as the carrier says and as the microphone allows.
  refresh() {
    const stream = this.microphone();
    const [track] = stream ? stream.getAudioTracks() : [];
    for (const peer of this.peers.values()) {
      if (peer.sender) peer.sender.replaceTrack(peer.heard && track ? track : null).catch(() => {});
      if (peer.gain) peer.gain.gain.value = peer.hears ? 1 : 0;
    }
  }

  connect({ name, session, offers }) {
    const connection = new RTCPeerConnection({ iceServers: [] }); // this machine and its network; nobody is asked
    const peer = { name, session, connection, sender: null, gain: null, element: null };
    connection.addEventListener("track", ({ track }) => this.hear(peer, new MediaStream([track])));
    if (offers) {
      peer.sender = connection.addTransceiver("audio", { direction: "sendrecv" }).sender;
      this.describe(peer, () => connection.createOffer());
    }
    return peer;
  }

  async describe(peer, make) {
    const { connection } = peer;
    await connection.setLocalDescription(await make());
    await gathered(connection);
    if (this.peers.get(peer.name) !== peer) return;
    this.signal(peer.name, { type: connection.localDescription.type, sdp: connection.localDescription.sdp });
  }

  async take({ from, session, signal }) {
    const peer = this.peers.get(from);
    if (!peer || peer.session !== session || !signal) return;
    const { connection } = peer;
    await connection.setRemoteDescription(signal);
    if (signal.type !== "offer") return;
    const [transceiver] = connection.getTransceivers();
    transceiver.direction = "sendrecv";
    peer.sender = transceiver.sender;
    this.refresh();
    await this.describe(peer, () => connection.createAnswer());
  }

  hear(peer, stream) {
    // A stream from elsewhere flows only while an element holds it; it is heard through the volume, not through that.
    peer.element = new Audio();
    peer.element.muted = true;
    peer.element.srcObject = stream;
    peer.element.play().catch(() => {});
    const context = this.sound.context();
    peer.gain = context.createGain();
    context.createMediaStreamSource(stream).connect(peer.gain).connect(this.sound.out);
    this.refresh();
  }

  close(name) {
    const peer = this.peers.get(name);
    this.peers.delete(name);
    peer.connection.close();
    if (peer.gain) peer.gain.disconnect();
    if (peer.element) peer.element.srcObject = null;
  }
}

// All addresses of this machine are known at once; a second is plenty.
function gathered(connection) {
  return new Promise((done) => {
    const look = () => { if (connection.iceGatheringState === "complete") done(); };
    connection.addEventListener("icegatheringstatechange", look);
    setTimeout(done, 1000);
    look();
  });
}
