//! Who looks at the page, and whether a form was filled in on it.
//!
//! With tokens, a visitor has logged in with one: the cookie holds 256 random bits, and the records know which token they
//! stand for, so that the session ends with the token. Without tokens the visitor is on this host.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts};
use axum::http::header::{CONTENT_TYPE, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Request, StatusCode};

use crate::gateway::EngineError;
use crate::gateway::api::Api;
use crate::gateway::body::{BodyCap, SMALL_BODY, whole_body};
use crate::gateway::page::failure::PageFailure;
use crate::gateway::page::memory::PageMemory;
use crate::gateway::sites::browser::is_from_here;
use crate::gateway::sites::random_text::is_random_text;
use crate::gateway::sites::token_file::digest_of;
use crate::gateway::sites::tokens::Site;

/// The cookie of a session.
pub(super) const COOKIE_NAME: &str = "assize_session";

/// The field of every form that shows that it was filled in on this page.
const CSRF_FIELD: &str = "csrf";

/// Fields of a form. Each takes up memory beside its bytes.
const MOST_FIELDS: usize = 16;

/// Who looks at the page.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    pub(super) site: Site,
    /// What a form has to send back.
    pub(super) csrf: String,
    /// Digest of the session, unless there are no tokens.
    pub(super) session: Option<[u8; 32]>,
}

/// A form that a visitor filled in on this page.
#[derive(Debug)]
pub(super) struct Posted {
    pub(super) visitor: Visitor,
    pub(super) fields: Fields,
}

/// The fields of a form.
#[derive(Debug)]
pub(super) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// A field, without spaces around it; empty where it is not there.
    pub(super) fn word(&self, name: &str) -> &str {
        self.text(name).trim()
    }

    /// A field as it is.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Some lines. A browser ends them with carriage returns, which the visitor did not type.
    pub(super) fn lines(&self, name: &str) -> String {
        self.text(name).replace("\r\n", "\n")
    }
}

/// What forms send back under this secret.
pub(super) fn csrf_of(secret: &str) -> String {
    hex::encode(digest_of(&format!("assize page form {secret}")))
}

/// The fields of a form of a site, or of a visitor that is not known yet.
pub(super) async fn fields_of(
    request: Request<Body>,
    api: &Api,
    site: Option<&Site>,
    cap: BodyCap,
) -> Result<Fields, PageFailure> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        let detail = "a form is expected: application/x-www-form-urlencoded";
        return Err(PageFailure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    let body = whole_body(request, api, site, cap).await?;
    let fields = || url::form_urlencoded::parse(&body.bytes);
    if fields().nth(MOST_FIELDS).is_some() {
        let detail = format!("the form has more than {MOST_FIELDS} fields");
        return Err(PageFailure::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
    }
    Ok(Fields(fields().into_owned().collect()))
}

impl FromRequestParts<Api> for Visitor {
    type Rejection = PageFailure;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, PageFailure> {
        let mut visitor = match api.tokens().are_needed() {
            true => with_session(parts, api).await?,
            false => Self {
                site: api.tokens().site(&parts.headers).await?,
                csrf: csrf_of(memory_of(parts)?.secret()),
                session: None,
            },
        };
        visitor.site = api.asks(visitor.site, parts)?;
        Ok(visitor)
    }
}

impl Visitor {
    /// Whether the session goes on, and the token that it began with is known still.
    pub(super) async fn is_logged_in(&self, api: &Api) -> Result<bool, EngineError> {
        let Some(session) = self.session else {
            return Ok(true);
        };
        Ok(site_of(session, api).await?.is_some())
    }
}

/// The site of a session that has not ended, if its token is known still.
pub(super) async fn site_of(session: [u8; 32], api: &Api) -> Result<Option<Site>, EngineError> {
    let token = api.records.session(session).await?;
    match token {
        Some(token) => Ok(api.tokens().of_digest(&token).await),
        None => Ok(None),
    }
}

async fn with_session(parts: &Parts, api: &Api) -> Result<Visitor, PageFailure> {
    let needed = || log_in_first(parts);
    let secret = cookie_of(&parts.headers).ok_or_else(needed)?;
    let digest = digest_of(secret);
    Ok(Visitor {
        site: site_of(digest, api).await?.ok_or_else(needed)?,
        csrf: csrf_of(secret),
        session: Some(digest),
    })
}

fn log_in_first(parts: &Parts) -> PageFailure {
    if parts.uri.path().ends_with("/live") {
        return PageFailure::LogInForStream(parts.uri.path().to_owned());
    }
    let is_part = parts.headers.contains_key("hx-request");
    match parts.uri.path_and_query() {
        _ if is_part => PageFailure::LogInForPart,
        Some(path) if parts.method == Method::GET => PageFailure::LogIn(path.as_str().to_owned()),
        _ => PageFailure::LogIn("/page/board".to_owned()),
    }
}

fn memory_of(parts: &Parts) -> Result<&Arc<PageMemory>, PageFailure> {
    let missing = || PageFailure::new(StatusCode::INTERNAL_SERVER_ERROR, "the page has no memory");
    parts.extensions.get().ok_or_else(missing)
}

/// The session that a browser sends; what cannot be one is none, and is not looked up.
pub(super) fn cookie_of(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|cookies| cookies.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(COOKIE_NAME)?.strip_prefix('='))
        .filter(|secret| is_random_text(secret))
}

/// Every route that changes something takes this, or reads it: a form of another site's page is refused here.
impl FromRequest<Api> for Posted {
    type Rejection = PageFailure;

    async fn from_request(request: Request<Body>, api: &Api) -> Result<Self, PageFailure> {
        Self::read(request, api, SMALL_BODY).await
    }
}

impl Posted {
    /// A form that may be larger than one with a few words.
    pub(super) async fn read(request: Request<Body>, api: &Api, cap: BodyCap) -> Result<Self, PageFailure> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, api).await?;
        let foreign = || {
            let detail = "the form was not filled in on this page, or the page is old; load it again";
            PageFailure::new(StatusCode::FORBIDDEN, detail)
        };
        if !is_from_here(&parts.headers) {
            return Err(foreign());
        }
        let fields = fields_of(Request::from_parts(parts, body), api, Some(&visitor.site), cap).await?;
        // The digests are compared, so that the time it takes does not depend on how much of the token was right.
        if digest_of(fields.text(CSRF_FIELD)) != digest_of(&visitor.csrf) {
            return Err(foreign());
        }
        Ok(Self { visitor, fields })
    }
}
