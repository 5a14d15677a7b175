r"""Client of Assize, which judges and runs untrusted Python programs.

>>> from assize import Assize
>>> Assize().run("print(6 * 7)").stdout
'42\n'
"""

from assize import errors, models
from assize._answers import BatchItem
from assize._async_client import AsyncAssize
from assize._client import Assize
from assize._events import Event
from assize._requests import submission
from assize._retries import Retries
from assize.errors import AssizeError
from assize.models import Judgement, Progress, Rejection, RunResult, SubmissionRequest, SubmissionState, Verdict
from assize.webhooks import Webhook, verify_webhook

__version__ = "0.1.0"

__all__ = [
    "Assize",
    "AssizeError",
    "AsyncAssize",
    "BatchItem",
    "Event",
    "Judgement",
    "Progress",
    "Rejection",
    "Retries",
    "RunResult",
    "SubmissionRequest",
    "SubmissionState",
    "Verdict",
    "Webhook",
    "errors",
    "models",
    "submission",
    "verify_webhook",
]
