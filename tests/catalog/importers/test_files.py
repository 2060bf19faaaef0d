import io
import zipfile

import pytest

from catalog.importers.files import Limits, read_sheets
from catalog.importers.problems import FileProblem

from .files import text_file, workbook


def message_for(content, name="技术.xlsx", **limits):
    with pytest.raises(FileProblem) as caught:
        read_sheets(io.BytesIO(content), name=name, limits=Limits(**limits))
    return str(caught.value)


def package(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"MZ\x90\x00\x03" + b"\x00" * 60, "可执行程序"),
        (b"\x7fELF\x02\x01\x01" + b"\x00" * 60, "可执行程序"),
        (b"#!/bin/sh\necho hello\n", "可执行程序"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页格式"),
        (b"just some text", "不是 Excel 或 Word 格式"),
        (b"PK\x03\x04 broken", "已损坏"),
    ],
)
def test_file_that_is_no_workbook_is_refused_in_chinese(content, words):
    assert words in message_for(content)


def test_old_and_encrypted_formats_are_told_apart():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
    assert "旧的 .xls" in message_for(ole + "Workbook".encode("utf-16-le"), name="a.xls")
    assert "打开密码" in message_for(ole + "EncryptedPackage".encode("utf-16-le"))
    assert "旧的 .doc" in message_for(ole + "WordDocument".encode("utf-16-le"), name="a.doc")


def test_binary_named_csv_is_refused():
    assert "不是表格" in message_for(b"name,\x00\x01\x02", name="a.csv")


def test_zip_with_other_content_is_refused():
    assert "压缩包" in message_for(package(**{"readme.txt": "hello"}))


def test_workbook_with_macros_is_refused():
    assert "宏" in message_for(package(**{"xl/workbook.xml": "<a/>", "xl/vbaProject.bin": "x"}))


def test_damaged_workbook_is_refused():
    assert "重新保存" in message_for(package(**{"xl/workbook.xml": "<broken"}))


def test_file_over_the_size_limit_is_refused():
    content = workbook(("表", [["技术名称"], ["甲"]])).getvalue()
    assert "超过了 30 MB" in message_for(content + b"\x00" * (31 * 1024 * 1024 - len(content)))


def test_zip_bomb_is_refused_by_unpacked_size():
    content = package(**{"xl/workbook.xml": "<a/>", "xl/worksheets/sheet1.xml": b" " * 3_000_000})
    assert "解压后过大" in message_for(content, max_unpacked_bytes=1_000_000)


def test_too_many_cells_are_refused_before_they_are_read():
    content = workbook(("表", [["a"] * 20] * 60)).getvalue()
    assert "解压后过大" in message_for(content, max_cells=1000)


def test_merged_blocks_of_a_million_cells_are_refused_before_they_are_read():
    sheet = '<worksheet><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    assert "解压后过大" in message_for(
        package(**{"xl/workbook.xml": "<a/>", "xl/worksheets/sheet1.xml": sheet})
    )


def test_xml_entities_are_refused():
    content = package(**{"xl/workbook.xml": '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'})
    assert "结构异常" in message_for(content)


def test_workbook_without_content_is_refused():
    assert "没有找到任何表格" in message_for(workbook(("空表", [])).getvalue())


def test_kind_is_decided_by_content_not_by_name():
    sheets = read_sheets(workbook(("表", [["技术名称"], ["甲"]])), name="技术.csv")
    assert [sheet.name for sheet in sheets] == ["表"]
    assert read_sheets(text_file("技术名称,单位\n甲,乙"), name="upload")[0].rows[1].cells == ["甲", "乙"]
