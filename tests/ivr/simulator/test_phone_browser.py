"""The telephone's page in a real browser: what is heard is measured, and what is said arrives."""

from __future__ import annotations

import base64
import io
import math
import threading
import wave
from array import array
from datetime import UTC, datetime
from importlib import resources
from importlib.util import find_spec
from urllib.parse import parse_qsl
from urllib.request import Request, urlopen

import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from ivr.simulator.network import Network
from ivr.simulator.phone import Phone
from ivr.simulator.sound import tone
from ivr.simulator.transport import WsgiApp
from tests.chromium import CHROMIUM, MARKS, REQUIRED

AXE = find_spec("axe_playwright_python")
NUMBER, SHORT, OTHER = "+18005550142", "+18005550143", "+18005550177"
pytestmark = MARKS

DOCUMENTS = {
    "/": '<Gather numDigits="1" timeout="60" action="/pressed"><Say>Press a key.</Say><Play>/hum.wav</Play></Gather>',
    "/short": '<Gather numDigits="1" action="/pressed"><Say>Key?</Say></Gather>',
    "/1": '<Record action="/left" timeout="3" recordingStatusCallback="/ready"/>',
    "/2": f"<Dial><Number>{OTHER}</Number></Dial>",
    "/3": '<Dial><Conference waitUrl="" beep="false">room</Conference></Dial>',
    "/4": "<Enqueue>sales</Enqueue>",
    "/7": "<Say>Good bye.</Say><Hangup/>",
}

# Everything that goes to the loudspeaker goes through a meter too, whatever the page does.
METER = """
(() => {
  const connect = AudioNode.prototype.connect;
  const meters = [];
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode) {
      const meter = to.context.createAnalyser();
      meter.fftSize = 4096;
      meters.push(meter);
      connect.call(this, meter);
    }
    return connect.call(this, to, ...rest);
  };
  window.loudness = () => Math.max(0, ...meters.map((meter) => {
    const samples = new Float32Array(meter.fftSize);
    meter.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  }));
})();
"""
ROWS = ("123", "456", "789", "*0#")  # as ITU-T Q.23 lays them out: a frequency for each row, one for each column
HEARD, SILENCE = 0.004, 0.0005
RATE_HZ = 8000


class App:
    """A TwiML app that fetches the recordings it is told of, as apps do."""

    def __init__(self):
        self.asked = []
        self.recorded = threading.Event()
        self.recording = b""
        self.login = ""

    def __call__(self, environ, start_response):
        form = dict(parse_qsl(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0)).decode(), True))
        path = environ["PATH_INFO"]
        self.asked.append((path, form))
        if path == "/ready":
            url = Request(form["RecordingUrl"], headers={"Authorization": f"Basic {self.login}"})  # noqa: S310 - ours
            with urlopen(url, timeout=5) as answer:  # noqa: S310 - our own carrier
                self.recording = answer.read()
            self.recorded.set()
        if path == "/hum.wav":
            start_response("200 OK", [("Content-Type", "audio/wav")])
            return [tone(30)]
        start_response("200 OK", [("Content-Type", "text/xml")])
        verbs = DOCUMENTS.get(f"/{form.get('Digits')}" if path == "/pressed" else path, "")
        return [f"<Response>{verbs}</Response>".encode()]


def babble(seconds):
    """Something like speech: syllables of changing pitch and loudness, no two seconds alike."""
    samples = array("h")
    phase = 0.0
    for n in range(round(seconds * RATE_HZ)):
        at_s = n / RATE_HZ
        phase += 2 * math.pi * (180 + 60 * math.sin(2.1 * at_s)) / RATE_HZ
        syllable = max(0.0, math.sin(2 * math.pi * 2.7 * at_s) * (0.6 + 0.4 * math.sin(1.3 * at_s)))
        voice = sum(math.sin(phase * overtone) / overtone for overtone in range(1, 8))
        samples.append(round(9000 * syllable * voice / 2))
    return samples


@pytest.fixture(scope="module")
def microphone(tmp_path_factory):
    """What the browser takes for a microphone: a WAV file that is heard over and over."""
    path = tmp_path_factory.mktemp("microphone") / "babble.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE_HZ)
        sound.writeframes(babble(6).tobytes())
    return path


@pytest.fixture(scope="module")
def chromium(one_playwright, microphone):
    browser = one_playwright.chromium.launch(
        executable_path=CHROMIUM,
        args=[
            "--no-sandbox",
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={microphone}",
        ],
    )
    yield browser
    browser.close()


@pytest.fixture
def app():
    return App()


@pytest.fixture
def network(app):
    network = Network(datetime(2026, 11, 23, 9, tzinfo=UTC), app=WsgiApp(app, "https://app.example"), speed=1)
    network.number(NUMBER, "https://app.example/")
    network.number(SHORT, "https://app.example/short")
    app.login = base64.b64encode(f"{network.account_sid}:{network.auth_token}".encode()).decode()
    yield network
    network.stop()


@pytest.fixture
def address(network):
    keys = iter(range(1000))
    phone = Phone(network, [NUMBER], lambda: f"key-{next(keys)}", UTC, place=lambda sid: {"Step": "welcome"})
    served = DispatcherMiddleware(network.rest, {"/phone": phone})
    server = make_server("127.0.0.1", 0, served, threaded=True)
    server.daemon_threads = True
    network.rest_url = f"http://127.0.0.1:{server.server_port}"
    network.start()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/phone/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def window(chromium, address):
    """Opens a window of the telephone, as another browser would: nothing is shared but the carrier."""
    contexts, faults = [], []

    def open_window(query="", **more):
        context = chromium.new_context(permissions=["microphone", "clipboard-read", "clipboard-write"], **more)
        context.set_default_timeout(10_000)
        context.add_init_script(METER)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
        page.goto(address + query)
        comes_true(page, "document.getElementById('from').value !== ''")
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert not faults


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def state(page, text):
    page.locator("#state").get_by_text(text).wait_for()


def hears(page):
    comes_true(page, f"loudness() > {HEARD}")


def hears_nothing(page):
    """For a while, so that a pause between two syllables is not taken for it."""
    page.evaluate("window.quiet = 0")
    since = f"(window.quiet = loudness() > {SILENCE} ? 0 : window.quiet || Date.now())"
    comes_true(page, f"{since} && Date.now() - window.quiet > 350")


def comes_true(page, condition):
    """Playwright's own way of waiting is forbidden by the page's policy, as it should be."""
    came = page.evaluate(f"""async () => {{
      const until = Date.now() + 8000;
      while (!({condition}) && Date.now() < until) await new Promise((done) => setTimeout(done, 20));
      return Date.now() < until;
    }}""")
    assert came, f"never came true: {condition}; loudness {page.evaluate('loudness()')}"


def test_a_call_is_dialled_heard_and_answered_with_a_key(window, app):
    page = window()
    button(page, "Call").click()
    page.locator("#now").get_by_text("Press a key.").wait_for()
    hears(page)
    page.locator("#place").get_by_text("welcome").wait_for()
    button(page, "Mute sound").click()
    hears_nothing(page)
    button(page, "Mute sound").click()
    hears(page)
    button(page, "7").click()
    page.locator("#now").get_by_text("Good bye.").wait_for()
    state(page, "The call is over.")
    assert [form["Digits"] for path, form in app.asked if path == "/pressed"] == ["7"]
    button(page, "Copy link to this step").click()
    page.locator("#done").get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"call=%2B{NUMBER[1:]}&keys=7")


def test_a_link_leads_to_the_same_step_as_somebody_else(window, app, address):
    page = window()
    page.goto(f"{address}?be=%2B4915199999999&call=%2B{SHORT[1:]}&keys=7")
    comes_true(page, "document.getElementById('from').value === '+4915199999999'")
    button(page, "Call").click()
    page.locator("#now").get_by_text("Good bye.").wait_for()
    assert app.asked[0][1]["From"] == "+4915199999999"
    assert [form["Digits"] for path, form in app.asked if path == "/pressed"] == ["7"]


def test_a_key_sounds_its_two_frequencies(window):
    page = window()
    button(page, "Call").click()
    page.locator("#now").get_by_text("Press a key.").wait_for()
    button(page, "Hang up").click()
    state(page, "The call is over.")
    strengths = page.evaluate(
        """async (keys) => {
      const context = new OfflineAudioContext(1, 8000 * keys.length, 8000);
      window.AudioContext = function () { return context; };
      const { Sound } = await import("./phone-sound.js");
      const sound = new Sound();
      [...keys].forEach((key, n) => sound.key(key, n));
      const samples = (await context.startRendering()).getChannelData(0);
      const strength = (hertz, second) => {
        let real = 0, imaginary = 0;
        samples.subarray(8000 * second, 8000 * second + 1280).forEach((sample, n) => {
          real += sample * Math.cos(2 * Math.PI * hertz * n / 8000);
          imaginary += sample * Math.sin(2 * Math.PI * hertz * n / 8000);
        });
        return Math.hypot(real, imaginary);
      };
      return [...keys].map((_, n) => [697, 770, 852, 941, 1209, 1336, 1477].map((hertz) => strength(hertz, n)));
    }""",
        "".join(ROWS),
    )
    for row, keys in enumerate(ROWS):
        for column in range(3):
            strongest = sorted(range(7), key=lambda n, key=3 * row + column: -strengths[key][n])[:2]
            assert set(strongest) == {row, 4 + column}, keys[column]


def envelope(samples):
    """How loud it is, every fiftieth of a second."""
    step = RATE_HZ // 50
    return [
        math.sqrt(sum(sample * sample for sample in samples[n : n + step]) / step)
        for n in range(0, len(samples) - step, step)
    ]


def likeness(one, other):
    """The correlation of two envelopes, 1 at most."""
    mean_one, mean_other = sum(one) / len(one), sum(other) / len(other)
    one, other = [each - mean_one for each in one], [each - mean_other for each in other]
    norm = math.sqrt(sum(each * each for each in one) * sum(each * each for each in other))
    return sum(a * b for a, b in zip(one, other, strict=True)) / norm if norm else 0.0


def test_a_message_spoken_into_the_microphone_is_what_the_app_gets(window, app):
    page = window()
    button(page, "Call").click()
    page.locator("#now").get_by_text("Press a key.").wait_for()
    button(page, "1").click()
    state(page, "Speak now: your message is being recorded.")
    page.locator("#microphone-told").get_by_text("On:").wait_for()
    page.wait_for_timeout(3_000)  # somebody speaks for so long
    page.keyboard.press("#")
    assert app.recorded.wait(10)
    with wave.open(io.BytesIO(app.recording)) as sound:
        assert (sound.getframerate(), sound.getsampwidth(), sound.getnchannels()) == (RATE_HZ, 2, 1)
        heard = array("h", sound.readframes(sound.getnframes()))
    told = next(form for path, form in app.asked if path == "/left")
    assert told["Digits"] == "#"
    assert len(heard) / RATE_HZ == pytest.approx(3.0, abs=0.8)
    assert int(told["RecordingDuration"]) == len(heard) // RATE_HZ
    said = envelope(babble(6))
    got = envelope(heard)
    turns = [(said * 3)[n : n + len(got)] for n in range(len(said))]
    assert max(likeness(got, turn) for turn in turns) > 0.8


def test_two_windows_are_joined_and_hear_each_other(window):
    caller, called = window(), window(f"?be=%2B{OTHER[1:]}")
    button(caller, "Call").click()
    caller.locator("#now").get_by_text("Press a key.").wait_for()
    caller.keyboard.press("2")
    state(called, "It rings.")
    assert called.title() == "Ringing! Telephone"
    called.get_by_role("alert").get_by_text("calls you").wait_for()
    button(called, "Answer").click()
    state(called, "Connected to +49")
    state(caller, f"Connected to {OTHER}")
    for page in (caller, called):
        page.locator("#microphone-told").get_by_text("On:").wait_for()
        button(page, "Microphone").click()
    for page in (caller, called):  # ringing and keys have died away: what is heard from here on is the other one
        hears_nothing(page)
    button(caller, "Microphone").click()
    hears(called)
    hears_nothing(caller)
    button(called, "Microphone").click()
    hears(caller)
    button(caller, "Microphone").click()
    hears_nothing(called)
    hears(caller)
    button(called, "Hang up").click()
    for page in (caller, called):
        state(page, "The call is over.")
    hears_nothing(called)


@pytest.mark.deep
def test_who_is_muted_in_a_conference_is_not_heard_and_who_is_held_hears_nothing(window, network):
    one, two = window(), window(f"?be=%2B{OTHER[1:]}")
    for page in (one, two):
        button(page, "Call").click()
        page.locator("#now").get_by_text("Press a key.").wait_for()
        page.keyboard.press("3")
        state(page, "In a conference.")
    hears(one)
    hears(two)
    first, second = next(iter(network.conferences.values())).participants
    with network.lock:
        second.change(muted=True)
    hears_nothing(one)
    hears(two)
    with network.lock:
        second.change(muted=False)
    hears(one)
    with network.lock:
        first.change(hold=True)
    hears_nothing(two)
    page = one.locator("#heard")
    page.get_by_text("You hear music").wait_for()


def test_a_reload_keeps_the_call_and_tells_it_from_the_beginning_once(window):
    page = window()
    button(page, "Call").click()
    page.locator("#now").get_by_text("Press a key.").wait_for()
    page.reload()
    page.locator("#now").get_by_text("Press a key.").wait_for()
    assert sum("You call" in entry for entry in page.locator("#heard li").all_inner_texts()) == 1
    button(page, "4").click()
    state(page, "Waiting in a queue.")
    hears(page)  # music
    button(page, "Hang up").click()
    state(page, "The call is over.")
    hears_nothing(page)


def test_a_call_is_made_by_keyboard_alone(window, app):
    page = window()

    def tab_to(name):
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("(document.activeElement.textContent || '').trim()") == name:
                return
        raise AssertionError(f"the Tab key never comes to {name}")

    tab_to("Call")
    page.keyboard.press("Enter")
    page.locator("#now").get_by_text("Press a key.").wait_for()
    assert page.evaluate("document.activeElement.id") == "call"
    page.keyboard.press("Numpad4")
    state(page, "Waiting in a queue.")
    assert page.locator("#pressed").inner_text() == "4"
    tab_to("Hang up")
    page.keyboard.press("Enter")
    state(page, "The call is over.")
    assert [form["Digits"] for path, form in app.asked if path == "/pressed"] == ["4"]
    page.locator("#words").focus()
    page.keyboard.type("12")
    assert page.locator("#words").input_value() == "12"
    page.locator("#typing").uncheck()
    page.keyboard.press("5")
    assert page.locator("#pressed").inner_text() == "4"


def serious(page):
    """What axe finds that keeps people out."""
    page.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


@pytest.mark.skipif(not AXE and not REQUIRED, reason="axe is not here (pip install axe-playwright-python)")
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.deep)])
def test_axe_finds_nothing_and_nothing_is_cut_off_at_320_pixels(window, scheme):
    page = window(color_scheme=scheme, viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    other = window(f"?be=%2B{OTHER[1:]}", color_scheme=scheme)
    button(page, "Call").click()
    page.locator("#now").get_by_text("Press a key.").wait_for()
    page.keyboard.press("2")
    state(other, "It rings.")
    page.locator("#wire").check()
    assert serious(page) == serious(other) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
