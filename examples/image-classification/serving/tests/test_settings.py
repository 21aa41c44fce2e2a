import re

import pytest

from digits_serving.settings import Settings, SettingsError


def test_what_is_not_set_has_a_default() -> None:
    assert Settings.from_environment({}) == Settings("http://127.0.0.1:8265", "", "digits", "0.0.0.0", 8000, 2, 180)  # noqa: S104


def test_everything_can_be_set_and_the_token_is_in_no_text() -> None:
    settings = Settings.from_environment(
        {
            "RAY_DASHBOARD_ADDRESS": "http://head:1/",
            "RAY_AUTH_TOKEN": "t0ken",
            "MODEL": "letters",
            "SERVE_HOST": "127.0.0.1",
            "SERVE_PORT": "2",
            "SERVE_REPLICAS": "3",
            "SERVE_PATIENCE_SECONDS": "4",
        }
    )
    assert settings == Settings("http://head:1", "t0ken", "letters", "127.0.0.1", 2, 3, 4)
    assert "t0ken" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SERVE_PORT", "0"),
        ("SERVE_PORT", "65536"),
        ("SERVE_REPLICAS", "-1"),
        ("SERVE_REPLICAS", "2.5"),
        ("SERVE_PATIENCE_SECONDS", "soon"),
    ],
)
def test_a_value_that_is_none_is_quoted(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(f"the environment variable {name} is {value!r}, and must be")):
        Settings.from_environment({name: value})
