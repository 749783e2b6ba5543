"""The command line: what it writes, and one line for every mistake."""

from __future__ import annotations

import csv
import io
import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load

from tests.scenes.documents import greedy
from unrolled import __version__, cli

UNROLLED = [sys.executable, "-c", "from unrolled.cli import main; main()"]
SCENE: dict[str, Any] = {
    "version": 1,
    "network": {"layers": [{"cell": "gru", "units": 2}], "readout": {"outputs": 2}},
    "inputs": [[1, 0], [0, 1]],
}


def run(*arguments: str, feed: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*UNROLLED, *arguments], input=feed, capture_output=True, timeout=60, check=False
    )


def mistake(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that a wrong call writes."""
    assert cli.run(list(arguments)) == 2
    output, errors = capfd.readouterr()
    assert output == ""
    assert errors.endswith("\n")
    assert errors.count("\n") == 1
    return errors


def write(folder: Path, document: Any) -> str:
    file = folder / "scene.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    return str(file)


def test_lessons_are_listed_by_id_and_title() -> None:
    found = run("lessons")
    assert found.returncode == 0
    lines = found.stdout.decode().splitlines()
    assert any(re.fullmatch(r"lecture-lstm +One LSTM cell, by hand", line) for line in lines)


def test_a_trace_is_the_one_the_server_sends() -> None:
    found = json.loads(run("trace", "lecture-rnn").stdout)
    assert found["outputs"] == [[4, 4], [12, 12], [32, 32]]
    assert re.fullmatch(r"[0-9a-f]{64}", found["id"])


def test_a_scene_may_come_from_a_file_or_standard_input(tmp_path: Path) -> None:
    by_file = run("trace", write(tmp_path, SCENE), "--gradients")
    by_pipe = run("trace", "-", "--gradients", feed=json.dumps(SCENE).encode())
    assert by_file.stdout == by_pipe.stdout
    assert json.loads(by_file.stdout)["input_gradients"] is not None


def test_safetensors_and_npz_hold_the_same_arrays(tmp_path: Path) -> None:
    for form in ("safetensors", "npz"):
        file = tmp_path / f"trace.{form}"
        done = run("trace", "lecture-lstm", "--format", form, "-o", str(file))
        assert (done.returncode, done.stdout) == (0, b"")
    tensors = load((tmp_path / "trace.safetensors").read_bytes())
    with np.load(tmp_path / "trace.npz") as held:
        assert set(held.files) == {*tensors, "id"}
        for name, array in tensors.items():
            assert np.array_equal(held[name], array)


def test_csv_has_a_row_for_each_step_and_a_column_for_each_number(tmp_path: Path) -> None:
    text = run("trace", "lecture-rnn", "--format", "csv", "--gradients").stdout.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["t"] for row in rows] == ["0", "1", "2"]
    assert [float(row["readout.y[1]"]) for row in rows] == [4, 12, 32]
    assert [float(row["gradient layers.0.forward.h[0]"]) for row in rows] == [14, 6, 2]


def test_csv_of_an_encoder_decoder_has_the_rows_that_each_half_has() -> None:
    document = json.dumps(greedy(steps=6)).encode()
    text = run("trace", "-", "--format", "csv", feed=document).stdout.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 6
    read = [row["encoder.layers.0.backward.h[1]"] != "" for row in rows]
    assert read == [True] * 4 + [False] * 2
    assert all(row["decoder.attention.alpha[3]"] and row["readout.y[2]"] for row in rows)


def test_the_check_of_a_decoder_that_feeds_itself_says_what_it_holds_fixed() -> None:
    done = run("check", "-", feed=json.dumps(greedy()).encode())
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "decoder_inputs are the rows that the decoder fed itself, held fixed"
    checked = [line.split()[0] for line in lines[2:-1]]
    for name in ("decoder.attention.v_a", "encoder.layers.0.backward.initial.c", "decoder_inputs"):
        assert any(address.startswith(name) for address in checked), name


def test_csv_of_a_sequence_with_one_answer_puts_it_in_the_last_row(tmp_path: Path) -> None:
    network = {**SCENE["network"], "shape": "many-to-one"}
    scene = write(tmp_path, {**SCENE, "network": network})
    text = run("trace", scene, "--format", "csv").stdout.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["readout.y[0]"] == ""
    assert float(rows[1]["readout.y[0]"])


def test_check_compares_gradients_with_the_worst_last() -> None:
    found = run("check", "lecture-lstm")
    assert found.returncode == 0
    *rows, last = found.stdout.decode().splitlines()
    errors = [float(row.split()[-1]) for row in rows[1:]]
    assert errors == sorted(errors)
    assert len(errors) == 15
    assert last.startswith("complex step: worst ")
    assert errors[-1] < 1e-9


def test_check_takes_central_differences_where_a_primitive_is_not_analytic(
    tmp_path: Path,
) -> None:
    layers = [{"cell": "elman", "units": 3, "options": {"activation": "relu"}}]
    scene = write(tmp_path, {**SCENE, "network": {"layers": layers}})
    found = run("check", scene)
    assert found.returncode == 0
    assert "central differences: worst" in found.stdout.decode()


def test_check_fails_with_status_1_where_gradients_are_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from unrolled.engine import check

    def wrong(*_: Any) -> check.Report:
        return check.Report([check.Row("inputs", (0, 0), 1.0, 2.0, 0.5)], "complex step", 1e-9)

    monkeypatch.setattr("unrolled.commands.check.engine.check", wrong)
    assert cli.run(["check", "lecture-rnn"]) == 1
    assert "ABOVE the limit" in capsys.readouterr().out


def test_the_version_is_the_packages() -> None:
    assert run("--version").stdout.decode().split()[-1] == __version__


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([]) == 0
    text = capsys.readouterr().out
    assert all(f"  {name} " in text for name in ("serve", "lessons", "trace", "check"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bogus"], ["COMMAND", "serve", '"bogus"']),
        (["trace"], ["SCENE_OR_LESSON", "nothing"]),
        (["trace", "lecture-cnn"], ["SCENE_OR_LESSON", "lecture-rnn", '"lecture-cnn"']),
        (["trace", "lecture-rnn/other"], ["SCENE_OR_LESSON"]),
        (["trace", "."], ["SCENE_OR_LESSON"]),
        (["trace", "lecture-rnn", "--format", "xls"], ["--format", "json", '"xls"']),
        (["trace", "lecture-rnn", "--colour"], ["--colour"]),
        (["trace", "lecture-rnn", "-o", "/nowhere/at/all"], ["/nowhere/at/all"]),
        (["check", "lecture-cnn"], ["SCENE_OR_LESSON"]),
        (["lessons", "--lessons", "/nowhere"], ["--lessons", "/nowhere"]),
        (["serve", "--port", "http"], ["--port", "whole number", '"http"']),
        (["serve", "--port", "-1"], ["--port", "-1"]),
        (["serve", "--port", "65536"], ["--port", "65536"]),
        (["serve", "--workers", "0"], ["--workers", "0"]),
        (["serve", "--workers", "2"], ["--workers", "--broker"]),
        (["serve", "--broker", "amqp://x"], ["--broker", "redis://", "amqp://x"]),
        (["serve", "--host", "256.0.0.1"], ["--host", "256.0.0.1"]),
        (["serve", "--lessons", "/nowhere"], ["--lessons", "/nowhere"]),
    ],
)
def test_a_bad_argument_is_one_line_and_status_2(
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    words: list[str],
) -> None:
    for name in ("HOST", "PORT", "WORKERS", "LESSONS"):
        monkeypatch.delenv(f"UNROLLED_{name}", raising=False)
    line = mistake(capfd, *arguments)
    assert "Traceback" not in line
    for word in words:
        assert word in line


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("", ["(document)", "JSON"]),
        ("[" * 100_000, ["(document)", "nesting"]),
        ("\u0000", ["(document)"]),
        ({**SCENE, "version": 2}, ["version", "got 2"]),
        ({**SCENE, "inputs": [[1], [1, 2]]}, ["inputs[1]", "1 numbers", "got 2"]),
        ({**SCENE, "network": {"layers": [{"cell": "gru"}]}}, ["network.layers[0].units"]),
        ({**SCENE, "title": "two\nlines", "colour": "a\nb"}, ["colour"]),
    ],
)
def test_a_bad_document_is_one_line_and_status_2(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, document: Any, words: list[str]
) -> None:
    line = mistake(capfd, "trace", write(tmp_path, document))
    for word in words:
        assert word in line


def test_a_bad_setting_is_one_line_and_status_2(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNROLLED_MAX_UNITS", "many")
    assert "UNROLLED_MAX_UNITS: expected a whole number" in mistake(capfd, "trace", "lecture-rnn")


def test_a_taken_port_is_one_line_and_status_2(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UNROLLED_PORT", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = mistake(capfd, "serve", "--port", str(port))
    assert str(port) in line


def serving(*arguments: str) -> tuple[subprocess.Popen[str], str]:
    """A server in a process of its own, and the address it says it has."""
    process = subprocess.Popen(
        [*UNROLLED, "serve", "--port", "0", *arguments], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    line = process.stderr.readline()
    assert line.startswith("Unrolled serves http://"), line
    return process, line.split()[-1]


def test_serve_answers_until_it_is_told_to_stop() -> None:
    process, address = serving()
    with process:
        with urllib.request.urlopen(f"{address}/healthz", timeout=30) as answer:
            assert json.load(answer) == {"status": "ok"}
            assert "server" not in answer.headers
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) in (0, -signal.SIGTERM)


def test_lan_prints_the_address_to_join_and_its_qr_code() -> None:
    process, address = serving("--lan")
    with process:
        assert process.stderr is not None
        lines = [process.stderr.readline() for _ in range(12)]
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
    port = address.rpartition(":")[2]
    assert any(re.search(rf"Join at http://[\d.]+:{port}", line) for line in lines)
    assert sum("█" in line for line in lines) > 5
