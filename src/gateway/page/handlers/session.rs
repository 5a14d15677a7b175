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
use crate::gateway::page::visitor::{COOKIE_NAME, Posted, fields_of, is_from_here};
use crate::gateway::sites::random_text::random_text;
use crate::gateway::sites::token_file::digest_of;

/// How long a session lasts.
const LASTS: Duration = Duration::from_secs(12 * 60 * 60);

/// Where a visitor begins.
const START: &str = "/page/board";

/// Longest path that a login leads to, in bytes.
const LONGEST_NEXT: usize = 2000;

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
    complaint: &'a str,
    version: &'static str,
}

/// `GET /page/login`.
pub(in crate::gateway::page) async fn form(State(api): State<Api>, Query(Next { next }): Query<Next>) -> Response {
    if !api.tokens().are_needed() {
        return Redirect::to(START).into_response();
    }
    login_page(inside(&next), "")
}

fn login_page(next: &str, complaint: &str) -> Response {
    rendered(&LoginPage {
        next,
        complaint,
        version: env!("CARGO_PKG_VERSION"),
    })
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
    let fields = fields_of(request, &api, SMALL_BODY).await?;
    let next = inside(fields.word("next"));
    let token = digest_of(fields.word("token"));
    if api.tokens().of_digest(&token).is_none() {
        let mut again = login_page(
            next,
            "The token is not known, or was revoked. assize token new makes one.",
        );
        *again.status_mut() = StatusCode::UNAUTHORIZED;
        return Ok(again);
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
