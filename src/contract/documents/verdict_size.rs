//! How large a verdict document may be: RabbitMQ closes the channel over which a larger message is published.

use crate::contract::documents::payload::{escaped_bytes, escaped_length};
use crate::contract::documents::verdict::{Excerpt, Judgement, TestVerdict};

/// Shown where a text goes on.
const ELLIPSIS: &str = "…";

impl Judgement {
    /// The same document in at most `most` bytes of JSON, as far as shorter texts can make it so: all texts are cut to the
    /// same length, which is halved until the document fits. Facts are never left out.
    #[must_use]
    pub fn within(mut self, most: usize) -> Self {
        let mut longest = most;
        while longest > 0 && self.json_bytes() > most {
            longest = (longest / 2).min(self.longest_text());
            self.cut_texts(longest);
        }
        self
    }

    fn json_bytes(&self) -> usize {
        serde_json::to_vec(self).map_or(usize::MAX, |json| json.len())
    }

    fn longest_text(&self) -> usize {
        let of_tests = self.tests.iter().flat_map(texts_of).map(escaped_bytes).max();
        of_tests.max(self.message.as_deref().map(escaped_bytes)).unwrap_or(0)
    }

    fn cut_texts(&mut self, most: usize) {
        cut_message(&mut self.message, most);
        for test in &mut self.tests {
            let excerpts = [Some(&mut test.stdout), Some(&mut test.stderr)];
            let optional = [
                test.transcript.as_mut(),
                test.input.as_mut(),
                test.answer.as_mut(),
                test.value.as_mut(),
            ];
            for excerpt in excerpts.into_iter().chain(optional).flatten() {
                cut_excerpt(excerpt, most);
            }
            cut_message(&mut test.checker_message, most);
            cut_message(&mut test.judge_message, most);
        }
    }
}

fn texts_of(test: &TestVerdict) -> impl Iterator<Item = &str> {
    let excerpts = [
        Some(&test.stdout),
        Some(&test.stderr),
        test.transcript.as_ref(),
        test.input.as_ref(),
        test.answer.as_ref(),
        test.value.as_ref(),
    ];
    let messages = [test.checker_message.as_deref(), test.judge_message.as_deref()];
    let excerpts = excerpts.into_iter().flatten().map(|excerpt| excerpt.text.as_str());
    excerpts.chain(messages.into_iter().flatten())
}

fn cut_excerpt(excerpt: &mut Excerpt, most: usize) {
    if let Some(end) = end_within(&excerpt.text, most) {
        excerpt.text.truncate(end);
        excerpt.truncated = true;
    }
}

fn cut_message(message: &mut Option<String>, most: usize) {
    if let Some(text) = message
        && let Some(end) = end_within(text, most)
    {
        text.truncate(end);
        text.push_str(ELLIPSIS);
    }
}

/// Where a text that is longer in JSON is to be cut.
fn end_within(text: &str, most: usize) -> Option<usize> {
    let mut bytes = 0;
    text.char_indices().find_map(|(at, c)| {
        bytes += escaped_length(c);
        (bytes > most).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../../docs/examples/verdict.json");

    #[test]
    fn a_document_of_many_tests_and_escaped_texts_fits_and_keeps_every_fact() {
        let mut judgement: Judgement = serde_json::from_str(EXAMPLE).expect("the example is a verdict");
        let mut test = judgement.tests[0].clone();
        let excerpt = Excerpt {
            text: "\u{1b}".repeat(2100),
            bytes: 2100,
            truncated: false,
        };
        test.stdout = excerpt.clone();
        test.value = Some(excerpt.clone());
        test.stderr = excerpt;
        test.checker_message = Some("é".repeat(500));
        judgement.tests = vec![test; 60];
        judgement.message = Some("\u{0}".repeat(1 << 12));
        for most in [1 << 20, 256 << 10] {
            let cut = judgement.clone().within(most);
            assert!(cut.json_bytes() <= most, "{} of {most}", cut.json_bytes());
            assert_eq!(cut.tests.len(), 60);
            assert_eq!(cut.tests[7].stdout.bytes, 2100);
            assert!(cut.tests[7].stdout.truncated);
            assert!(!cut.tests[7].stdout.text.is_empty(), "there is room for something");
        }
        assert_eq!(
            judgement.clone().within(usize::MAX),
            judgement,
            "what fits is not touched"
        );
    }
}
