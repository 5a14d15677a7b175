//! JUnit XML: a suite with a case for each test.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::contract::{Excerpt, Judgement, TestVerdict, Verdict};
use crate::reports::ReportError;
use crate::reports::text::{clean, details, has_no_mark, headline, is_all_excused, shown, whole};

type Xml = Writer<Vec<u8>>;

/// Name of the case that carries the message of the verdict as a whole.
const WHOLE: &str = "submission";

pub(super) fn write(judgement: &Judgement) -> Result<String, ReportError> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("testsuites")
        .write_inner_content(|xml| suite(xml, judgement))?;
    let mut text = String::from_utf8_lossy(&xml.into_inner()).into_owned();
    text.push('\n');
    Ok(text)
}

fn suite(xml: &mut Xml, judgement: &Judgement) -> io::Result<()> {
    let count = |is: fn(&TestVerdict) -> bool| judgement.tests.iter().filter(|test| is(test)).count();
    // A verdict that no test explains is a case of its own: what does not compile has no test that ran.
    let errors = count(is_error);
    let failures = count(is_failure);
    let is_untold = judgement.verdict != Verdict::Ac && errors + failures == 0 && !is_all_excused(judgement);
    let (whole_fails, whole_errs) = (
        is_untold && !has_no_mark(judgement),
        is_untold && has_no_mark(judgement),
    );
    let name = judgement
        .problem
        .as_ref()
        .map_or("assize", |problem| problem.id.as_str());
    let wall_ms = judgement.tests.iter().map(|test| test.wall_ms).sum();
    let attributes = [
        ("name", clean(name)),
        ("tests", (judgement.tests.len() + usize::from(is_untold)).to_string()),
        ("failures", (failures + usize::from(whole_fails)).to_string()),
        ("errors", (errors + usize::from(whole_errs)).to_string()),
        ("skipped", count(|test| test.verdict == Verdict::Sk).to_string()),
        ("time", seconds(wall_ms)),
        (
            "timestamp",
            judgement.judged_at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        ),
    ];
    let element = xml.create_element("testsuite").with_attributes(pairs(&attributes));
    element.write_inner_content(|xml| {
        for test in &judgement.tests {
            case(xml, name, test)?;
        }
        if is_untold {
            untold(xml, name, judgement, whole_errs)?;
        }
        Ok(())
    })?;
    Ok(())
}

fn case(xml: &mut Xml, suite: &str, test: &TestVerdict) -> io::Result<()> {
    let attributes = [
        ("classname", clean(suite)),
        ("name", clean(&test.name)),
        ("time", seconds(test.wall_ms)),
    ];
    let element = xml.create_element("testcase").with_attributes(pairs(&attributes));
    element.write_inner_content(|xml| {
        if test.verdict == Verdict::Sk {
            let reason = test.skip_reason.as_deref().map(|reason| ("message", clean(reason)));
            let attributes = reason.iter().map(|(name, reason)| (*name, reason.as_str()));
            xml.create_element("skipped")
                .with_attributes(attributes)
                .write_empty()?;
        } else if is_failure(test) || is_error(test) {
            let kind = if is_error(test) { "error" } else { "failure" };
            complaint(xml, kind, (&headline(test), test.verdict), &details(test))?;
        }
        output(xml, "system-out", &test.stdout)?;
        output(xml, "system-err", &test.stderr)
    })?;
    Ok(())
}

fn untold(xml: &mut Xml, suite: &str, judgement: &Judgement, is_error: bool) -> io::Result<()> {
    let attributes = [
        ("classname", clean(suite)),
        ("name", WHOLE.to_owned()),
        ("time", seconds(0)),
    ];
    let element = xml.create_element("testcase").with_attributes(pairs(&attributes));
    element.write_inner_content(|xml| {
        let kind = if is_error { "error" } else { "failure" };
        complaint(
            xml,
            kind,
            (judgement.verdict.describe(), judgement.verdict),
            &whole(judgement),
        )
    })?;
    Ok(())
}

fn complaint(xml: &mut Xml, kind: &str, (message, verdict): (&str, Verdict), text: &str) -> io::Result<()> {
    let attributes = [("message", message), ("type", verdict.code())];
    xml.create_element(kind)
        .with_attributes(attributes)
        .write_text_content(BytesText::new(text))?;
    Ok(())
}

fn output(xml: &mut Xml, element: &str, excerpt: &Excerpt) -> io::Result<()> {
    if !excerpt.text.is_empty() {
        xml.create_element(element)
            .write_text_content(BytesText::new(&shown(excerpt)))?;
    }
    Ok(())
}

fn pairs<'a>(attributes: &'a [(&'a str, String)]) -> impl Iterator<Item = (&'a str, &'a str)> {
    attributes.iter().map(|(name, value)| (*name, value.as_str()))
}

/// A test that did not pass, through its own fault.
fn is_failure(test: &TestVerdict) -> bool {
    !matches!(test.verdict, Verdict::Ac | Verdict::Sk) && !is_error(test)
}

fn is_error(test: &TestVerdict) -> bool {
    matches!(test.verdict, Verdict::Je | Verdict::Cancelled)
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds are shown")]
fn seconds(ms: u64) -> String {
    format!("{:.3}", ms as f64 / 1000.0)
}
