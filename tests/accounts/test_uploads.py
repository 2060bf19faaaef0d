"""Uploaded files are judged by their content."""

import io
import zipfile

import docx
import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.uploads import LICENCE_KINDS, FileKind, accept_attribute, validate_upload


def workbook():
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


def document():
    stream = io.BytesIO()
    docx.Document().save(stream)
    return stream.getvalue()


def archive(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, content in files.items():
            package.writestr(name, content)
    return stream.getvalue()


def upload(name, content):
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("执照.pdf", b"%PDF-1.7 ...", FileKind.PDF),
        ("a.PNG", b"\x89PNG\r\n\x1a\n...", FileKind.PNG),
        ("a.jpeg", b"\xff\xd8\xff\xe0", FileKind.JPEG),
        ("a.docx", document(), FileKind.DOCX),
        ("a.xlsx", workbook(), FileKind.XLSX),
    ],
)
def test_upload_of_an_accepted_kind_passes_and_is_rewound(name, content, kind):
    file = upload(name, content)
    assert validate_upload(file) == kind
    assert file.read() == content


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("setup.exe", b"MZ\x90\x00", "program"),
        ("执照.pdf", b"MZ\x90\x00", "program"),
        ("执照.pdf", b"\x7fELF\x02", "program"),
        ("run.pdf", b"#!/bin/sh\nrm -rf /", "program"),
        ("a.bat", b"%PDF-1.7", "program"),
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"<html><script>alert(1)</script>", "kind"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        ("a.zip", archive(x="1"), "kind"),
        ("a.docx", b"PK\x03\x04broken", "broken"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
        ("a.png", b"%PDF-1.7", "extension"),
        ("a", b"%PDF-1.7", "extension"),
        (
            "a.xlsx",
            archive(**{"[Content_Types].xml": "", "xl/workbook.xml": "", "xl/vbaProject.bin": ""}),
            "macro",
        ),
    ],
)
def test_upload_that_is_not_acceptable_is_refused_with_its_reason(name, content, code):
    with pytest.raises(ValidationError) as caught:
        validate_upload(upload(name, content))
    assert caught.value.code == code


def test_upload_refusal_of_a_program_is_a_clear_sentence():
    with pytest.raises(ValidationError) as caught:
        validate_upload(upload("a.pdf", b"MZ"), kinds=LICENCE_KINDS)
    assert caught.value.messages == [
        "这是可执行程序或脚本，出于安全考虑不能上传。可上传：PDF 文件、PNG 图片、JPEG 图片。"
    ]


def test_upload_above_the_limit_names_size_and_limit():
    with pytest.raises(ValidationError) as caught:
        validate_upload(upload("a.pdf", b"%PDF-" + b"0" * 1024 * 1024), max_mb=1)
    assert caught.value.messages == ["文件大小为 2 MB，超过上限 1 MB，请压缩或拆分后再上传。"]


def test_upload_of_a_document_is_no_licence():
    with pytest.raises(ValidationError) as caught:
        validate_upload(upload("a.docx", document()), kinds=LICENCE_KINDS)
    assert caught.value.code == "kind"


def test_accept_attribute_lists_the_extensions():
    assert accept_attribute([FileKind.PDF, FileKind.JPEG]) == ".jpeg,.pdf,.jpg"
