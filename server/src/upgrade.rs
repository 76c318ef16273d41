//! From a request for `/ws` to a socket of our own. HTTP's machinery reads the request; when it is in order, the socket
//! is taken out of it, because HTTP would hold buffers for as long as the connection lasts and copy what is ready to be
//! written.

use std::sync::Arc;

use actix_http::body::{BodySize, to_bytes};
use actix_http::h1::{Codec, Message};
use actix_http::{ConnectionType, Request, Response, ws};
use actix_web::body::BoxBody;
use actix_web::http::header::HeaderMap;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use crypto::wire::SUBPROTOCOL;
use futures_util::SinkExt;

use crate::listen::Stream;
use crate::site::Site;
use crate::socket;

/// A connection with what HTTP has read and not understood yet.
pub(crate) type Framed = actix_codec::Framed<Stream, Codec>;

/// Answers a request for `/ws` that does not ask for a WebSocket.
pub(crate) async fn refuse(request: HttpRequest, site: web::Data<Site>) -> HttpResponse {
    obstacle(request.headers(), &site).unwrap_or_else(|| {
        site.plain(
            StatusCode::BAD_REQUEST,
            "This is not a WebSocket request.\n",
        )
    })
}

/// Deals with a connection whose client asked for a WebSocket, until its end.
pub(crate) async fn serve(
    site: Arc<Site>,
    entrance: Option<&str>,
    request: Request,
    framed: Framed,
) {
    let headers = &request.head().headers;
    let refused = if Some(request.path()) == entrance {
        obstacle(headers, &site)
    } else {
        let line = "There is no WebSocket here.\n";
        let here = || site.plain(StatusCode::NOT_FOUND, line);
        Some(site.misdirected(headers).unwrap_or_else(here))
    };
    if let Some(refused) = refused {
        return answer(framed, refused).await;
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY);
    let (Ok(()), Some(key)) = (ws::verify_handshake(request.head()), key) else {
        let line = "This is not a WebSocket request.\n";
        return answer(framed, site.plain(StatusCode::BAD_REQUEST, line)).await;
    };
    let accept = ws::hash_key(key.as_bytes());
    let mut head = Vec::with_capacity(192);
    for part in [
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ",
        &accept[..],
        b"\r\nSec-WebSocket-Protocol: ",
        SUBPROTOCOL.as_bytes(),
        b"\r\n\r\n",
    ] {
        head.extend_from_slice(part);
    }
    // Neither the request nor HTTP's buffers are of any use any more, and the connection may last for days.
    drop(request);
    let (socket, early) = {
        let parts = framed.into_parts();
        (parts.io, parts.read_buf.to_vec())
    };
    socket::run(site, socket, head, early).await;
}

/// Why this request gets no WebSocket, as far as its headers say.
fn obstacle(headers: &HeaderMap, site: &Site) -> Option<HttpResponse> {
    if let Some(refused) = site.misdirected(headers) {
        return Some(refused);
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let origin = text(header::ORIGIN);
    let readable = origin.is_some() == headers.contains_key(header::ORIGIN);
    if !readable || !site.origins().allow(origin, text(header::HOST)) {
        return Some(site.plain(
            StatusCode::FORBIDDEN,
            "This page does not belong to this relay.\n",
        ));
    }
    if !offers_subprotocol(headers) {
        let mut response = site.plain(
            StatusCode::UPGRADE_REQUIRED,
            "This relay speaks WebSocket with the subprotocol roomkey.1.\n",
        );
        response.headers_mut().insert(
            header::UPGRADE,
            header::HeaderValue::from_static("websocket"),
        );
        return Some(response);
    }
    None
}

fn offers_subprotocol(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|offer| offer.trim() == SUBPROTOCOL)
}

/// Writes a response the way HTTP would have, and hangs up.
async fn answer(mut framed: Framed, response: HttpResponse) {
    let (mut head, body) = Response::<BoxBody>::from(response).into_parts();
    let Ok(body) = to_bytes(body).await else {
        return;
    };
    head.head_mut().set_connection_type(ConnectionType::Close);
    let size = BodySize::Sized(body.len() as u64);
    let messages = [
        Message::Item((head, size)),
        Message::Chunk(Some(body)),
        Message::Chunk(None),
    ];
    for message in messages {
        // Whoever hung up does not want to know.
        if framed.send(message).await.is_err() {
            return;
        }
    }
    SinkExt::<Message<(Response<()>, BodySize)>>::close(&mut framed)
        .await
        .ok();
}
