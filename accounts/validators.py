"""Checks of identifiers."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength
from stdnum.exceptions import ValidationError as NumberError

_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")


def to_half_width(text: str) -> str:
    """Return the text with full-width letters, digits and spaces as the usual ones."""
    return text.translate(_HALF_WIDTH)


def normalise_credit_code(value: str) -> str:
    """Return the code in capitals without spaces and dashes, full-width characters made half-width."""
    return uscc.compact(to_half_width(value)).upper()


def validate_credit_code(value: str) -> None:
    """Raise a ValidationError that says what is wrong with a 统一社会信用代码 (GB 32100-2015)."""
    try:
        uscc.validate(normalise_credit_code(value))
    except InvalidLength as error:
        raise ValidationError(_("统一社会信用代码应为 18 位，请核对。"), code="length") from error
    except InvalidChecksum as error:
        raise ValidationError(
            _("统一社会信用代码的校验位不正确，请对照营业执照核对。"), code="checksum"
        ) from error
    except NumberError as error:
        raise ValidationError(
            _("统一社会信用代码只含数字和大写字母（不含 I、O、S、V、Z），请核对。"), code="format"
        ) from error


def normalise_phone(value: str) -> str:
    """Return a mainland mobile number as +86…; anything else unchanged but for spaces and dashes."""
    compact = re.sub(r"[\s\-()]", "", to_half_width(value))
    match = _MOBILE.fullmatch(compact)
    return f"+86{match[1]}" if match else compact


_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
