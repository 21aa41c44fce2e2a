from datetime import UTC, datetime, timedelta

import pytest
from conftest import Backends
from content import batch, file, put_quarantined, put_report, report
from model_registry import Bucket
from opened import opened, read, sent, source
from streamlit.testing.v1 import AppTest

from pipeline_app.sources.reports import Reports
from pipeline_app.tabs import batches


def hours_ago(hours: float) -> datetime:
    return datetime.now(UTC) - timedelta(hours=hours)


def mixed(name: str = "monday", age_hours: float = 0) -> dict[str, object]:
    files = [
        file("a.png"),
        file("b.png"),
        file("c.png", "resized", "too-large"),
        file("d.png", "quarantined", "missing-annotation", None),
        file("e.png", "rejected", "corrupt"),
    ]
    return report(name, files, hours_ago(age_hours), orphan_annotation=3)


def chosen(name: str) -> AppTest:
    app = opened("Batches")
    app.selectbox[0].set_value(name).run()
    assert not app.exception
    return app


@pytest.mark.usefixtures("backends")
def test_before_there_is_a_report_it_says_so() -> None:
    assert [info.value for info in opened("Batches").info] == [batches.NOTHING]


def test_batches_are_listed_newest_first_with_their_counts(backends: Backends) -> None:
    put_report(backends.bucket, mixed("a-new-one", 2.5))
    put_report(backends.bucket, mixed("z-old-one", 3.5))
    put_report(backends.bucket, mixed("b-newest"))
    assert read(opened("Batches")) == (
        "Batch Accepted Resized Quarantined Rejected Data set "
        "b-newest just now 2 1 1 1 0123456789ab "
        "a-new-one 2 h ago 2 1 1 1 0123456789ab "
        "z-old-one 3 h ago 2 1 1 1 0123456789ab"
    )


def test_a_batch_that_failed_says_why(backends: Backends) -> None:
    content = report(
        "bad", [file("a.png", "rejected", "corrupt")], hours_ago(0), dataset=None, error="all files are bad"
    )
    put_report(backends.bucket, content)
    assert read(opened("Batches")).endswith("bad just now failed all files are bad 0 0 0 1 unchanged")


def test_reasons_are_counted_by_outcome_and_some_are_no_files(bucket: Bucket) -> None:
    put_report(bucket, mixed())
    (found,) = Reports(bucket).recent(10).reports
    assert found.reasons == {
        ("too-large", "resized"): 1,
        ("missing-annotation", "quarantined"): 1,
        ("corrupt", "rejected"): 1,
        ("orphan-annotation", "reported"): 3,
    }


def test_reasons_are_a_chart(backends: Backends) -> None:
    put_report(backends.bucket, mixed())
    app = opened("Batches")
    (chart,) = app.get("vega_lite_chart")
    for word in ("too large", "missing annotation", "corrupt", "orphan annotation"):
        assert word in sent(chart.proto)


def test_of_a_chosen_batch_what_was_not_taken_as_it_is_comes_first(backends: Backends) -> None:
    put_report(backends.bucket, mixed())
    put_quarantined(backends.bucket, "monday", "d.png")
    app = chosen("monday")
    assert list(app.pills[0].options) == [
        "with a reason · 3",
        "corrupt · 1",
        "missing annotation · 1",
        "too large · 1",
        "accepted · 2",
        "all files · 5",
    ]
    assert read(app).endswith(
        "rejected e.png corrupt · label 7 quarantined d.png missing annotation resized c.png too large · label 7"
    )


def test_a_reason_of_several_outcomes_is_told_apart(backends: Backends) -> None:
    files = [file("a.png", "resized", "too-large"), file("b.png", "quarantined", "too-large"), file("c.png")]
    put_report(backends.bucket, report("monday", files, hours_ago(0)))
    put_quarantined(backends.bucket, "monday", "b.png")
    options = list(chosen("monday").pills[0].options)
    assert options[1:3] == ["too large, quarantined · 1", "too large, resized · 1"]


def test_files_are_shown_by_outcome_and_reason(backends: Backends) -> None:
    put_report(backends.bucket, mixed())
    app = chosen("monday")
    app.pills[0].set_value("accepted").run()
    assert read(app).endswith("accepted a.png label 7 accepted b.png label 7")


def test_quarantined_pictures_are_shown_small(backends: Backends) -> None:
    put_report(backends.bucket, mixed())
    put_quarantined(backends.bucket, "monday", "d.png")
    assert source(chosen("monday")).count('<img src="data:image/png;base64,') == 1


def test_a_quarantined_file_that_is_no_picture_has_its_place(backends: Backends) -> None:
    put_report(backends.bucket, mixed())
    backends.bucket.put("quarantine/monday/d.png", b"no picture")
    app = chosen("monday")
    assert "<img" not in source(app)
    assert "no picture missing annotation" in read(app)


def test_a_quarantined_file_that_is_gone_does_not_hide_the_rest(backends: Backends) -> None:
    put_report(backends.bucket, mixed())
    shown = read(chosen("monday"))
    assert "The bucket does not have what was asked for." in shown
    assert "rejected e.png" in shown


def test_long_lists_are_cut(backends: Backends) -> None:
    batch(backends.bucket, "many", hours_ago(0), seed=1, size=200)
    app = chosen("many")
    app.pills[0].set_value(batches.EVERYTHING).run()
    assert source(app).count("<li>") == batches.FILES
    assert f"The first {batches.FILES} of 200 files." in [caption.value for caption in app.caption]


def test_a_report_that_cannot_be_read_is_named_and_the_others_are_shown(backends: Backends) -> None:
    put_report(backends.bucket, mixed())
    for name, content in {"torn": b'{"batch": "torn"', "odd": b'{"batch": "odd", "files": 1}', "list": b"[]"}.items():
        backends.bucket.put(f"reports/{name}.json", content)
    shown = read(opened("Batches"))
    assert shown.startswith("Not readable: the report of list, odd, torn. ")
    assert "monday just now 2 1 1 1" in shown


def test_what_users_named_is_text_and_nothing_else(backends: Backends) -> None:
    name = "<img src=x onerror=alert(1)>.png"
    put_report(
        backends.bucket, report("evil", [file(name, "rejected", "<b>bad</b>", '"><i>')], hours_ago(0), error="<script>")
    )
    app = chosen("evil")
    for harmful in ("<img", "<b>", "<i>", "<script>"):
        assert harmful not in source(app)
    assert name in read(app)


def test_reports_are_read_once_and_again_when_they_change(bucket: Bucket) -> None:
    reports = Reports(bucket)
    for number in range(30):
        put_report(bucket, mixed(f"batch-{number:02}", number))
    assert [found.batch for found in reports.recent(3).reports] == ["batch-00", "batch-01", "batch-02"]
    read_again: list[object] = []
    reports._read = read_again.append  # type: ignore[assignment,method-assign]
    reports.recent(3)
    assert read_again == []
    del reports._read
    put_report(bucket, mixed("batch-29", -1))
    bucket.delete("reports/batch-00.json")
    assert [found.batch for found in reports.recent(3).reports] == ["batch-29", "batch-01", "batch-02"]
