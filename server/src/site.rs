//! What all requests share.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::HeaderMap;
use actix_web::http::{StatusCode, header};
use tokio::sync::watch;

use crate::Config;
use crate::assets::Assets;
use crate::clock::Clock;
use crate::headers::{Seen, harden};
use crate::identity::Identity;
use crate::limit::{Gate, Limits};
use crate::metrics::{Metrics, render_gauge};
use crate::origin::{self, Origins};
use crate::relay::Relay;
use crate::ticket::Tickets;
use crate::tls::Tls;

/// See the module's description.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) relay: Relay,
    pub(crate) identity: Arc<Identity>,
    pub(crate) tickets: Tickets,
    pub(crate) gate: Gate,
    pub(crate) limits: Limits,
    pub(crate) clock: Clock,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) assets: Assets,
    origins: Origins,
    seen: Seen,
    closing: watch::Sender<bool>,
}

impl Site {
    pub(crate) fn new(config: Config, tls: Option<&Tls>) -> Self {
        let metrics = Arc::new(Metrics::default());
        let public = config.public_url.as_deref().and_then(origin::of_url);
        let onion = config.onion_url.as_deref().and_then(origin::of_url);
        let seen = Seen {
            // Browsers that insist on TLS let nobody past a certificate that they do not know.
            https: public
                .as_deref()
                .is_some_and(|origin| origin.starts_with("https:"))
                && !tls.is_some_and(Tls::is_self_signed),
            onion: onion.as_deref().and_then(|onion| onion.parse().ok()),
        };
        let origins = Origins {
            tls: tls.is_some(),
            named: [public, onion].into_iter().flatten().collect(),
        };
        Self {
            relay: Relay::new(
                config.limits.clone(),
                config.clock.clone(),
                Arc::clone(&metrics),
            ),
            identity: config.identity,
            tickets: Tickets::new(),
            gate: Gate::new(&config.limits, config.clock.now()),
            limits: config.limits,
            clock: config.clock,
            metrics,
            assets: Assets::embedded(),
            origins,
            seen,
            closing: watch::Sender::new(false),
        }
    }

    /// Where pages may come from.
    pub(crate) fn origins(&self) -> &Origins {
        &self.origins
    }

    /// The answer to a request for a name that this relay is not known by.
    pub(crate) fn misdirected(&self, headers: &HeaderMap) -> Option<HttpResponse> {
        let host = headers.get(header::HOST);
        let known = self
            .origins
            .allow_host(host.map(|host| host.to_str().unwrap_or("")));
        let line = "To reach this relay by a name, start it with --public-url and that address.\n";
        (!known).then(|| self.plain(StatusCode::MISDIRECTED_REQUEST, line))
    }

    /// Tells every socket to say goodbye.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Turns true when the relay shuts down.
    pub(crate) fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    pub(crate) fn is_closing(&self) -> bool {
        *self.closing.borrow()
    }

    /// The counters and gauges as one page.
    pub(crate) fn render_metrics(&self) -> String {
        let mut text = self.metrics.render();
        render_gauge(
            &mut text,
            "open_connections",
            "Connections now",
            self.gate.connected(),
        );
        let relay = &self.relay;
        for (name, help, value) in [
            ("open_rooms", "Rooms now", relay.rooms()),
            (
                "open_seats",
                "Seats now, with those that wait for their holder",
                relay.seats(),
            ),
            (
                "tombstones",
                "Addresses of rooms that are over and still answer so",
                relay.tombstones(),
            ),
            (
                "kept_bytes",
                "Bytes of envelopes that rooms keep now",
                relay.kept_bytes(),
            ),
            (
                "waiting_bytes",
                "Bytes that wait for members to read them now",
                relay.waiting_bytes(),
            ),
            (
                "file_bytes",
                "Bytes of files that wait for their receivers now",
                relay.file_bytes(),
            ),
        ] {
            render_gauge(&mut text, name, help, value);
        }
        text
    }

    /// An answer with the headers that every answer carries.
    pub(crate) fn respond(
        &self,
        status: StatusCode,
        content_type: &'static str,
        cache: &'static str,
        content: impl Into<bytes::Bytes>,
    ) -> HttpResponse {
        let mut response = HttpResponse::build(status)
            .insert_header((header::CONTENT_TYPE, content_type))
            .insert_header((header::CACHE_CONTROL, cache))
            .body(content.into());
        harden(response.headers_mut(), &self.seen);
        response
    }

    /// A line of text that nobody may keep.
    pub(crate) fn plain(&self, status: StatusCode, line: &'static str) -> HttpResponse {
        self.respond(status, "text/plain; charset=utf-8", "no-store", line)
    }
}
