//! A WebSocket client over a plain blocking socket.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crypto::wire::{CloseCode, SUBPROTOCOL};

/// A relay that hangs costs a failing test this long and a passing one nothing.
const PATIENCE: Duration = Duration::from_secs(20);

/// One WebSocket message, or the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Incoming {
    Binary(Vec<u8>),
    Ping,
    Pong(Vec<u8>),
    Close(CloseCode),
    /// The connection ended without a word.
    End,
}

/// A WebSocket client that does as it is told, right or wrong.
pub(crate) struct Socket {
    pub(crate) stream: TcpStream,
}

pub(crate) const BINARY: u8 = 0x82;

impl Socket {
    pub(crate) fn tcp(address: SocketAddr) -> TcpStream {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    }

    pub(crate) fn open(address: SocketAddr) -> Self {
        let (stream, head) = Self::upgrade(
            address,
            &format!("Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\n"),
        );
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        assert!(
            head.to_ascii_lowercase()
                .contains(&format!("sec-websocket-protocol: {SUBPROTOCOL}\r\n"))
        );
        Self { stream }
    }

    /// Sends an upgrade request with more headers and returns the head of the answer.
    pub(crate) fn upgrade(address: SocketAddr, headers: &str) -> (TcpStream, String) {
        let mut stream = Self::tcp(address);
        write!(
            stream,
            "GET /ws HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{headers}\r\n"
        )
        .unwrap();
        let head = read_head(&mut stream);
        (stream, head)
    }

    /// Sends a frame with this first byte. All clients mask; with zeros the content stays as it is.
    pub(crate) fn send(&mut self, first: u8, content: &[u8]) {
        // The relay may hang up while we write.
        self.stream.write_all(&frame(first, content)).ok();
    }

    pub(crate) fn receive(&mut self) -> Incoming {
        let mut start = [0; 2];
        if self.stream.read_exact(&mut start).is_err() {
            return Incoming::End;
        }
        assert_eq!(start[0] & 0x70, 0, "no extension was agreed");
        let length = match start[1] {
            126 => {
                let mut length = [0; 2];
                self.stream.read_exact(&mut length).unwrap();
                u64::from(u16::from_be_bytes(length))
            }
            127 => {
                let mut length = [0; 8];
                self.stream.read_exact(&mut length).unwrap();
                u64::from_be_bytes(length)
            }
            short => u64::from(short),
        };
        let mut content = vec![0; usize::try_from(length).unwrap()];
        if self.stream.read_exact(&mut content).is_err() {
            return Incoming::End;
        }
        match start[0] & 0xf {
            0x2 => Incoming::Binary(content),
            0x8 => Incoming::Close(CloseCode::from_u16(u16::from_be_bytes([
                content[0], content[1],
            ]))),
            0x9 => Incoming::Ping,
            0xA => Incoming::Pong(content),
            other => panic!("unexpected opcode {other}"),
        }
    }

    pub(crate) fn binary(&mut self) -> Vec<u8> {
        match self.receive() {
            Incoming::Binary(message) => message,
            other => panic!("expected a message, got {other:?}"),
        }
    }

    /// Reads on until the relay ends the connection.
    pub(crate) fn ended(&mut self) -> Option<CloseCode> {
        loop {
            match self.receive() {
                Incoming::Close(code) => return Some(code),
                Incoming::End => return None,
                _ => {}
            }
        }
    }
}

pub(crate) fn frame(first: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match content.len() {
        short @ 0..126 => bytes.push(0x80 | u8::try_from(short).unwrap()),
        medium @ 126..0x1_0000 => {
            bytes.push(0x80 | 126);
            bytes.extend(u16::try_from(medium).unwrap().to_be_bytes());
        }
        long => {
            bytes.push(0x80 | 127);
            bytes.extend((long as u64).to_be_bytes());
        }
    }
    bytes.extend([0; 4]);
    bytes.extend(content);
    bytes
}

/// Reads an HTTP head, up to and with the empty line.
pub(crate) fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}
