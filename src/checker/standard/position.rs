//! Where in a file the comparison stands, in the words of an editor: line, and token on that line.

use super::bytes::is_white_space;

/// A place between two tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    /// The current line, from 1.
    pub(super) line: u64,
    /// Tokens before this place on the current line.
    pub(super) tokens: u64,
    /// Whether there was a token anywhere before this place.
    pub(super) after_token: bool,
}

/// What passing over a stretch of bytes, from one place between tokens to another, does to a [`Position`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    lines: u64,
    tokens_on_last_line: u64,
    has_token: bool,
}

impl Position {
    pub(super) const START: Self = Self {
        line: 1,
        tokens: 0,
        after_token: false,
    };

    pub(super) const fn pass(&mut self, stretch: Stretch) {
        if stretch.lines > 0 {
            self.line += stretch.lines;
            self.tokens = 0;
        }
        self.tokens += stretch.tokens_on_last_line;
        self.after_token |= stretch.has_token;
    }

    pub(super) const fn pass_token(&mut self) {
        self.tokens += 1;
        self.after_token = true;
    }
}

impl Stretch {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let last_line = bytes
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(bytes, |end| &bytes[end + 1..]);
        let lines = count_line_feeds(&bytes[..bytes.len() - last_line.len()]);
        let tokens_on_last_line = count_tokens(last_line);
        let has_token = tokens_on_last_line > 0 || bytes.iter().any(|&byte| !is_white_space(byte));
        Self {
            lines,
            tokens_on_last_line,
            has_token,
        }
    }
}

/// What one byte can count is summed in a byte, over at most this many: so the compiler makes vector code of it.
const LANE: usize = 128;

fn count_line_feeds(bytes: &[u8]) -> u64 {
    let lanes = bytes
        .chunks(LANE)
        .map(|lane| lane.iter().map(|&byte| u8::from(byte == b'\n')).sum());
    lanes.map(|sum: u8| u64::from(sum)).sum()
}

/// A token starts at the beginning and after white space.
fn count_tokens(line: &[u8]) -> u64 {
    let Some((&first, later)) = line.split_first() else {
        return 0;
    };
    let lanes = later.chunks(LANE).zip(line.chunks(LANE)).map(|(bytes, before)| {
        let starts = bytes
            .iter()
            .zip(before)
            .map(|(&byte, &before)| !is_white_space(byte) & is_white_space(before));
        starts.map(u8::from).sum()
    });
    u64::from(!is_white_space(first)) + lanes.map(|sum: u8| u64::from(sum)).sum::<u64>()
}
