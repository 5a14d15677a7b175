//! The ceiling of verdict documents: whatever programs and validators wrote, a document fits or is cut until nothing is
//! left to cut, and its facts stay.
#![no_main]

use assize::contract::{Excerpt, Judgement, TestVerdict};
use libfuzzer_sys::fuzz_target;

const EXAMPLE: &str = include_str!("../../docs/examples/verdict.json");

/// Separates the texts of an input.
const END: u8 = 0xff;

fuzz_target!(|data: &[u8]| {
    let Some((&[tests, low, high], rest)) = data.split_first_chunk() else {
        return;
    };
    let mut texts = rest
        .split(|byte| *byte == END)
        .map(|text| String::from_utf8_lossy(text).into_owned());
    let whole = document(usize::from(tests % 48), &mut texts);
    // From documents of which only facts are left to those that nothing has to be cut of.
    let most = 1 + usize::from(u16::from_le_bytes([low, high])) * 4;
    let cut = whole.clone().within(most);
    let bytes = json_bytes(&cut);
    if json_bytes(&whole) <= most {
        assert_eq!(cut, whole, "what fits is not touched");
    }
    assert!(
        bytes <= most || bytes <= json_bytes(&without_texts(&whole)) + ellipses(&cut),
        "{bytes} of {most}"
    );
    assert_eq!(without_texts(&cut), without_texts(&whole), "facts stay");
    for (cut, whole) in cut.tests.iter().zip(&whole.tests) {
        is_start(Some(&cut.stdout), Some(&whole.stdout));
        is_start(Some(&cut.stderr), Some(&whole.stderr));
        is_start(cut.transcript.as_ref(), whole.transcript.as_ref());
        is_start(cut.input.as_ref(), whole.input.as_ref());
        is_start(cut.answer.as_ref(), whole.answer.as_ref());
    }
    if bytes <= most {
        assert_eq!(cut.clone().within(most), cut, "what was cut is not cut again");
    }
});

/// A document of so many tests, with the texts shared out among them.
fn document(tests: usize, texts: &mut impl Iterator<Item = String>) -> Judgement {
    let mut judgement: Judgement = serde_json::from_str(EXAMPLE).expect("the example is a verdict");
    let usual = judgement.tests[0].clone();
    judgement.message = texts.next();
    judgement.tests = (0..tests).map(|_number| test(&usual, texts)).collect();
    judgement
}

fn test(usual: &TestVerdict, texts: &mut impl Iterator<Item = String>) -> TestVerdict {
    let mut excerpt = || {
        texts.next().map(|text| Excerpt {
            bytes: text.len() as u64,
            text,
            truncated: false,
        })
    };
    let (stdout, stderr) = (excerpt().unwrap_or_default(), excerpt().unwrap_or_default());
    let (transcript, input, answer) = (excerpt(), excerpt(), excerpt());
    TestVerdict {
        stdout,
        stderr,
        transcript,
        input,
        answer,
        checker_message: texts.next(),
        judge_message: texts.next(),
        ..usual.clone()
    }
}

/// The same with every text that can be cut left out.
fn without_texts(judgement: &Judgement) -> Judgement {
    let mut bare = judgement.clone();
    bare.message = bare.message.map(|_message| String::new());
    for test in &mut bare.tests {
        let optional = [test.transcript.as_mut(), test.input.as_mut(), test.answer.as_mut()];
        for excerpt in [&mut test.stdout, &mut test.stderr]
            .into_iter()
            .chain(optional.into_iter().flatten())
        {
            excerpt.text.clear();
            excerpt.truncated = false;
        }
        for message in [&mut test.checker_message, &mut test.judge_message]
            .into_iter()
            .flatten()
        {
            message.clear();
        }
    }
    bare
}

/// What shows where messages go on, in bytes of JSON; a text that is cut to nothing is `true` instead of `false`.
fn ellipses(judgement: &Judgement) -> usize {
    (1 + 2 * judgement.tests.len()) * '…'.len_utf8()
}

fn is_start(cut: Option<&Excerpt>, whole: Option<&Excerpt>) {
    let (Some(cut), Some(whole)) = (cut, whole) else {
        assert_eq!(cut, whole);
        return;
    };
    assert!(whole.text.starts_with(&cut.text));
    assert_eq!(cut.truncated, cut.text.len() < whole.text.len());
}

fn json_bytes(judgement: &Judgement) -> usize {
    serde_json::to_vec(judgement)
        .expect("a document that can be written")
        .len()
}
