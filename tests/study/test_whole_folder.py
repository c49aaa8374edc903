"""Results are written whole or not at all, and never over anything else."""

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from paysim.model.errors import InputError
from paysim.study.whole import PROVENANCE, refuse_unusable_file, refuse_unusable_folder, whole_folder, write_text

MADE_BY = {"paysim": "0.1.0"}


def write_result(target, text, command="compare"):
    with whole_folder(target, command, MADE_BY) as draft:
        (draft / "figures").mkdir()
        (draft / "figures" / "surplus.txt").write_text(text)


def contents(folder):
    """Return every file but the provenance by its path within the folder, and its text."""
    files = {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}
    return {name: text for name, text in files.items() if Path(name).name != PROVENANCE}


def test_a_new_folder_is_written_with_those_above_it(tmp_path):
    target = tmp_path / "a" / "b" / "out"
    write_result(target, "first")
    assert contents(target) == {"figures/surplus.txt": "first"}
    assert list(target.parent.iterdir()) == [target]


def test_an_earlier_result_is_replaced_whole(tmp_path):
    target = tmp_path / "out"
    write_result(target, "first")
    write_result(target, "second")
    assert contents(target) == {"figures/surplus.txt": "second"}
    assert list(tmp_path.iterdir()) == [target]


def test_an_empty_folder_is_used(tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    write_result(target, "first")
    assert "figures/surplus.txt" in contents(target)


@pytest.mark.parametrize("failure", [ValueError("broken"), KeyboardInterrupt()], ids=["error", "interrupt"])
def test_a_failure_leaves_what_was_there(tmp_path, failure):
    target = tmp_path / "out"
    write_result(target, "first")

    def fail_half_way():
        with whole_folder(target, "compare", MADE_BY) as draft:
            (draft / "half.txt").write_text("half")
            raise failure

    with pytest.raises(type(failure)):
        fail_half_way()
    assert contents(target) == {"figures/surplus.txt": "first"}
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_leaves_nothing_where_nothing_was(tmp_path):
    with pytest.raises(ValueError, match="broken"), whole_folder(tmp_path / "out", "compare", MADE_BY):
        raise ValueError("broken")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_other_things_is_refused_before_anything_is_done(tmp_path):
    target = tmp_path / "thesis"
    target.mkdir()
    (target / "chapter.txt").write_text("years of work")
    with (
        pytest.raises(InputError, match="which is not part of a result of paysim"),
        whole_folder(target, "compare", MADE_BY),
    ):
        pytest.fail("got a folder to fill")
    assert contents(tmp_path) == {"thesis/chapter.txt": "years of work"}


def test_a_result_of_another_command_is_not_replaced(tmp_path):
    target = tmp_path / "out"
    write_result(target, "three days of computing", "compare")
    before = (target / PROVENANCE).read_text()
    told = "found a result of paysim compare; expected another folder for that of paysim design, such as --out design"
    with pytest.raises(InputError, match=told):
        refuse_unusable_folder(target, "design")
    with pytest.raises(InputError, match=told), whole_folder(target, "design", MADE_BY):
        pytest.fail("got a folder to fill")
    assert contents(target) == {"figures/surplus.txt": "three days of computing"}
    assert (target / PROVENANCE).read_text() == before


@pytest.mark.parametrize("theirs", ["a result", "a file", "a folder of other things"])
def test_what_came_while_a_result_was_made_is_not_replaced(tmp_path, theirs):
    target = tmp_path / "out"
    with pytest.raises(InputError, match="out: found "), whole_folder(target, "simulate", MADE_BY) as draft:  # noqa: PT012
        (draft / "activity.txt").write_text("new")
        if theirs == "a result":
            write_result(target, "theirs", "compare")
        elif theirs == "a file":
            target.write_text("theirs")
        else:
            target.mkdir()
            (target / "chapter.txt").write_text("theirs")
    assert list(contents(tmp_path).values()) == ["theirs"]
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_is_refused(tmp_path):
    target = tmp_path / "out"
    target.write_text("a file")
    with pytest.raises(InputError, match="found a file; expected a folder"), whole_folder(target, "compare", MADE_BY):
        pytest.fail("got a folder to fill")
    assert target.read_text() == "a file"


def test_a_relative_path_without_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_result("out", "first")
    assert "figures/surplus.txt" in contents(tmp_path / "out")


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are POSIX")
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_who_may_read_the_result_is_for_the_user_to_say(tmp_path, mask):
    before = os.umask(mask)
    try:
        write_result(tmp_path / "out", "first")
        write_text("text", tmp_path / "file.txt")
    finally:
        os.umask(before)
    allowed = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}
    folder, file = 0o777 & ~mask, 0o666 & ~mask
    assert allowed == {"out": folder, "figures": folder, "surplus.txt": file, PROVENANCE: file, "file.txt": file}


@pytest.mark.parametrize("name", ["file/out", "long" * 100])
def test_a_place_that_cannot_be_written_to_is_refused_before_anything_is_done(tmp_path, name):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(InputError, match="found no way to write there: "):
        refuse_unusable_folder(tmp_path / name, "compare")
    with pytest.raises(InputError, match="found no way to write there: "):
        refuse_unusable_file(tmp_path / name)
    with pytest.raises(InputError, match="found no way to write there"):
        write_result(tmp_path / name, "first")
    assert contents(tmp_path) == {"file": "no folder"}


def test_whether_a_place_can_be_written_to_is_found_out_without_a_trace(tmp_path):
    refuse_unusable_folder(tmp_path / "a" / "out", "compare")
    refuse_unusable_file(tmp_path / "a" / "table.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_mount_point_is_refused_since_it_cannot_be_replaced(tmp_path, monkeypatch):
    monkeypatch.setattr(os.path, "ismount", lambda path: path == tmp_path)
    with pytest.raises(InputError, match="found a mount point; expected a folder of its own"):
        refuse_unusable_folder(tmp_path, "compare")
    refuse_unusable_folder(tmp_path / "out", "compare")


def test_a_folder_is_no_file_to_write_to(tmp_path):
    with pytest.raises(InputError, match="found a folder; expected a file to write to"):
        refuse_unusable_file(tmp_path)


def test_a_text_is_written_with_the_folders_above_it(tmp_path):
    write_text("text", tmp_path / "a" / "b" / "file.txt")
    assert contents(tmp_path) == {"a/b/file.txt": "text"}


def test_what_is_no_number_is_missing_in_the_provenance(tmp_path):
    with whole_folder(tmp_path / "out", "compare", {**MADE_BY, "tolerance": float("inf"), "seed": np.int64(7)}):
        pass
    found = json.loads((tmp_path / "out" / PROVENANCE).read_text(), parse_constant=pytest.fail)
    assert found == {**MADE_BY, "tolerance": None, "seed": 7, "command": "compare", "files": []}


def test_a_text_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "answer.json"
    write_text("first", path)
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_text("second", path)
    assert path.read_text() == "first"
    assert os.listdir(tmp_path) == ["answer.json"]


@pytest.mark.parametrize("name", ["notes.txt", "report.html", "figures/photo.png", "empty/"])
def test_a_result_with_something_of_the_users_own_is_left_alone(tmp_path, name):
    target = tmp_path / "out"
    write_result(target, "first")
    if name.endswith("/"):
        (target / name).mkdir()
    else:
        (target / name).write_text("mine")
    before = contents(target)
    with pytest.raises(InputError, match=f"found '{name.rstrip('/')}', which is not part of a result of paysim"):
        write_result(target, "second")
    assert contents(target) == before
    assert (target / name).exists()


@pytest.mark.parametrize(
    "provenance",
    [
        None,
        "no JSON",
        "[]",
        '{"command": "compare", "files": ["report.html"]}',
        '{"paysim": "0.1.0", "files": ["report.html"]}',
        '{"paysim": "0.1.0", "command": "compare"}',
        '{"paysim": "0.1.0", "command": "compare", "files": 5}',
    ],
)
def test_names_that_a_result_has_make_no_result(tmp_path, provenance):
    target = tmp_path / "out"
    target.mkdir()
    (target / "report.html").write_text("mine")
    if provenance is not None:
        (target / PROVENANCE).write_text(provenance)
    with pytest.raises(InputError, match="which is not part of a result of paysim"):
        write_result(target, "first")
    assert contents(target) == {"report.html": "mine"}


def test_the_provenance_lists_all_other_files(tmp_path):
    write_result(tmp_path / "out", "first")
    found = json.loads((tmp_path / "out" / PROVENANCE).read_text())
    assert found == {"paysim": "0.1.0", "command": "compare", "files": ["figures/surplus.txt"]}


def test_the_working_folder_is_never_replaced(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="found the working folder"), whole_folder(".", "compare", MADE_BY):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_link_to_a_folder_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_result(tmp_path / "link", "first")
    assert (tmp_path / "link").is_symlink()
    assert contents(tmp_path / "real") == {"figures/surplus.txt": "first"}


@pytest.mark.parametrize("last", [1, 2], ids=["before the new one is in place", "once it is"])
def test_an_interrupt_while_results_change_places_leaves_one_of_them(tmp_path, monkeypatch, last):
    target = tmp_path / "out"
    write_result(target, "first")
    rename, renamed = Path.rename, []

    def interrupted(path, to):
        renamed.append(to)
        done = rename(path, to)
        if len(renamed) == last:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_result(target, "second")
    assert contents(target) == {"figures/surplus.txt": ["first", "second"][last - 1]}
    assert list(tmp_path.iterdir()) == [target]
