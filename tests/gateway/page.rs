//! The page in a real browser, before a service with a judge in the same process.

use crate::browser::browse;
use crate::service::Service;
use crate::token_files::Tokens;
use crate::waiting::eventually;

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_logs_in_with_a_token_and_no_other_page_can_act_for_them() {
    shows("login").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_programs_print_is_text_on_the_page() {
    shows("hostile").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_whole_without_javascript() {
    shows("no_script").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_follows_what_is_judged() {
    shows("live").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_works_by_keys_alone() {
    shows("keyboard").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_fits_on_a_phone_in_light_and_dark() {
    shows("phone").await;
}

async fn shows(case: &str) {
    let tokens = Tokens::new();
    let token = tokens.token("operator", &["admin"]);
    let path = tokens.path();
    let service = Service::with(|settings| settings.serve.token_file = path).await;
    browse(case, &service.address.to_string(), &token).await;
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_shows_what_the_token_allows_and_nothing_where_it_is_switched_off() {
    let tokens = Tokens::new();
    let token = tokens.token("course", &["run", "read"]);
    let path = tokens.path();
    let service = Service::with(|settings| settings.serve.token_file = path).await;
    let client = service.client();
    for path in ["/page/board", "/page/submissions", "/page/dead"] {
        let answer = client.send("GET", path, None).await;
        assert_eq!(answer.status, 303, "{path} is shown to strangers");
    }
    let form = client.clone().with("content-type", "application/x-www-form-urlencoded");
    let logged_in = form.send("POST", "/page/login", Some(&format!("token={token}"))).await;
    assert_eq!(logged_in.status, 303);
    let cookie = logged_in.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly; SameSite=Strict") && !cookie.contains("Secure"),
        "{cookie}"
    );
    let over_tls = form.with("x-forwarded-proto", "https");
    let over_tls = over_tls
        .send("POST", "/page/login", Some(&format!("token={token}")))
        .await;
    assert!(over_tls.header("set-cookie").ends_with("; Secure"));
    let client = client.with("cookie", cookie.split(';').next().unwrap());
    for (path, status) in [
        ("/page/board", 200),
        ("/page/submissions", 200),
        ("/page/playground", 200),
        ("/page/problems/sum", 200),
        ("/page/problems/none", 404),
        ("/page/findings", 403),
        ("/page/dead", 403),
        ("/page/submissions/00000000-0000-0000-0000-000000000000", 404),
        ("/page/submissions/none", 400),
        ("/page/none", 404),
        ("/page/logout", 405),
    ] {
        let answer = client.send("GET", path, None).await;
        assert_eq!(
            answer.status,
            status,
            "{path}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{path}: {policy}"
        );
    }
    tokens.command(&["revoke", "course"]);
    eventually("the session ends with its token", async || {
        client.send("GET", "/page/board", None).await.status == 303
    })
    .await;
    service.stop().await;

    let service = Service::with(|settings| settings.serve.page = false).await;
    for path in ["/", "/page", "/page/board", "/page/login", "/page/assets/style.css"] {
        assert_eq!(service.get(path).await.status, 404, "{path}");
    }
    service.stop().await;
}
