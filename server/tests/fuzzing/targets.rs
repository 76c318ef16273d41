//! What is fuzzed: whatever a stranger's bytes reach before anything is known of the stranger. The fuzzer calls it with
//! what it makes up, and an ordinary test with the committed corpus.

use roomkey_server::intake::{Incoming, Intake};

/// A target's name and what it does with bytes.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// Every target.
pub(crate) const ALL: [Target; 1] = [("reader", reader)];

/// The reader of WebSocket frames: a byte for how long a message may be, one for how the stream is cut, then the stream.
/// However it is cut, the same is heard, and nothing is longer than it may be.
pub(crate) fn reader(bytes: &[u8]) {
    let [limit, piece, stream @ ..] = bytes else {
        return;
    };
    let (limit, piece) = (usize::from(*limit) * 8, usize::from(*piece) + 1);
    let whole = hear(stream, stream.len() + 1, limit);
    assert_eq!(hear(stream, piece, limit), whole);
}

/// What is heard of a stream that arrives in pieces of this length, and how it ends.
fn hear(stream: &[u8], piece: usize, limit: usize) -> Vec<String> {
    let mut intake = Intake::new(limit);
    let mut heard = Vec::new();
    let mut stream = stream.to_vec();
    for mut bytes in stream.chunks_mut(piece) {
        while !bytes.is_empty() {
            let used = intake.next(bytes, |incoming| {
                if let Incoming::Binary(content) = &incoming {
                    assert!(content.len() <= limit, "longer than it may be");
                }
                if let Incoming::Ping(content) = &incoming {
                    assert!(content.len() < 126, "no ping is that long");
                }
                heard.push(format!("{incoming:?}"));
                Ok(())
            });
            match used {
                Err(code) => {
                    heard.push(format!("{code:?}"));
                    return heard;
                }
                Ok(0) => break,
                Ok(used) => bytes = bytes.split_at_mut(used).1,
            }
        }
    }
    heard
}
