//! Where clients of other services put their token: it is moved to where ours is.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Header of Judge0 clients.
const JUDGE0_TOKEN: &str = "x-auth-token";

/// A request whose token is where the service looks for it. `X-Auth-Token: TOKEN`, `Authorization: TOKEN` and the
/// password of `http://anything:TOKEN@host` are taken too.
pub(super) async fn translate(mut request: Request) -> Request {
    if let Some(token) = token_of(&request)
        && let Ok(mut bearer) = HeaderValue::from_str(&format!("Bearer {token}"))
    {
        bearer.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, bearer);
    }
    request
}

fn token_of(request: &Request) -> Option<String> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    // What else stands in Authorization is for a proxy before the service.
    if let Some(token) = header(JUDGE0_TOKEN) {
        return Some(token.trim().to_owned());
    }
    let authorization = header(AUTHORIZATION.as_str())?.trim();
    match authorization.split_once(' ') {
        None => Some(authorization.to_owned()),
        Some((kind, encoded)) if kind.eq_ignore_ascii_case("basic") => password_of(encoded.trim()),
        Some(_other) => None,
    }
}

fn password_of(encoded: &str) -> Option<String> {
    let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    text.split_once(':').map(|(_user, password)| password.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[tokio::test]
    async fn a_token_is_found_wherever_clients_put_it() {
        let basic = format!("Basic {}", STANDARD.encode("user:t"));
        let both = Request::builder()
            .header("authorization", &basic)
            .header("x-auth-token", "own");
        let both = translate(both.body(Body::empty()).unwrap()).await;
        assert_eq!(
            both.headers()[AUTHORIZATION],
            "Bearer own",
            "the other one is a proxy's"
        );
        for (name, value, found) in [
            ("x-auth-token", "t", "Bearer t"),
            ("authorization", "t", "Bearer t"),
            ("authorization", "Bearer t", "Bearer t"),
            ("authorization", &basic, "Bearer t"),
            ("authorization", "Basic !", "Basic !"),
            ("x-other", "t", ""),
        ] {
            let request = Request::builder().header(name, value).body(Body::empty()).unwrap();
            let request = translate(request).await;
            let translated = request.headers().get(AUTHORIZATION);
            assert_eq!(
                translated.map_or("", |value| value.to_str().unwrap()),
                found,
                "{name}: {value}"
            );
        }
    }
}
