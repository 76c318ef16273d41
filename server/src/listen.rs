//! Where connections come in: a TCP port, or a Unix socket for a proxy or an onion service on the same machine.

use std::fmt;
use std::io;
#[cfg(target_os = "linux")]
use std::io::Read as _;
use std::net::{SocketAddr, TcpListener};
#[cfg(unix)]
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
#[cfg(unix)]
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll};

use actix_web::rt::net;
use serde::Deserialize;
#[cfg(target_os = "linux")]
use socket2::SockRef;
#[cfg(target_os = "linux")]
use tokio::io::Interest;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What a Unix socket's address begins with.
const UNIX: &str = "unix:";
/// Who may connect to it: its owner and its group, which the proxy is put into.
#[cfg(unix)]
const MODE: u32 = 0o660;

/// An address to listen on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Address {
    /// `ADDR:PORT`.
    Tcp(SocketAddr),
    /// `unix:PATH`.
    Unix(PathBuf),
}

impl FromStr for Address {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.strip_prefix(UNIX) {
            Some("") => Err("a path must follow unix:"),
            Some(_) if !cfg!(unix) => Err("this system has no Unix sockets"),
            Some(path) => Ok(Self::Unix(path.into())),
            None => text
                .parse()
                .map(Self::Tcp)
                .map_err(|_| "expected ADDR:PORT or unix:PATH"),
        }
    }
}

impl TryFrom<String> for Address {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "{UNIX}{}", path.display()),
        }
    }
}

/// Something that connections come in through.
#[derive(Debug)]
pub enum Listener {
    /// A TCP port.
    Tcp(TcpListener),
    /// A Unix socket, whose file goes with it.
    #[cfg(unix)]
    Unix(UnixListener, SocketFile),
}

/// A Unix socket's place in the file system, which is cleared when this is dropped.
#[cfg(unix)]
#[derive(Debug)]
pub struct SocketFile(PathBuf);

#[cfg(unix)]
impl Drop for SocketFile {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).ok();
    }
}

impl From<TcpListener> for Listener {
    fn from(listener: TcpListener) -> Self {
        Self::Tcp(listener)
    }
}

impl Listener {
    /// Begins to listen. The file of a Unix socket that nobody listens on any more is replaced.
    ///
    /// # Errors
    /// Where the address is taken or not ours.
    pub fn bind(address: &Address) -> io::Result<Self> {
        match address {
            Address::Tcp(address) => TcpListener::bind(address).map(Self::Tcp),
            #[cfg(unix)]
            Address::Unix(path) => {
                let is_socket = |path| {
                    std::fs::symlink_metadata(path).is_ok_and(|file| file.file_type().is_socket())
                };
                let abandoned = || {
                    UnixStream::connect(path)
                        .is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
                };
                if is_socket(path) && abandoned() {
                    std::fs::remove_file(path)?;
                }
                let listener = UnixListener::bind(path)?;
                let file = SocketFile(path.clone());
                std::fs::set_permissions(path, std::fs::Permissions::from_mode(MODE))?;
                Ok(Self::Unix(listener, file))
            }
            #[cfg(not(unix))]
            Address::Unix(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// Where this listens, with the port that the system chose if that was left to it.
    ///
    /// # Errors
    /// Where the system does not say.
    pub fn address(&self) -> io::Result<Address> {
        match self {
            Self::Tcp(listener) => listener.local_addr().map(Address::Tcp),
            #[cfg(unix)]
            Self::Unix(_, SocketFile(path)) => Ok(Address::Unix(path.clone())),
        }
    }
}

/// A connection of either kind.
#[derive(Debug)]
pub(crate) enum Stream {
    Tcp(net::TcpStream),
    #[cfg(unix)]
    Unix(net::UnixStream),
}

impl From<net::TcpStream> for Stream {
    fn from(stream: net::TcpStream) -> Self {
        // Records are already gathered, so waiting for more would only add delay. An error here means that the peer has
        // gone, which the first read will tell.
        stream.set_nodelay(true).ok();
        Self::Tcp(stream)
    }
}

#[cfg(unix)]
impl From<net::UnixStream> for Stream {
    fn from(stream: net::UnixStream) -> Self {
        Self::Unix(stream)
    }
}

macro_rules! either {
    ($self:expr, $stream:ident => $call:expr) => {
        match $self.get_mut() {
            Stream::Tcp($stream) => $call,
            #[cfg(unix)]
            Stream::Unix($stream) => $call,
        }
    };
}

macro_rules! whichever {
    ($self:expr, $stream:ident => $call:expr) => {
        match $self {
            Stream::Tcp($stream) => $call,
            #[cfg(unix)]
            Stream::Unix($stream) => $call,
        }
    };
}

/// What several holders of one connection may do to it.
impl Stream {
    /// Reads what has arrived, without waiting. A buffer that is not filled means that there is no more for now, so
    /// nobody asks the system a second time before it says that more has come.
    #[cfg(target_os = "linux")]
    pub(crate) fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        whichever!(self, stream => {
            let mut read = 0;
            let asked = stream.try_io(Interest::READABLE, || {
                read = (&*SockRef::from(stream)).read(buffer)?;
                match read {
                    // What makes the event loop wait for news of this socket.
                    1.. if read < buffer.len() => Err(io::ErrorKind::WouldBlock.into()),
                    _ => Ok(()),
                }
            });
            match asked {
                Err(error) if read == 0 => Err(error),
                _ => Ok(read),
            }
        })
    }

    /// Reads what has arrived, without waiting.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        whichever!(self, stream => stream.try_read(buffer))
    }

    /// Writes what there is room for, without waiting.
    pub(crate) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        whichever!(self, stream => stream.try_write(bytes))
    }

    /// As [`try_write`](Self::try_write), for a socket that had room the last time: the event loop is not asked what it
    /// knows of this one, which of a thousand sockets lies in no cache. Where there is no room, `try_write` comes next,
    /// and tells it.
    #[cfg(target_os = "linux")]
    pub(crate) fn write_unasked(&self, bytes: &[u8]) -> io::Result<usize> {
        whichever!(self, stream => SockRef::from(stream).send(bytes))
    }

    /// As [`try_write`](Self::try_write).
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn write_unasked(&self, bytes: &[u8]) -> io::Result<usize> {
        self.try_write(bytes)
    }

    /// Ready when there may be something to read. Wakes the last task that asked.
    pub(crate) fn poll_read_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        whichever!(self, stream => stream.poll_read_ready(context))
    }

    /// Ready when there may be room to write. Wakes the last task that asked.
    pub(crate) fn poll_write_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        whichever!(self, stream => stream.poll_write_ready(context))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        either!(self, stream => Pin::new(stream).poll_read(context, buffer))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        either!(self, stream => Pin::new(stream).poll_write(context, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        either!(self, stream => Pin::new(stream).poll_write_vectored(context, slices))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, stream => Pin::new(stream).poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, stream => Pin::new(stream).poll_shutdown(context))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_port_or_a_socket_file() {
        for text in ["127.0.0.1:8080", "[::1]:0", "unix:/run/roomkey.sock"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
        for text in ["", "8080", "localhost", "unix:", "127.0.0.1"] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_socket_file_that_nobody_listens_on_is_replaced_and_another_file_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let address = Address::Unix(folder.path().join("socket"));
        let Address::Unix(path) = &address else {
            unreachable!()
        };
        drop(UnixListener::bind(path).unwrap());
        assert!(path.exists(), "left behind");
        let listener = Listener::bind(&address).unwrap();
        assert_eq!(listener.address().unwrap(), address);
        let mode = std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, MODE);
        assert!(Listener::bind(&address).is_err(), "somebody listens");
        drop(listener);
        assert!(!path.exists());
        std::fs::write(path, "precious").unwrap();
        assert!(Listener::bind(&address).is_err());
        assert_eq!(std::fs::read_to_string(path).unwrap(), "precious");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_was_read_to_the_end_is_not_asked_again_and_misses_nothing() {
        use futures_util::FutureExt as _;
        use std::future::poll_fn;
        let (near, far) = net::UnixStream::pair().unwrap();
        let near = Stream::from(near);
        let readable = || poll_fn(|context| near.poll_read_ready(context));
        let mut desk = [0; 4];
        for sent in [&b"abc"[..], b"abcdefgh", b"z"] {
            far.try_write(sent).unwrap();
            let mut read = Vec::new();
            while read.len() < sent.len() {
                readable().await.unwrap();
                // A buffer that is just full leaves open whether there is more.
                if let Ok(length) = near.try_read(&mut desk) {
                    read.extend_from_slice(&desk[..length]);
                }
            }
            assert_eq!(read, sent);
        }
        assert!(readable().now_or_never().is_none(), "nothing is there");
        far.try_write(b"end").unwrap();
        drop(far);
        readable().await.unwrap();
        assert_eq!(near.try_read(&mut desk).unwrap(), 3);
        readable().await.unwrap();
        assert_eq!(near.try_read(&mut desk).unwrap(), 0);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn who_writes_unasked_into_a_full_socket_is_told_when_there_is_room() {
        use futures_util::FutureExt as _;
        use std::future::poll_fn;
        let (near, far) = net::UnixStream::pair().unwrap();
        let (near, far) = (Stream::from(near), Stream::from(far));
        let writable = || poll_fn(|context| near.poll_write_ready(context));
        writable().await.unwrap();
        let piece = [7; 4096];
        while near.write_unasked(&piece).is_ok() {}
        assert!(near.try_write(&piece).is_err());
        assert!(writable().now_or_never().is_none(), "there is no room");
        let mut desk = vec![0; 64 * 1024];
        poll_fn(|context| far.poll_read_ready(context))
            .await
            .unwrap();
        while far.try_read(&mut desk).is_ok() {}
        writable().await.unwrap();
        near.write_unasked(&piece).unwrap();
    }
}
