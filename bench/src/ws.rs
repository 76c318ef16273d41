//! As much of WebSocket (RFC 6455) as a load generator needs: it reads what servers send and masks what it sends.

use anyhow::{Result, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A text message.
pub const TEXT: u8 = 0x1;
/// A binary message.
pub const BINARY: u8 = 0x2;
/// The end.
pub const CLOSE: u8 = 0x8;
/// A question whether we are there.
pub const PING: u8 = 0x9;
/// The answer to a ping.
pub const PONG: u8 = 0xA;

const MASK: [u8; 4] = [0x9a, 0x3c, 0x51, 0xe7];

/// Appends one masked message.
pub fn write(output: &mut Vec<u8>, opcode: u8, content: &[u8]) {
    output.push(0x80 | opcode);
    match content.len() {
        short @ 0..126 => output.push(0x80 | short.to_le_bytes()[0]),
        medium @ 126..0x1_0000 => {
            output.push(0x80 | 126);
            let [.., high, low] = medium.to_be_bytes();
            output.extend_from_slice(&[high, low]);
        }
        long => {
            output.push(0x80 | 127);
            output.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    output.extend_from_slice(&MASK);
    let start = output.len();
    output.extend_from_slice(content);
    let (_, masked) = output.split_at_mut(start);
    for chunk in masked.chunks_mut(MASK.len()) {
        for (byte, mask) in chunk.iter_mut().zip(MASK) {
            *byte ^= mask;
        }
    }
}

/// The head of an unmasked frame: its opcode, whether it is the last of its message, its own length, its content's.
fn head(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let (first, second) = (*bytes.first()?, *bytes.get(1)?);
    let (size, length) = match second & 0x7f {
        126 => (
            4,
            usize::from(u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?)),
        ),
        127 => {
            let length = u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?);
            (10, usize::try_from(length).ok()?)
        }
        short => (2, usize::from(short)),
    };
    Some((first & 0x0f, size, length))
}

/// Cuts a stream of bytes into messages.
#[derive(Debug, Default)]
pub struct Parser {
    partial: Vec<u8>,
    /// Content that is to be passed over unread.
    skip: usize,
}

impl Parser {
    /// Hands every message that is complete to `each`.
    ///
    /// # Errors
    /// What `each` returns.
    pub fn feed(
        &mut self,
        bytes: &[u8],
        mut each: impl FnMut(u8, &[u8]) -> Result<()>,
    ) -> Result<()> {
        let whole = !self.partial.is_empty();
        let taken = std::mem::take(&mut self.partial);
        let joined;
        let mut rest = if whole {
            joined = [taken, bytes.to_vec()].concat();
            joined.as_slice()
        } else {
            bytes
        };
        while let Some((opcode, size, length)) = head(rest)
            && let Some(content) = rest.get(size..size + length)
        {
            each(opcode, content)?;
            rest = rest.get(size + length..).unwrap_or_default();
        }
        self.partial = rest.to_vec();
        Ok(())
    }

    /// Hands the opcode and the length of every message to `each`, without looking at the content.
    ///
    /// # Errors
    /// What `each` returns.
    pub fn measure(
        &mut self,
        mut bytes: &[u8],
        mut each: impl FnMut(u8, usize) -> Result<()>,
    ) -> Result<()> {
        loop {
            let skipped = self.skip.min(bytes.len());
            self.skip -= skipped;
            bytes = bytes.get(skipped..).unwrap_or_default();
            if bytes.is_empty() {
                return Ok(());
            }
            if self.partial.is_empty()
                && let Some((opcode, size, length)) = head(bytes)
            {
                bytes = bytes.get(size..).unwrap_or_default();
                self.skip = length;
                each(opcode, length)?;
                continue;
            }
            // A head that is cut in two: byte by byte until it is whole.
            let Some((first, rest)) = bytes.split_first() else {
                return Ok(());
            };
            self.partial.push(*first);
            bytes = rest;
            if let Some((opcode, _, length)) = head(&self.partial) {
                self.partial.clear();
                self.skip = length;
                each(opcode, length)?;
            }
        }
    }
}

/// Asks a server for a WebSocket on a fresh connection.
///
/// # Errors
/// Where it cannot be reached or refuses.
pub async fn connect(
    address: std::net::SocketAddr,
    path: &str,
    subprotocol: Option<&str>,
) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let subprotocol = subprotocol.map_or_else(String::new, |name| {
        format!("Sec-WebSocket-Protocol: {name}\r\n")
    });
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{subprotocol}\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    // The head must not be read past its end: what follows may already be a message.
    let mut answer = Vec::with_capacity(512);
    let mut peeked = [0; 1024];
    loop {
        let length = stream.peek(&mut peeked).await?;
        let seen = peeked.get(..length).unwrap_or_default();
        if seen.is_empty() {
            bail!("the server hung up instead of answering");
        }
        let before = answer.len();
        answer.extend_from_slice(seen);
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
        let consumed = end.map_or(seen.len(), |end| end + 4 - before);
        stream
            .read_exact(peeked.get_mut(..consumed).unwrap_or_default())
            .await?;
        if end.is_some() {
            break;
        }
    }
    if !answer.starts_with(b"HTTP/1.1 101") {
        let line = String::from_utf8_lossy(&answer);
        bail!(
            "the server answered {}",
            line.lines().next().unwrap_or_default()
        );
    }
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served(opcode: u8, length: usize) -> Vec<u8> {
        let mut masked = Vec::new();
        write(&mut masked, opcode, &vec![7; length]);
        let (_, size, _) = head(&masked).unwrap();
        // What servers send has no mask: clear the bit, drop the four bytes.
        masked[1] &= 0x7f;
        let mut frame = masked[..size].to_vec();
        frame.extend(vec![7; length]);
        frame
    }

    #[test]
    fn messages_are_found_however_the_stream_is_cut() {
        let stream: Vec<u8> = [0, 1, 125, 126, 70_000]
            .into_iter()
            .flat_map(|length| served(BINARY, length))
            .collect();
        for piece in [1, 3, 1000, stream.len()] {
            let (mut read, mut measured) = (Parser::default(), Parser::default());
            let (mut contents, mut lengths) = (Vec::new(), Vec::new());
            for bytes in stream.chunks(piece) {
                read.feed(bytes, |_, content| {
                    assert!(content.iter().all(|byte| *byte == 7));
                    contents.push(content.len());
                    Ok(())
                })
                .unwrap();
                measured
                    .measure(bytes, |_, length| {
                        lengths.push(length);
                        Ok(())
                    })
                    .unwrap();
            }
            assert_eq!(contents, [0, 1, 125, 126, 70_000]);
            assert_eq!(lengths, contents);
        }
    }
}
