//! Plain counters about the relay as a whole. None has a label, so none can tell one room or member from another.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counters {
    ($($(#[$doc:meta])* $field:ident: $help:literal),+ $(,)?) => {
        /// What has happened since the start.
        #[derive(Debug, Default)]
        pub(crate) struct Metrics {
            $($(#[$doc])* pub(crate) $field: Counter,)+
        }

        impl Metrics {
            /// The counters in Prometheus' text format.
            pub(crate) fn render(&self) -> String {
                let mut text = String::new();
                $(render_counter(&mut text, stringify!($field), $help, self.$field.read());)+
                text
            }
        }
    };
}

counters! {
    /// WebSocket connections that began.
    connections: "WebSocket connections accepted",
    /// Connections turned away because of a cap.
    busy: "Connections turned away because of a cap",
    /// Tunnels set up with an RSA operation.
    tunnels_full: "Tunnels set up with a full handshake",
    /// Tunnels set up with a ticket.
    tunnels_resumed: "Tunnels set up with a ticket",
    /// Handshakes that did not succeed.
    handshakes_failed: "Handshakes that failed",
    /// Joins that opened a room.
    rooms_opened: "Rooms opened",
    /// Joins that took a new seat.
    seats_taken: "Seats taken",
    /// Joins that took an old seat back.
    seats_resumed: "Seats resumed",
    /// Envelopes given a place in a room's order.
    published: "Envelopes accepted",
    /// Copies of envelopes put into mailboxes.
    deliveries: "Envelopes put into mailboxes",
    /// Pieces of files that were left.
    pieces_in: "Pieces of files left by their senders",
    /// Pieces of files that were handed out.
    pieces_out: "Pieces of files handed to receivers",
    /// Tunnel records written.
    records_out: "Tunnel records sent",
    /// Tunnel records read.
    records_in: "Tunnel records received",
    /// Orders about a room that took effect.
    orders: "Orders about a room that took effect",
    /// Rooms purged.
    purges: "Rooms purged",
    /// Frames answered with a refusal.
    refusals: "Frames refused",
    /// Times that old envelopes were dropped everywhere to save memory.
    reliefs: "Times that the oldest envelopes were dropped to save memory",
    /// Empty rooms that gave way to new ones.
    cleared: "Empty rooms that gave way to new ones",
    /// Members cut off because they read too slowly.
    slow: "Members cut off because they read too slowly",
}

/// A number that only grows.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, amount: u64) {
        self.0.fetch_add(amount, Ordering::Relaxed);
    }

    pub(crate) fn one(&self) {
        self.add(1);
    }

    fn read(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Appends a gauge, a value that goes up and down, to a rendered page.
pub(crate) fn render_gauge(text: &mut String, name: &str, help: &str, value: usize) {
    // Writing into a string cannot fail.
    write!(
        text,
        "# HELP roomkey_{name} {help}\n# TYPE roomkey_{name} gauge\nroomkey_{name} {value}\n"
    )
    .ok();
}

fn render_counter(text: &mut String, name: &str, help: &str, value: u64) {
    write!(
        text,
        "# HELP roomkey_{name}_total {help}\n# TYPE roomkey_{name}_total counter\nroomkey_{name}_total {value}\n"
    )
    .ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_rendered_without_labels() {
        let metrics = Metrics::default();
        metrics.published.add(3);
        let text = metrics.render();
        assert!(text.contains("\nroomkey_published_total 3\n"));
        assert!(!text.contains('{'));
    }
}
