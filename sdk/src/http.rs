//! The few plain requests that a member makes: the relay's facts, and the files that `roomkey verify` compares.

use std::time::Duration;

use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderMap};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use crate::{Error, Relay};

const PATIENCE: Duration = Duration::from_secs(60);

/// An answer to a request.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Relay {
    /// Asks for `path`, which starts with a slash. A body of more than `limit` bytes is an error.
    ///
    /// # Errors
    /// As for every connection, and [`Error::NotARelay`] where the answer is not HTTP or is too long.
    pub async fn get(&self, path: &str, limit: usize) -> Result<Page, Error> {
        timeout(PATIENCE, self.get_now(path, limit))
            .await
            .unwrap_or_else(|_| Err(self.unreachable("it did not answer in time")))
    }

    async fn get_now(&self, path: &str, limit: usize) -> Result<Page, Error> {
        let stream = self.dial().await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| self.strange(error))?;
        let request = Request::get(path)
            .header(HOST, self.authority())
            .body(Empty::<Bytes>::new())
            .map_err(|error| self.strange(error))?;
        let answer = async {
            let response = sender
                .send_request(request)
                .await
                .map_err(|error| self.strange(error))?;
            let (head, body) = response.into_parts();
            let body = Limited::new(body, limit)
                .collect()
                .await
                .map_err(|error| self.strange(error))?;
            Ok(Page {
                status: head.status,
                headers: head.headers,
                body: body.to_bytes(),
            })
        };
        tokio::pin!(answer);
        tokio::select! {
            answer = &mut answer => answer,
            // The connection may end first, with the answer complete.
            _ = connection => answer.await,
        }
    }

    pub(crate) fn strange(&self, cause: impl ToString) -> Error {
        Error::NotARelay {
            host: self.authority(),
            cause: cause.to_string(),
        }
    }
}
