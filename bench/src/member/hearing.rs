//! What a server says to a member, and which of it is a message.

use std::cell::RefCell;
use std::io;

use anyhow::{Context as _, Result, bail};
use crypto::wire::RelayToClient;
use crypto::wire::record::split;

use super::{DELIVERED, Dialect, Heard, Member, SEAT_NEWS, code, plain};
use crate::letter::tail;
use crate::ws;

impl Member {
    /// Waits for bytes, reads some into `scratch`, and hands on what they mean. `false` at the end of the connection.
    ///
    /// # Errors
    /// Where the server says what it must not.
    pub async fn listen(
        &self,
        scratch: &RefCell<Vec<u8>>,
        mut each: impl FnMut(Heard),
    ) -> Result<bool> {
        // What came together with the answer to the join.
        while let Some((opcode, message)) = self.take() {
            self.hear(opcode, &message, &mut each)?;
        }
        self.stream.readable().await?;
        let mut scratch = scratch.borrow_mut();
        let read = match self.stream.try_read(&mut scratch) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(true),
            Err(_) => 0,
        };
        let bytes = scratch.get(..read).unwrap_or_default();
        let mut parser = self.parser.borrow_mut();
        if let Some(frame) = self.measured.get() {
            parser.measure(bytes, |opcode, length| {
                if opcode == ws::PING {
                    return self.answer(ws::PONG, &[]);
                }
                if opcode != ws::BINARY {
                    return Ok(());
                }
                let plaintext = length.saturating_sub(16);
                // Besides deliveries there may be news of seats.
                if plaintext % frame % SEAT_NEWS != 0 {
                    bail!("a record of {length} bytes holds something else than deliveries");
                }
                each(Heard::Deliveries(plaintext / frame));
                Ok(())
            })?;
        } else {
            parser.feed(bytes, |opcode, message| {
                self.hear(opcode, message, &mut each)
            })?;
        }
        Ok(read > 0)
    }

    fn hear(&self, opcode: u8, message: &[u8], each: &mut impl FnMut(Heard)) -> Result<()> {
        match opcode {
            ws::PING => return self.answer(ws::PONG, message),
            ws::CLOSE => {
                each(Heard::Ended(code(message)));
                return Ok(());
            }
            ws::BINARY | ws::TEXT => {}
            _ => return Ok(()),
        }
        match self.dialect {
            Dialect::Roomkey => {
                let mut tunnel = self.tunnel.borrow_mut();
                let plaintext = tunnel.as_mut().context("no tunnel")?.open(message)?;
                for frame in split(&plaintext) {
                    let frame = frame?;
                    if frame.first() == Some(&DELIVERED)
                        && let Some(tail) = tail(frame)
                    {
                        each(Heard::Delivery(tail));
                    } else if let Ok(RelayToClient::Refused { refusal, .. }) =
                        RelayToClient::decode(frame)
                    {
                        bail!("the relay refused a message: {refusal:?}");
                    }
                }
            }
            Dialect::Plain => {
                if message.first() == Some(&plain::DELIVERED)
                    && let Some(tail) = tail(message)
                {
                    each(Heard::Delivery(tail));
                }
            }
            Dialect::Nats => self.hear_lines(message, each)?,
            Dialect::SocketIo => {
                if message == b"2" {
                    return self.answer(ws::TEXT, b"3");
                }
                let content = message.strip_suffix(b"\"]").unwrap_or_default();
                if content.starts_with(b"42[\"m\"")
                    && let Some(tail) = tail(content)
                {
                    each(Heard::Delivery(tail));
                }
            }
        }
        Ok(())
    }

    /// NATS: `MSG subject sid length␍␊payload␍␊`, cut into messages wherever the server likes.
    fn hear_lines(&self, bytes: &[u8], each: &mut impl FnMut(Heard)) -> Result<()> {
        let mut lines = self.lines.borrow_mut();
        lines.extend_from_slice(bytes);
        let mut done = 0;
        loop {
            let rest = lines.get(done..).unwrap_or_default();
            let Some(end) = rest.windows(2).position(|two| two == b"\r\n") else {
                break;
            };
            let line = std::str::from_utf8(rest.get(..end).unwrap_or_default())?;
            if line == "PING" {
                self.answer(ws::BINARY, b"PONG\r\n")?;
            }
            let mut length = 0;
            if line.starts_with("MSG ") {
                let size: usize = line.rsplit(' ').next().unwrap_or_default().parse()?;
                let Some(payload) = rest.get(end + 2..end + 2 + size) else {
                    break;
                };
                if rest.len() < end + size + 4 {
                    break;
                }
                if let Some(tail) = tail(payload) {
                    each(Heard::Delivery(tail));
                }
                length = size + 2;
            }
            done += end + 2 + length;
        }
        lines.drain(..done);
        Ok(())
    }
}
