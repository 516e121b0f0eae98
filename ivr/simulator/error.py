"""Error: the carrier's error and warning numbers, and what each means to the app's author."""

from __future__ import annotations

from dataclasses import dataclass

MEANINGS = {
    11100: "the URL is not one that can be asked",
    11200: "the request failed",
    11201: "the app could not be connected in time",
    11202: "the app refused the connection: is it running?",
    11203: "the app did not answer in time",
    11205: "the app could not be connected",
    11206: "the answer is not HTTP",
    11210: "there is no such host",
    11215: "more than 10 HTTP redirects",
    11216: "an HTTP redirect that cannot be followed (only 301, 302, 303, 307, with a Location)",
    11217: "the app answered with an error status",
    11220: "no secure connection could be agreed on",
    11235: "the certificate belongs to another host",
    11236: "the certificate has expired",
    11237: "the certificate is not one of an authority that is known",
    11240: "the override after # names an edge location that does not exist",
    11242: "the override after # names an edge location of Interconnect",
    11243: "the connection overrides after # cannot be read",
    11750: "the answer is larger than 64 kB",
    11770: "the answer is empty",
    12100: "the answer is not well-formed XML",
    12101: "the XML version is not 1.0",
    12102: "the document's root is not <Response>",
    12200: "the document holds something that TwiML does not know",
    12300: "the Content-Type is not one of a document",
    13201: "<Dial> cannot be used in the document of a dialled line",
    13238: "this verb cannot be used while waiting for or holding in a conference",
    14207: "the queue is full",
    15003: "a status callback was answered with an error status",
    15004: "a document without a URL of its own needs absolute URLs",
    16020: "the conference is full",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong on the wire: the carrier's number for it, and where and what exactly."""

    code: int
    text: str

    def __str__(self) -> str:
        meaning = MEANINGS.get(self.code)
        return f"{self.code}: {meaning}: {self.text}" if meaning else f"{self.code}: {self.text}"


class Broken(Exception):
    """A document could not be had, or cannot be run; the fallback URL's business."""

    def __init__(self, problem: Problem, url: str = "") -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.url = url
