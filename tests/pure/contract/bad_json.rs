//! Bodies that are no JSON, or JSON that is not worth to be read.

use assize::contract::RejectionCode::{self, NotJson, Schema as BadField, TooLarge, UnknownType};
use assize::contract::parse;
use serde_json::json;
use uuid::Uuid;

use crate::contract::CAPS;
use crate::contract::bad_messages::{ID, good, named, with};

/// Texts that no JSON value can be made of, or not the one that is meant.
#[test]
fn a_text_that_is_no_good_json_is_refused_and_the_place_is_told() {
    let good = good().to_string();
    let replaced = |from: &str, to: &str| good.replacen(from, to, 1);
    let nested = format!(r#""metadata":{{"a":{}{}}},"id""#, "[".repeat(5000), "]".repeat(5000));
    let cases: [(String, RejectionCode, Option<&str>); 15] = [
        (String::new(), NotJson, None),
        ("nul".to_owned(), NotJson, None),
        ("null".to_owned(), BadField, None),
        ("5".to_owned(), BadField, None),
        (format!(r#"["assize.submission.v1","{ID}"]"#), BadField, None),
        (good[..good.len() - 1].to_owned(), NotJson, None),
        (format!("{good}{good}"), NotJson, None),
        (format!("\u{feff}{good}"), NotJson, None),
        (replaced(r#""files":"#, r#""files" "#), NotJson, None),
        (replaced("print(1)", r"\ud800"), NotJson, Some("files[0].content")),
        (
            replaced(r#""language":"#, r#""language":"c","language":"#),
            BadField,
            Some("language"),
        ),
        (
            replaced(r#""content":"#, r#""content":"","content":"#),
            BadField,
            Some("files[0].content"),
        ),
        (
            replaced(r#""id""#, r#""limits":{"cpu_ms":1e999},"id""#),
            BadField,
            Some("limits.cpu_ms"),
        ),
        (
            replaced(r#""id""#, r#""metadata":{"a":1e999},"id""#),
            BadField,
            Some("metadata.a"),
        ),
        (replaced("v1", r#"v2","new":"#), UnknownType, Some("type")),
    ];
    for (body, code, field) in cases {
        let rejected = parse(body.as_bytes(), &CAPS).unwrap_err();
        assert_eq!(
            (rejected.code, rejected.field.as_deref()),
            (code, field),
            "{rejected}\n{body}"
        );
    }
    let deep = replaced(r#""id""#, &nested);
    let rejected = parse(deep.as_bytes(), &CAPS).unwrap_err();
    assert_eq!(rejected.code, TooLarge, "{rejected}");
    assert!(rejected.field.unwrap().starts_with("metadata.a[0]"));
}

#[test]
fn bytes_that_are_no_utf_8_are_no_json() {
    let mut body = good().to_string().replace("print(1)", "print(?)").into_bytes();
    let at = body.iter().position(|byte| *byte == b'?').unwrap();
    body[at] = 0xff;
    let rejected = parse(&body, &CAPS).unwrap_err();
    assert_eq!(rejected.code, NotJson);
    assert_eq!(rejected.field.as_deref(), Some("files[0].content"));
}

#[test]
fn a_message_of_a_later_version_is_not_blamed_for_its_new_fields() {
    let body = format!(r#"{{"novelty":[],"type":"assize.submission.v2","id":"{ID}"}}"#);
    let rejected = parse(body.as_bytes(), &CAPS).unwrap_err();
    assert_eq!((rejected.code, rejected.field.as_deref()), (UnknownType, Some("type")));
}

#[test]
fn a_message_that_is_too_long_is_refused_with_its_id() {
    let body = with("/files/0/content", "#".repeat(10 << 20).into()).to_string();
    let rejected = parse(body.as_bytes(), &CAPS).unwrap_err();
    assert_eq!((rejected.code, rejected.field), (TooLarge, None));
    assert_eq!(rejected.id, Some(Uuid::try_parse(ID).unwrap()));
}

/// The reason travels in a message header, for which RabbitMQ has little room.
#[test]
fn a_sender_cannot_make_the_reason_long() {
    let long = "é".repeat(20_000);
    let bodies = [
        with(&format!("/{long}"), 1.into()),
        with("/id", long.clone().into()),
        with("/limits", json!({ "cpu_ms": long.clone() })),
        with("/entry_point", long.clone().into()),
        named(&[&long]),
    ];
    for body in bodies {
        let rejected = parse(body.to_string().as_bytes(), &CAPS).unwrap_err();
        assert!(rejected.reason.len() <= 1000 && rejected.field.unwrap().len() <= 200);
    }
}
