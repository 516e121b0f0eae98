"""Sound: what a page in the browser lets be heard, measured on its way to the loudspeaker."""

from __future__ import annotations

from typing import Any

LISTEN_MS = 1300
"""The browser's own stand-in for a microphone beeps once a second."""

LOUD, SILENT = 0.01, 0.001

# Whatever goes to the loudspeaker is measured: by way of an audio graph, or straight from another browser.
METER = """
(() => {
  const meters = [], { play } = HTMLMediaElement.prototype, { connect } = AudioNode.prototype;
  const meter = (context, from, audible) => {
    const analyser = context.createAnalyser();
    connect.call(from, analyser);
    meters.push({ analyser, audible });
  };
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode) meter(to.context, this, () => true);
    return connect.call(this, to, ...rest);
  };
  HTMLMediaElement.prototype.play = function () {
    if (this.srcObject) {
      const context = new AudioContext(), stream = this.srcObject;
      const heard = () => this.srcObject === stream && !this.muted && !this.paused;
      meter(context, context.createMediaStreamSource(stream), heard);
    }
    return play.call(this);
  };
  const loud = ({ analyser, audible }) => {
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    return audible() ? Math.max(...samples.map(Math.abs)) : 0;
  };
  window.loudness = async (ms, enough) => {
    let most = 0;
    for (const until = performance.now() + ms; performance.now() < until && most < enough;) {
      most = Math.max(most, ...meters.map(loud));
      await new Promise((done) => setTimeout(done, 20));
    }
    return most;
  };
})();
"""


def hears(page: Any) -> bool:
    """Whether anything is heard; asked again for a while, because sound takes its time to come."""
    return any(page.evaluate(f"loudness({LISTEN_MS}, {LOUD})") >= LOUD for _ in range(5))


def hears_nothing(page: Any) -> bool:
    return any(page.evaluate(f"loudness({LISTEN_MS}, 1)") < SILENT for _ in range(5))
