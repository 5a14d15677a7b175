//! Names that mean something in Python whatever the program is.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Keywords. `match`, `case`, `type` and `_` are names where they begin no statement of their own.
const KEYWORDS: &str = "False None True and as assert async await break class continue def del elif else except \
finally for from global if import in is lambda nonlocal not or pass raise return try while with yield";

/// What Python has by itself.
const OF_PYTHON: &str = "abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod \
complex copyright credits delattr dict divmod enumerate exit filter float format frozenset hasattr hash help hex id \
input int isinstance issubclass iter len license list map max memoryview min next object oct open ord pow print \
property quit range repr reversed round set setattr slice sorted staticmethod str sum super tuple type zip \
Ellipsis NotImplemented __name__ __debug__ __doc__ __annotations__ __builtins__ \
ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError \
BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError \
ConnectionResetError DeprecationWarning EOFError EncodingWarning EnvironmentError Exception ExceptionGroup \
FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning \
IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError \
ModuleNotFoundError NameError NotADirectoryError NotImplementedError OSError OverflowError \
PendingDeprecationWarning PermissionError ProcessLookupError RecursionError ReferenceError ResourceWarning \
RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError \
TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError \
UnicodeWarning UserWarning ValueError Warning ZeroDivisionError";

/// Modules that asserts know, as far as asserts use them. One is meant where an attribute of it is read: a name that is
/// called is a function of the program.
const MODULES: &str = "__future__ abc array ast base64 bisect calendar cmath collections contextlib copy csv dataclasses \
datetime decimal enum fractions functools hashlib heapq io itertools json math numbers operator os pathlib pprint queue \
random re shutil statistics string struct sys tempfile textwrap threading time traceback types typing unicodedata uuid \
warnings np numpy pd pandas";

static KEYWORDS_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| KEYWORDS.split_ascii_whitespace().collect());
static OF_PYTHON_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| OF_PYTHON.split_ascii_whitespace().collect());
static MODULES_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| MODULES.split_ascii_whitespace().collect());

/// Whether it is a keyword.
pub(super) fn is_keyword(name: &str) -> bool {
    KEYWORDS_SET.contains(name)
}

/// Whether it is Python's own everywhere, and reaches nothing else.
pub(super) fn is_of_python(name: &str) -> bool {
    OF_PYTHON_SET.contains(name)
}

/// Whether it is a module of Python's library that asks the program for nothing by itself.
pub(super) fn is_module(name: &str) -> bool {
    MODULES_SET.contains(name)
}
