"""The settings are read whole or refused with everything that is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.settings import ApiKey, Settings, SettingsError, read_settings

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "f" * 32
GOOD = {
    "DIALTREE_ACCOUNT_SID": ACCOUNT,
    "DIALTREE_AUTH_TOKEN": TOKEN,
    "DIALTREE_PUBLIC_URL": "https://ivr.example.com/",
}


def faults(**changes: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as refused:
        read_settings({**GOOD, **changes})
    return refused.value.faults


def test_three_settings_are_enough() -> None:
    settings = read_settings(GOOD)
    assert settings.public_url == "https://ivr.example.com"
    assert settings.carrier_url == "https://api.twilio.com"
    assert settings.tokens == (TOKEN,)
    assert settings.data == Path("var").absolute()
    assert settings.menus == Path("menus")
    assert settings.secure
    assert not settings.simulated


def test_folders_and_carrier_may_be_chosen(tmp_path: Path) -> None:
    settings = read_settings(
        {
            **GOOD,
            "DIALTREE_DATA": str(tmp_path / "data"),
            "DIALTREE_MENUS": "/srv/menus",
            "DIALTREE_CARRIER_URL": "http://127.0.0.1:8081",
            "DIALTREE_PUBLIC_URL": "http://localhost:8080/ivr",
        }
    )
    assert settings.menus == Path("/srv/menus")
    assert settings.database_url == f"sqlite:///{tmp_path}/data/dialtree.db"
    assert settings.carrier_url == "http://127.0.0.1:8081"
    assert settings.public_url == "http://localhost:8080/ivr"
    assert not settings.secure


def test_while_tokens_are_exchanged_both_are_believed() -> None:
    assert read_settings({**GOOD, "DIALTREE_TOKEN_OLD": "e" * 32}).tokens == (TOKEN, "e" * 32)


def test_everything_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({})
    assert [fault.split(" ")[0] for fault in refused.value.faults] == [
        "DIALTREE_ACCOUNT_SID",
        "DIALTREE_AUTH_TOKEN",
        "DIALTREE_PUBLIC_URL",
    ]


def test_a_secret_is_never_shown() -> None:
    assert TOKEN not in repr(read_settings({**GOOD, "DIALTREE_TOKEN_OLD": TOKEN}))
    assert "f" * 9 not in "".join(faults(DIALTREE_AUTH_TOKEN="f" * 9))
    assert "f" * 9 not in "".join(faults(DIALTREE_AUTH_TOKEN="f" * 30 + " "))


@pytest.mark.parametrize(
    "account", ["AC123", ACCOUNT + "0", ACCOUNT.upper(), "SK" + ACCOUNT[2:], ACCOUNT + "\n", f'"{ACCOUNT}"']
)
def test_an_account_that_is_not_twilios_is_refused_by_name(account: str) -> None:
    (fault,) = faults(DIALTREE_ACCOUNT_SID=account)
    assert fault.startswith("DIALTREE_ACCOUNT_SID")


def test_other_carriers_name_their_accounts_as_they_like() -> None:
    others = {"DIALTREE_ACCOUNT_SID": "b08dacad-19f6", "DIALTREE_CARRIER_URL": "https://acme.signalwire.com/api/laml"}
    settings = read_settings({**GOOD, **others})
    assert isinstance(settings, Settings)
    assert settings.carrier_url == "https://acme.signalwire.com/api/laml"


@pytest.mark.parametrize("name", ["DIALTREE_AUTH_TOKEN", "DIALTREE_TOKEN_OLD"])
@pytest.mark.parametrize("token", ["short", " " + TOKEN, TOKEN + "\n", "ключ" * 8])
def test_a_token_that_cannot_be_one_is_refused(name: str, token: str) -> None:
    (fault,) = faults(**{name: token})
    assert fault.startswith(name)


@pytest.mark.parametrize("name", ["DIALTREE_PUBLIC_URL", "DIALTREE_CARRIER_URL"])
@pytest.mark.parametrize(
    "url",
    [
        "http://ivr.example.com",
        "http://127.0.0.1.example.com",
        "http://10.0.0.1",
        "ivr.example.com",
        "ftp://ivr.example.com",
        "HTTPS://ivr.example.com",
        "https://",
        "https:///voice",
        "https://user:secret@ivr.example.com",
        "https://ivr.example.com/?a=1",
        "https://ivr.example.com/#a",
        "https://ivr.example.com:99999",
        "https://ivr.example.com/ a",
        "https://ivr.example.com\n",
        "https://ivr.exämple.com",
        "https://[::1",
    ],
)
def test_an_address_that_would_not_work_is_refused(name: str, url: str) -> None:
    (fault,) = faults(**{name: url})
    assert fault.startswith(name)
    assert "secret" not in fault


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost", "http://127.8.0.9"])
def test_on_this_machine_alone_http_will_do(url: str) -> None:
    assert read_settings({**GOOD, "DIALTREE_PUBLIC_URL": url}).public_url == url


def test_a_key_for_browsers_has_two_halves_and_is_shown_by_no_fault() -> None:
    both = {"DIALTREE_API_KEY_SID": "SK" + "a" * 32, "DIALTREE_API_KEY_SECRET": "s" * 32}
    settings = read_settings({**GOOD, **both})
    assert settings.api_key == ApiKey("SK" + "a" * 32, "s" * 32)
    assert "s" * 32 not in repr(settings)
    assert read_settings(GOOD).api_key is None
    for name, value in (*((name, "") for name in both), ("DIALTREE_API_KEY_SID", ACCOUNT), (list(both)[1], "short")):
        (fault,) = faults(**{**both, name: value})
        assert fault.startswith("DIALTREE_API_KEY_S")
        assert "s" * 32 not in fault


def test_telephones_for_browsers_are_on_this_machine_or_nowhere() -> None:
    assert read_settings(GOOD).phone_url == ""
    url = "http://127.0.0.1:8081/phone"
    assert read_settings({**GOOD, "DIALTREE_PHONE_URL": f"{url}/"}).phone_url == url
    for wrong in ("https://phones.example.com/phone", "http://10.0.0.1/phone", "phone", "https://[::1"):
        assert any(fault.startswith("DIALTREE_PHONE_URL") for fault in faults(DIALTREE_PHONE_URL=wrong))
