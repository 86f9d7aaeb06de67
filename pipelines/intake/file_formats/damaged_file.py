"""What a library says of a damaged file, told as what the file is and what to do."""

import errno
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from lzma import LZMAError

from pipelines.intake.file_kind import Kind
from pipelines.intake.land import UnreadableDeliveryError

LIBRARIES_RAISE: tuple[type[Exception], ...] = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, RuntimeError, SyntaxError, TypeError),
    *(ValueError, struct.error, zipfile.BadZipFile, zlib.error, LZMAError),
)
"""What libraries raise over bytes they do not understand; a MemoryError is no such thing."""


@contextmanager
def told_as_damaged(kind: Kind, *more: type[Exception]) -> Iterator[None]:
    """Raise UnreadableDeliveryError for whatever a library raises over the bytes; what the system says stays."""
    try:
        yield
    except UnreadableDeliveryError:
        raise
    except OSError as error:
        if error.errno not in (None, errno.EINVAL):
            raise
        raise damaged(kind, type(error).__name__) from None
    except (*LIBRARIES_RAISE, *more) as error:
        raise damaged(kind, type(error).__name__) from None


def damaged(kind: Kind, observed: str) -> UnreadableDeliveryError:
    """That a file of this kind cannot be read to its end."""
    return UnreadableDeliveryError(
        "file_complete",
        f"{kind.en}: {observed}",
        f"文件是{kind.zh},但已损坏或不完整:请部门用原软件打开并重新保存后交换,或另存为 CSV UTF-8",
        f"this is {kind.en}, but damaged or incomplete: ask the department to open it, save it again and send it, or "
        "to save it as CSV UTF-8",
    )


def locked(kind: Kind) -> UnreadableDeliveryError:
    """That a file of this kind asks for a password."""
    return UnreadableDeliveryError(
        "file_may_be_opened",
        f"{kind.en} with a password",
        f"文件是设有密码的{kind.zh},无法打开:请部门取消密码后重新交换",
        f"this is {kind.en} protected by a password: ask the department to send it without one",
    )


def packed_otherwise(kind: Kind) -> UnreadableDeliveryError:
    """That an archive is packed in a way that cannot be unpacked here, as Windows does with members beyond 2 GB."""
    return UnreadableDeliveryError(
        "file_may_be_unpacked",
        f"{kind.en}, packed in another way",
        f"文件是{kind.zh},但其压缩方式(如 Deflate64)无法展开:请部门改用普通 zip 或 gzip 压缩后重新交换",
        f"this is {kind.en} packed in a way that is not read (such as Deflate64): ask the department to pack it as "
        "ordinary zip or gzip",
    )


def too_large(kind: Kind, observed: str) -> UnreadableDeliveryError:
    """That a file would take more room than any table has."""
    return UnreadableDeliveryError(
        "file_size",
        f"{kind.en}: {observed}",
        f"文件是{kind.zh},展开后异常大({observed}),未读取:请部门核对后以 CSV(可 gzip)重新交换",
        f"this is {kind.en} that unpacks to far more than a table has ({observed}), and it was not read: ask the "
        "department to check it and to send CSV, gzip if it is large",
    )
