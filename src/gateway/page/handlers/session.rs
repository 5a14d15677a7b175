//! Logging in with a token, and out.

use std::time::Duration;

use askama::Template;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::gateway::api::Api;
use crate::gateway::body::SMALL_BODY;
use crate::gateway::page::failure::{PageFailure, rendered};
use crate::gateway::page::visitor::{COOKIE_NAME, Posted, cookie_of, fields_of, site_of};
use crate::gateway::sites::browser::is_from_here;
use crate::gateway::sites::random_text::random_text;
use crate::gateway::sites::token_file::{Scope, digest_of, is_token};

/// How long a session lasts.
const LASTS: Duration = Duration::from_secs(12 * 60 * 60);

/// Where a visitor begins.
const START: &str = "/page/board";

/// Longest path that a login leads to, in bytes.
const LONGEST_NEXT: usize = 2000;

const NO_TOKEN: &str = "The token is not known: a whole one begins with assize_ and has 50 characters.";

const UNKNOWN: &str = "The token is not known: it was revoked, or is one of another service. assize token list names those \
                       that are known, and assize token new makes one.";

/// Where to go behind the login.
#[derive(Debug, Deserialize)]
pub(in crate::gateway::page) struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage<'a> {
    next: &'a str,
    /// How it is with the session that the browser has.
    notice: &'a str,
    /// What is wrong with the token that was given.
    complaint: &'a str,
    version: &'static str,
}

impl<'a> LoginPage<'a> {
    fn before(next: &'a str) -> Self {
        Self {
            next,
            notice: "",
            complaint: "",
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// `GET /page/login`.
pub(in crate::gateway::page) async fn form(
    State(api): State<Api>,
    headers: HeaderMap,
    Query(Next { next }): Query<Next>,
) -> Response {
    if !api.tokens().are_needed() {
        return Redirect::to(START).into_response();
    }
    rendered(&LoginPage {
        notice: &notice(&api, &headers).await,
        ..LoginPage::before(inside(&next))
    })
}

/// How it is with the session that a browser has, if it has one and that can be found out.
async fn notice(api: &Api, headers: &HeaderMap) -> String {
    let Some(secret) = cookie_of(headers) else {
        return String::new();
    };
    match site_of(digest_of(secret), api).await {
        Ok(Some(site)) => format!(
            "You are logged in with the token of {}. Another one takes its place.",
            site.name
        ),
        Ok(None) => "Your session has ended: after 12 hours, or since its token was revoked. Log in again.".to_owned(),
        Err(_away) => String::new(),
    }
}

/// The form again, with what is wrong with the token.
fn refused(next: &str, status: StatusCode, complaint: &str) -> Response {
    let mut again = rendered(&LoginPage {
        complaint,
        ..LoginPage::before(next)
    });
    *again.status_mut() = status;
    again
}

/// A path of the page, whatever was asked for: no address of another host.
fn inside(next: &str) -> &str {
    let is_path = next.starts_with("/page/") && !next.contains("//") && next.len() <= LONGEST_NEXT;
    let is_plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_path && is_plain { next } else { START }
}

/// `POST /page/login`.
pub(in crate::gateway::page) async fn log_in(
    State(api): State<Api>,
    request: Request<Body>,
) -> Result<Response, PageFailure> {
    let headers = request.headers().clone();
    if !is_from_here(&headers) {
        let detail = "the form was not filled in on this page";
        return Err(PageFailure::new(StatusCode::FORBIDDEN, detail));
    }
    let fields = fields_of(request, &api, None, SMALL_BODY).await?;
    let next = inside(fields.word("next"));
    let secret = fields.word("token");
    let token = digest_of(secret);
    let Some(site) = api.tokens().of_digest(&token).await else {
        let complaint = if is_token(secret) { UNKNOWN } else { NO_TOKEN };
        return Ok(refused(next, StatusCode::UNAUTHORIZED, complaint));
    };
    if let Err(refusal) = site.require(Scope::Read) {
        let complaint = format!("The pages need read: {}.", refusal.as_document().detail);
        return Ok(refused(next, StatusCode::FORBIDDEN, &complaint));
    }
    if let Some(before) = cookie_of(&headers) {
        api.records.end_session(digest_of(before)).await?;
    }
    let secret = random_text();
    api.records.begin_session(digest_of(&secret), token, LASTS).await?;
    let cookie = cookie(&secret, LASTS, is_over_tls(&headers))?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to(next)).into_response())
}

/// `POST /page/logout`.
pub(in crate::gateway::page) async fn log_out(
    State(api): State<Api>,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, PageFailure> {
    if let Some(session) = posted.visitor.session {
        api.records.end_session(session).await?;
    }
    let cookie = cookie("", Duration::ZERO, is_over_tls(&headers))?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to("/page/login")).into_response())
}

fn cookie(secret: &str, lasts: Duration, is_secure: bool) -> Result<HeaderValue, PageFailure> {
    let secure = if is_secure { "; Secure" } else { "" };
    let age = lasts.as_secs();
    let cookie = format!("{COOKIE_NAME}={secret}; Path=/page; Max-Age={age}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&cookie)
        .map_err(|error| PageFailure::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

/// Whether the proxy before the service reports that the browser uses TLS. A client that forges this weakens only its own
/// cookie.
fn is_over_tls(headers: &HeaderMap) -> bool {
    let says = |name: &str, word: &str| {
        let value = headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        value.to_ascii_lowercase().contains(word)
    };
    says("x-forwarded-proto", "https") || says("forwarded", "proto=https") || says("x-forwarded-ssl", "on")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_leads_nowhere_but_to_the_page() {
        for (asked, leads) in [
            ("/page/submissions?verdict=WA", "/page/submissions?verdict=WA"),
            ("", START),
            ("https://evil.example/page/", START),
            ("//evil.example/page/", START),
            ("/page//evil.example", START),
            ("/page/\\evil.example", START),
            ("/page/\r\nset-cookie: x", START),
            ("/v1/status", START),
        ] {
            assert_eq!(inside(asked), leads, "{asked:?}");
        }
    }
}
