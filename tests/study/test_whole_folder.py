"""Results are written whole or not at all, and never over anything else."""

import os
from pathlib import Path

import pytest

from paysim.model.errors import InputError
from paysim.study.store import PROVENANCE, whole_folder, write_text


def write_result(target, text):
    with whole_folder(target) as draft:
        (draft / "figures").mkdir()
        (draft / "figures" / "surplus.txt").write_text(text)
        (draft / PROVENANCE).write_text("{}")


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_new_folder_is_written_with_those_above_it(tmp_path):
    target = tmp_path / "a" / "b" / "out"
    write_result(target, "first")
    assert contents(target) == {"figures/surplus.txt": "first", PROVENANCE: "{}"}
    assert list(target.parent.iterdir()) == [target]


def test_an_earlier_result_is_replaced_whole(tmp_path):
    target = tmp_path / "out"
    write_result(target, "first")
    (target / "figures" / "old.txt").write_text("left from before")
    write_result(target, "second")
    assert contents(target) == {"figures/surplus.txt": "second", PROVENANCE: "{}"}
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
        with whole_folder(target) as draft:
            (draft / "half.txt").write_text("half")
            raise failure

    with pytest.raises(type(failure)):
        fail_half_way()
    assert contents(target) == {"figures/surplus.txt": "first", PROVENANCE: "{}"}
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_leaves_nothing_where_nothing_was(tmp_path):
    with pytest.raises(ValueError, match="broken"), whole_folder(tmp_path / "out"):
        raise ValueError("broken")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_other_things_is_refused_before_anything_is_done(tmp_path):
    target = tmp_path / "thesis"
    target.mkdir()
    (target / "chapter.txt").write_text("years of work")
    with pytest.raises(InputError, match="which is not part of a result of paysim"), whole_folder(target):
        pytest.fail("got a folder to fill")
    assert contents(tmp_path) == {"thesis/chapter.txt": "years of work"}


def test_a_file_is_refused(tmp_path):
    target = tmp_path / "out"
    target.write_text("a file")
    with pytest.raises(InputError, match="found a file; expected a folder"), whole_folder(target):
        pytest.fail("got a folder to fill")
    assert target.read_text() == "a file"


def test_a_relative_path_without_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_result("out", "first")
    assert "figures/surplus.txt" in contents(tmp_path / "out")


def test_others_may_read_the_result(tmp_path):
    write_result(tmp_path / "out", "first")
    write_text("text", tmp_path / "file.txt")
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "file.txt").stat().st_mode & 0o777 == 0o644


def test_a_text_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "answer.json"
    write_text("first", path)
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_text("second", path)
    assert path.read_text() == "first"
    assert os.listdir(tmp_path) == ["answer.json"]


def test_a_result_with_a_file_of_the_users_own_is_left_alone(tmp_path):
    target = tmp_path / "out"
    with whole_folder(target) as draft:
        (draft / PROVENANCE).write_text("{}")
    (target / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"found 'notes\.txt', which is not part of a result"), whole_folder(target):
        pass
    assert (target / "notes.txt").read_text() == "mine"


def test_the_working_folder_is_never_replaced(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="found the working folder"), whole_folder("."):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_link_to_a_folder_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with whole_folder(tmp_path / "link") as draft:
        (draft / PROVENANCE).write_text("{}")
    assert (tmp_path / "link").is_symlink()
    assert contents(tmp_path / "real") == {PROVENANCE: "{}"}
