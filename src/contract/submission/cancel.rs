//! The request not to judge a submission, or not any longer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::contract::documents::rejection::without_controls;
use crate::contract::json::object::Object;
use crate::contract::{Rejected, RejectionCode, Submission};

/// Longest message, in bytes.
const LONGEST_MESSAGE: usize = 8192;

/// `type` of a cancellation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum CancelType {
    #[serde(rename = "assize.cancel.v1")]
    V1,
}

/// Asks for a submission not to be judged. What has a verdict keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "assize.cancel.v1")]
pub struct Cancel {
    #[serde(rename = "type")]
    version: CancelType,
    /// Id of the submission.
    pub id: Uuid,
    /// Which request to judge it once more is cancelled; without it, the submission as it was first sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejudge: Option<Uuid>,
    /// Why, for people; becomes the message of the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub reason: Option<String>,
}

/// What can be cancelled: a submission as it was first sent, or one request to judge it once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Request {
    /// Id of the submission.
    pub submission: Uuid,
    /// The UUID of the request to judge it once more.
    pub rejudge: Option<Uuid>,
}

impl Request {
    /// What the message of a submission asks for, which may be wrong in any other way.
    pub fn of_message(body: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Asked {
            id: Uuid,
            #[serde(default)]
            rejudge: Option<Uuid>,
        }
        let Object(Asked { id, rejudge }) = serde_json::from_slice(body).ok()?;
        Some(Self {
            submission: id,
            rejudge,
        })
    }
}

impl Submission {
    /// What it asks for.
    pub fn request(&self) -> Request {
        Request {
            submission: self.id,
            rejudge: self.rejudge,
        }
    }
}

impl Cancel {
    /// A cancellation of this request.
    pub fn new(request: Request, reason: Option<String>) -> Self {
        Self {
            version: CancelType::V1,
            id: request.submission,
            rejudge: request.rejudge,
            reason,
        }
    }

    /// Parses the body of a message. Control characters in its reason, which is only shown, are replaced.
    ///
    /// # Errors
    /// The first mistake that is found.
    pub fn parse(body: &[u8]) -> Result<Self, Rejected> {
        let wrong = |code, reason| Rejected::new(code, None, reason).shortened();
        if body.len() > LONGEST_MESSAGE {
            let reason = format!(
                "the message has {} bytes, at most {LONGEST_MESSAGE} are allowed",
                body.len()
            );
            return Err(wrong(RejectionCode::TooLarge, reason));
        }
        let Object::<Self>(cancel) =
            serde_json::from_slice(body).map_err(|error| wrong(RejectionCode::Schema, error.to_string()))?;
        Ok(Self {
            reason: cancel.reason.map(without_controls),
            ..cancel
        })
    }

    /// What is cancelled.
    pub fn request(&self) -> Request {
        Request {
            submission: self.id,
            rejudge: self.rejudge,
        }
    }
}
