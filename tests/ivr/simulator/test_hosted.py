"""What the carrier itself serves: many apps wait or greet with it, and none of them needs a network for that."""

from __future__ import annotations

from urllib.parse import quote

from tests.ivr.simulator.tiny_app import CALLER, HOST, NUMBER, carrier, codes, ring, said

ANN = "+15005550010"


def test_who_waits_with_the_carriers_own_music_hears_it_again_and_again() -> None:
    network, app, line = ring("<Enqueue waitUrl='http://twimlets.com/holdmusic?Bucket=x&amp;Message=Wait'>q</Enqueue>")
    network.advance(130)
    assert said(line) == ["Wait"] * 3
    assert [heard.kind for heard in line.heard if heard.kind != "say"] == ["play"] * 3
    assert (app.paths(), codes(network)) == (["/v"], [])


def test_the_demo_document_is_there() -> None:
    network, _, line = ring("<Redirect method='GET'>http://demo.twilio.com/docs/voice.xml</Redirect>")
    network.run()
    assert said(line) == ["Thanks for trying our documentation. Enjoy!"]
    assert codes(network) == []


def test_an_echo_and_a_message_say_what_their_address_says() -> None:
    twiml = quote("<Response><Say>Out of the address & in</Say></Response>".replace("&", "&amp;"))
    network, _, line = ring(f"<Redirect>http://twimlets.com/echo?Twiml={twiml}</Redirect>")
    network.run()
    assert said(line) == ["Out of the address & in"]
    message = quote("http://twimlets.com/message?Message[0]=One&Message[1]=Two <3", safe=":/?&=%")
    network, _, line = ring(f"<Redirect>{message.replace('&', '&amp;')}</Redirect>")
    network.run()
    assert said(line) == ["One", "Two <3"]


def test_a_call_is_forwarded_and_fails_over() -> None:
    url = f"http://twimlets.com/forward?PhoneNumber={quote(ANN)}&Timeout=5&FailUrl={quote(HOST + '/no', safe='')}"
    documents = {"/v": f"<Redirect>{url.replace('&', '&amp;')}</Redirect>", "/no": "<Say>Nobody</Say>"}
    network, _, line = ring(documents)
    network.run()
    assert said(line) == ["Nobody"]
    network, _ = carrier(documents)
    network.line(ANN, answers_after_s=1)
    line = network.call(CALLER, NUMBER)
    network.advance(3)
    assert line.partner is network.people[ANN].line
    network.people[ANN].line.hang_up()
    network.run()
    assert said(line) == []


def test_other_addresses_of_these_hosts_are_asked_as_everybody_elses_are() -> None:
    network, app, _ = ring("<Redirect>http://twimlets.com/unheard-of</Redirect>")
    network.run()
    assert app.paths()[:2] == ["/v", "/unheard-of"]


def test_the_carriers_music_is_played_wherever_it_lies() -> None:
    sounds = [
        "http://com.twilio.sounds.music.s3.amazonaws.com/MARKOVICHAMP-Borghestral.mp3",
        "https://s3.amazonaws.com/com.twilio.music.guitars/Pitx_-_Long_Winter.mp3",
        "https://api.twilio.com/cowbell.mp3",
        "https://demo.twilio.com/docs/classic.mp3",
    ]
    network, app, line = ring("".join(f"<Play>{url}</Play>" for url in sounds))
    network.run()
    assert [heard.text for heard in line.heard] == sounds
    assert (line.duration_s, app.paths()) == (240, ["/v"])
