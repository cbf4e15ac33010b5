"""YAML is read as texts, lists and mappings, and everything that could make it more is refused with its place."""

import sys
import time
import tracemalloc

import pytest
import yaml
from content_samples import TYPE, seen
from hypothesis import given
from hypothesis import strategies as st

from deescalate_tui.content.yaml_strict import MAX_BYTES, MAX_FAULTS, Listing, Mapping, Node, Scalar, read
from deescalate_tui.errors import ContentFaults, Fault


@pytest.fixture(params=[True, False], ids=["libyaml", "python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers: not every machine has libyaml."""
    if request.param and not yaml.__with_libyaml__:
        pytest.skip("no libyaml here")
    monkeypatch.setattr(yaml, "__with_libyaml__", request.param)


def refused(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(ContentFaults) as caught:
        read(data, "f")
    assert caught.value.faults
    return seen(caught.value.faults)


def faults_in(data: bytes) -> tuple[Fault, ...]:
    try:
        read(data, "f")
    except ContentFaults as error:
        return error.faults
    return ()


def plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    return {key.text: plain(node.values[key.text]) for key in node.keys}


@pytest.mark.usefixtures("parser")
class TestReading:
    def test_nothing_is_guessed(self) -> None:
        text = "lang: no\nlist: [de, no, off, ~]\non: yes\nver: 1.10\nphone: 0123\ntime: 12:30\nnothing:\n"
        assert plain(read(text.encode(), "f")) == {
            "lang": "no",
            "list": ["de", "no", "off", "~"],
            "on": "yes",
            "ver": "1.10",
            "phone": "0123",
            "time": "12:30",
            "nothing": "",
        }

    def test_every_node_knows_its_place_and_whether_it_was_quoted(self) -> None:
        root = read(b"a: x\nb:\n  - 'y'\n  - {c: \"z\"}\n  - >-\n    folded\n    text\n", "f")
        assert isinstance(root, Mapping)
        assert root.mark == (1, 1)
        assert [key.mark for key in root.keys] == [(1, 1), (2, 1)]
        assert root.values["a"] == Scalar("x", (1, 4), plain=True)
        items = root.values["b"]
        assert isinstance(items, Listing)
        assert items.items[0] == Scalar("y", (3, 5), plain=False)
        mapping = items.items[1]
        assert isinstance(mapping, Mapping)
        assert mapping.values["c"] == Scalar("z", (4, 9), plain=False)
        assert items.items[2] == Scalar("folded text", (5, 5), plain=False)

    def test_columns_count_characters(self) -> None:
        assert refused("äöü: &x 1\n".encode()) == [("f:1:6", "yaml-anchor")]

    def test_text_is_composed(self) -> None:
        assert plain(read('a\u0308: o\u0308\nb: "u\\u0308"\n'.encode(), "f")) == {"ä": "ö", "b": "ü"}

    def test_windows_files_are_read(self) -> None:
        assert plain(read(b"\xef\xbb\xbfa: b\r\nc: d\r\n", "f")) == {"a": "b", "c": "d"}

    def test_a_document_may_be_marked(self) -> None:
        assert plain(read(b"# why\n---\na: b\n...\n", "f")) == {"a": "b"}


CASES = {
    "nothing": (b"", "1:1", "yaml-empty"),
    "only space": (b" \n\n", "1:1", "yaml-empty"),
    "only comments": (b"# a\n# b\n", "1:1", "yaml-empty"),
    "a signature only": (b"\xef\xbb\xbf", "1:1", "yaml-empty"),
    "too big": (b"a: " + b"x" * MAX_BYTES, "1:1", "yaml-too-big"),
    "Latin-1": (b"a: b\nc: gr\xfc\xdfe\n", "2:6", "yaml-not-utf8"),
    "Latin-1 behind a signature": (b"\xef\xbb\xbfa: \xc3\xbc\nc: gr\xfc\xdfe\n", "2:6", "yaml-not-utf8"),
    "UTF-16": ("a: b\n".encode("utf-16"), "1:1", "yaml-not-utf8"),
    "UTF-16 without a signature": ("a: b\n".encode("utf-16-le"), "1:2", "yaml-binary"),
    "a lone surrogate": (b"a: \xed\xa0\x80\n", "1:4", "yaml-not-utf8"),
    "NUL": (b"a: b\nc: d\x00\n", "2:5", "yaml-binary"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x00", "1:1", "yaml-not-utf8"),
    "NUL as an escape": (b'a: "x\\0"\n', "1:4", "yaml-binary"),
    "tab for indentation": (b"a:\n\tb: c\n", "2:1", "yaml-tab"),
    "tab in a text": (b"a: b\tc\n", "1:5", "yaml-tab"),
    "tab as an escape": (b'a: "b\\tc"\n', "1:4", "yaml-tab"),
    "ESC as an escape": (b'a: "\\x1b[31m"\n', "1:4", "yaml-character"),
    "ESC": (b"a: b\x1b\n", "1:5", "yaml-character"),
    "carriage return": (b"a: b\rc\n", "1:5", "yaml-character"),
    "C1": ("a: b\x9b\n".encode(), "1:5", "yaml-character"),
    "bidi": ("a: \u202eb\n".encode(), "1:4", "yaml-character"),
    "bidi in a comment": ("a: b\n# \u2066x\n".encode(), "2:3", "yaml-character"),
    "zero width": ("a: b\u200bc\n".encode(), "1:5", "yaml-character"),
    "zero width as an escape": (b'a: "b\\u200bc"\n', "1:4", "yaml-character"),
    "zero width in a key": ("a\u200bb: c\n".encode(), "1:2", "yaml-character"),
    "a signature inside": ("a: b\ufeff\n".encode(), "1:5", "yaml-character"),
    "tag characters": ("a: b\U000e0041\n".encode(), "1:5", "yaml-character"),
    "line separator": ("a: b\u2028c\n".encode(), "1:5", "yaml-character"),
    "no character at all": ("a: \ufffe\n".encode(), "1:4", "yaml-character"),
    "anchor": (b"a: &x b\n", "1:4", "yaml-anchor"),
    "anchor of a list": (b"a: &x [b]\n", "1:4", "yaml-anchor"),
    "alias": (b"a: b\nc: *x\n", "2:4", "yaml-alias"),
    "tag": (b"a: !!str b\n", "1:4", "yaml-tag"),
    "tag of Python": (b"a: !!python/object/apply:os.system [x]\n", "1:4", "yaml-tag"),
    "exclamation mark": (b"a: ! b\n", "1:4", "yaml-tag"),
    "doubled key": (b"a: 1\nb: 2\na: 3\n", "3:1", "yaml-doubled"),
    "doubled key by composition": ("ä: 1\na\u0308: 2\n".encode(), "2:1", "yaml-doubled"),
    "list as key": (b"? [a]\n: b\n", "1:3", "yaml-key"),
    "mapping as key": (b"{{a: b}: c}\n", "1:2", "yaml-key"),
    "two documents": (b"a: b\n---\nc: d\n", "2:1", "yaml-documents"),
    "two empty documents": (b"---\n---\n", "2:1", "yaml-documents"),
    "deep": (b"[[[[[[[[[]]]]]]]]]", "1:9", "yaml-depth"),
    "deep in blocks": (b"- - - - - - - - - a\n", "1:17", "yaml-depth"),
    "many": (b"[" + b"a," * 20_001 + b"]", "1:40000", "yaml-too-many"),
    "unclosed quotation mark": (b'a: b\nc: "d\n', "2:4", "yaml-quote"),
    "colon in a text": (b"a: b: c\n", "1:5", "yaml-colon"),
    "list beside its key": (b"a: - b\n", "1:4", "yaml-dash"),
    "percent sign": (b"a: %b\n", "1:4", "yaml-start"),
    "at sign": (b"a: @b\n", "1:4", "yaml-start"),
    "asterisks": (b"a: ***b***\n", "1:5", "yaml-start"),
    "unclosed list": (b"a: [b, c\nd: e\n", "1:4", "yaml-bracket"),
    "unclosed mapping": (b"a: {b: c\nd: e\n", "1:4", "yaml-bracket"),
    "indentation": (b"a:\n  b: 1\n c: 2\n", "3:2", "yaml-indent"),
    "apostrophe": (b"a: 'it's'\n", "1:8", "yaml-indent"),
    "no colon": (b"a: b\nc\nd: e\n", "3:1", "yaml-no-colon"),
    "newer YAML": (b"%YAML 9.0\n---\na: b\n", "1:1", "yaml-syntax"),
}


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(("data", "place", "key"), CASES.values(), ids=CASES)
def test_refused_with_its_place(data: bytes, place: str, key: str) -> None:
    assert refused(data) == [(f"f:{place}", key)]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("data", [b'a: "\\q"\n', b'a: "\\xZZ"\n', b'"\\UFFFFFFFF"\n', b'a: "\\uZ"\n'])
def test_a_wrong_escape_is_refused(data: bytes) -> None:
    [(_, key)] = refused(data)
    assert key == "yaml-escape"


@pytest.mark.usefixtures("parser")
def test_a_surrogate_as_an_escape_is_refused() -> None:
    [(place, key)] = refused(b'a: "\\ud800"\n')
    assert key in ("yaml-escape", "yaml-character")
    assert place.startswith("f:1:")


@pytest.mark.usefixtures("parser")
def test_all_faults_come_at_once_in_the_order_of_the_file() -> None:
    data = b'a: &x 1\nb: "\\x07"\nc: !y 2\nb: 3\nd:\t4\n'
    assert refused(data) == [
        ("f:1:4", "yaml-anchor"),
        ("f:2:4", "yaml-character"),
        ("f:3:4", "yaml-tag"),
        ("f:4:1", "yaml-doubled"),
        ("f:5:3", "yaml-tab"),
    ]


def test_the_first_of_doubled_keys_is_named() -> None:
    with pytest.raises(ContentFaults) as caught:
        read(b"x:\n  a: 1\n  a: 2\n", "f")
    assert [fault.params for fault in caught.value.faults] == [{"name": "a", "line": 2}]


def test_what_a_fault_repeats_is_short_and_harmless() -> None:
    with pytest.raises(ContentFaults) as caught:
        read(b"a: !x%1b%5b" + b"y" * 500 + b" b\n", "f")
    name = caught.value.faults[0].params["name"]
    assert isinstance(name, str)
    assert len(name) <= 40
    assert "\x1b" not in name


def test_a_file_that_is_all_wrong_does_not_bury_its_reader() -> None:
    assert len(refused(b"a: " + "\u202e".encode() * 5_000)) == MAX_FAULTS


def bomb() -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return "\n".join(lines).encode()


HOSTILE = {
    "aliases": bomb(),
    "nesting": b"[" * 3_000,
    "nesting in mappings": b"{a: " * 3_000,
    "nesting in blocks": b"- " * 3_000,
    "a megabyte": b"a: b\n" * 200_000,
    "one long line": b"a" * (MAX_BYTES - 10),
    "many keys": b"\n".join(b"k%d: v" % number for number in range(9_000)),
    "many doubled keys": b"k: v\n" * 9_000,
    "many hyphens": b"- a\n" * 60_000,
    "many questions": b"? a\n" * 60_000,
    "many brackets": b"[]," * 80_000,
    "open brackets": b"[a: " * 3_000,
    "many quotation marks": b'"' * 200_000,
    "many escapes": b'"' + b"\\x1b" * 60_000 + b'"',
    "many comments": b"#\n" * 120_000,
    "many tabs": b"\t" * 250_000,
    "many tags": b"- !x a\n" * 30_000,
    "combining marks": b"a" + "\u0301".encode() * 100_000,
    "random bytes": bytes(range(256)) * 1_000,
}


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_costs_little(data: bytes) -> None:
    started = time.process_time()
    assert len(faults_in(data)) <= MAX_FAULTS
    assert time.process_time() - started < 5


def test_aliases_never_multiply() -> None:
    tracemalloc.start()
    assert ("f:2:10", "yaml-alias") in refused(bomb())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_nesting_does_not_depend_on_the_stack() -> None:
    deep = sys.getrecursionlimit() * 3
    assert refused(b"[" * deep) == [("f:1:9", "yaml-depth")]


def only_known_errors(data: bytes) -> None:
    for fault in faults_in(data):
        _, line, column = fault.place.split(":")
        assert int(line) >= 1
        assert int(column) >= 1


@given(st.binary(max_size=400))
def test_any_bytes_give_a_tree_or_faults(data: bytes) -> None:
    only_known_errors(data)


YAML_PARTS = st.sampled_from(
    [*":-[]{},\"'\\&*!|>#%@~?\n\t ab", ": ", "- ", "  ", "---", "...", "\r\n", "\ufeff", "\u202e", "ü", "<<: "]
) | st.sampled_from(["\\x1b", "\\UFFFFFFFF", "\\ud800", "\\"])


@given(st.lists(YAML_PARTS, max_size=40).map("".join))
def test_any_yaml_gives_a_tree_or_faults(text: str) -> None:
    for libyaml in {yaml.__with_libyaml__, False}:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yaml, "__with_libyaml__", libyaml)
            only_known_errors(text.encode())


@given(st.integers(0, len(TYPE.encode()) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_a_damaged_file_gives_a_tree_or_faults(index: int, instead: bytes, cut: int) -> None:
    data = TYPE.encode()
    only_known_errors(data[:index] + instead + data[index + cut :])
