//! The WebSocket to a relay.

use crypto::wire::{MAX_RECORD, SUBPROTOCOL};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderValue, header};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::dial::Stream;
use crate::{Error, Relay};

pub(crate) type Socket = WebSocketStream<Box<dyn Stream>>;

/// What the tunnel adds to a record's plaintext, generously.
const SEAL: usize = 1024;

impl Relay {
    pub(crate) async fn socket(&self) -> Result<Socket, Error> {
        let stream = self.dial().await?;
        // TLS is the stream's business already.
        let mut request = format!("ws://{}/ws", self.authority())
            .into_client_request()
            .map_err(|error| self.strange(error))?;
        request.headers_mut().insert(
            header::SEC_WEBSOCKET_PROTOCOL,
            HeaderValue::from_static(SUBPROTOCOL),
        );
        let config = WebSocketConfig::default()
            .max_message_size(Some(MAX_RECORD + SEAL))
            .max_frame_size(Some(MAX_RECORD + SEAL));
        let (socket, _) = client_async_with_config(request, stream, Some(config))
            .await
            .map_err(|error| self.strange(error))?;
        Ok(socket)
    }
}
