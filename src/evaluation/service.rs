//! A judge behind HTTP: submissions are sent, and their answers waited for, as long as there is time.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use tokio::time::{Instant, sleep, timeout_at};
use url::Url;

use crate::contract::{ErrorDocument, Judgement, ServiceStatus, SubmissionMessage, SubmissionState, document};
use crate::evaluation::service_error::{AddressError, AnswerError, LARGEST_ANSWER, ServiceError};
use crate::tls;

/// How long a service is asked to wait before it answers that there is no answer yet, in seconds.
const WAIT_S: u64 = 20;

/// How long one request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(WAIT_S + 30);

/// Pause before something is tried again, where the service names none.
const PAUSE: Duration = Duration::from_secs(1);

/// No pause is longer, whatever the service names.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// What a service says about a submission.
#[derive(Debug)]
pub enum ServiceAnswer {
    /// The verdict.
    Verdict(Box<Judgement>),
    /// It does not judge the submission, and why.
    Refused(String),
    /// There was no answer in time, and why.
    Silent(String),
    /// It takes no submission of ours, and why: there is no point in sending another one.
    Closed(String),
}

/// A client of a service.
#[derive(Debug, Clone)]
pub struct ServiceClient {
    client: reqwest::Client,
    base: Url,
    authorization: Option<HeaderValue>,
}

/// What one request came to.
enum Tried {
    Answer(ServiceAnswer),
    /// There is none yet.
    NotYet,
    /// It is to be tried again, after a pause.
    Again(String, Duration),
    /// The service does not know the submission any more.
    Unknown,
}

impl ServiceClient {
    /// A client of the service at `url`, with the token of a site where it wants one.
    ///
    /// # Errors
    /// When the address or the token is none.
    pub fn new(url: &str, token: Option<&str>) -> Result<Self, ServiceError> {
        let wrong = |source: AddressError| ServiceError::Address {
            url: url.to_owned(),
            source,
        };
        let base = Url::parse(url).map_err(|error| wrong(error.into()))?;
        if !matches!(base.scheme(), "http" | "https") || base.host().is_none() {
            return Err(wrong(AddressError::Scheme));
        }
        let header =
            |token: &str| HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_error| ServiceError::Token);
        let mut authorization = token.map(header).transpose()?;
        if let Some(header) = &mut authorization {
            header.set_sensitive(true);
        }
        tls::install_provider();
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .timeout(REQUEST_TIMEOUT)
            .user_agent(concat!("Assize/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(ServiceError::Client)?;
        Ok(Self {
            client,
            base,
            authorization,
        })
    }

    /// How the service is.
    ///
    /// # Errors
    /// When it does not answer, or wants another token.
    pub async fn status(&self) -> Result<ServiceStatus, ServiceError> {
        let url = self.base.to_string();
        let response = self.request(Method::GET, "v1/status").send().await;
        let response = response.map_err(|source| ServiceError::Unreachable {
            url: url.clone(),
            source: source.without_url(),
        })?;
        let status = response.status();
        let failed = |source: AnswerError| ServiceError::Answer {
            url: url.clone(),
            source,
        };
        let body = body(response).await.map_err(failed)?;
        if !status.is_success() {
            return Err(ServiceError::Refused {
                url: url.clone(),
                reason: refusal(status, &body),
            });
        }
        document(&body).map_err(|error| failed(error.into()))
    }

    /// Sends a submission, and waits for its answer until `deadline`. What is sent again has the same id, so it is judged
    /// once.
    pub async fn answer(&self, submission: &SubmissionMessage, deadline: Instant) -> ServiceAnswer {
        let mut why = "the service has not answered".to_owned();
        let mut is_known = false;
        let asking = async {
            loop {
                let request = match is_known {
                    false => self.sending(submission),
                    true => self.request(Method::GET, &format!("v1/submissions/{}?wait={WAIT_S}", submission.id)),
                };
                match tried(request).await {
                    Tried::Answer(answer) => return answer,
                    Tried::NotYet => {
                        is_known = true;
                        "the service has no verdict yet".clone_into(&mut why);
                    }
                    Tried::Unknown if !is_known => {
                        let reason = format!("there is no judge at {}", self.base);
                        return ServiceAnswer::Closed(reason);
                    }
                    Tried::Unknown => {
                        is_known = false;
                        sleep(PAUSE).await;
                    }
                    Tried::Again(reason, pause) => {
                        why = reason;
                        sleep(pause.min(LONGEST_PAUSE)).await;
                    }
                }
            }
        };
        match timeout_at(deadline, asking).await {
            Ok(answer) => answer,
            Err(_elapsed) => ServiceAnswer::Silent(why),
        }
    }

    fn sending(&self, submission: &SubmissionMessage) -> RequestBuilder {
        let body = serde_json::to_vec(submission).unwrap_or_default();
        self.request(Method::POST, &format!("v1/submissions?wait={WAIT_S}"))
            .header(CONTENT_TYPE, "application/json")
            .body(body)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/{path}", self.base.as_str().trim_end_matches('/'));
        let request = self.client.request(method, url);
        match &self.authorization {
            Some(header) => request.header(AUTHORIZATION, header.clone()),
            None => request,
        }
    }
}

async fn tried(request: RequestBuilder) -> Tried {
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) => return Tried::Again(AnswerError::None(error).to_string(), PAUSE),
    };
    let status = response.status();
    let after = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok());
    let pause = after
        .and_then(|seconds| seconds.parse().ok())
        .map_or(PAUSE, Duration::from_secs);
    let body = match body(response).await {
        Ok(body) => body,
        Err(error) => return Tried::Again(error.to_string(), PAUSE),
    };
    if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
        return Tried::Again(refusal(status, &body), pause.max(PAUSE));
    }
    if status == StatusCode::NOT_FOUND {
        return Tried::Unknown;
    }
    if is_closed(status) {
        return Tried::Answer(ServiceAnswer::Closed(refusal(status, &body)));
    }
    if !status.is_success() {
        return Tried::Answer(ServiceAnswer::Refused(refusal(status, &body)));
    }
    match document::<SubmissionState>(&body) {
        Err(error) => Tried::Again(AnswerError::from(error).to_string(), PAUSE),
        Ok(state) => match (state.verdict, state.rejection) {
            (Some(verdict), _) => Tried::Answer(ServiceAnswer::Verdict(Box::new(verdict))),
            (None, Some(rejection)) => Tried::Answer(ServiceAnswer::Refused(rejection.reason)),
            (None, None) => Tried::NotYet,
        },
    }
}

/// Whether the same is said of every submission: the token is none, or may not submit or read, or nothing is taken there
/// (RFC 9110, 15.5).
fn is_closed(status: StatusCode) -> bool {
    let codes = [
        StatusCode::UNAUTHORIZED,
        StatusCode::FORBIDDEN,
        StatusCode::METHOD_NOT_ALLOWED,
    ];
    codes.contains(&status)
}

/// The whole body, if it is no larger than an answer can be.
async fn body(mut response: Response) -> Result<Vec<u8>, AnswerError> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(piece)) if body.len() + piece.len() <= LARGEST_ANSWER => body.extend_from_slice(&piece),
            Ok(Some(_)) => return Err(AnswerError::TooLarge),
            Ok(None) => return Ok(body),
            Err(error) => return Err(AnswerError::BrokenOff(error.without_url())),
        }
    }
}

/// What a refusal says.
fn refusal(status: StatusCode, body: &[u8]) -> String {
    match document::<ErrorDocument>(body) {
        Ok(ErrorDocument { field, detail, .. }) => match field {
            Some(field) => format!("{field}: {detail}"),
            None => detail,
        },
        Err(_) => format!("the service answered with {status}"),
    }
}
